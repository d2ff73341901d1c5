"""Figures for Prometheus at /metrics, for who knows METRICS_TOKEN: requests, and how the stages stand.

Each web process counts in a file of its own under TENSIONLINE_HOME/metrics; whichever is asked adds them up.
How the stages stand is read from the database, the same for every host.
"""

import hmac
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apps.core import pipeline
from apps.core.observe import counts

SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_KEPT: Final = 5  # seconds
_requests = Histogram(
    "tensionline_request_seconds",
    "Time of requests by the name of their address.",
    ["method", "route", "status"],
    buckets=SECONDS,
    registry=None,
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer, where anybody may ask for the counts."""
    if settings.METRICS_TOKEN:
        known = method if method in _METHODS else "other"
        _requests.labels(known, route, f"{status // 100}xx").observe(seconds)


@require_safe
@login_not_required  # the token is asked for
def page(request: HttpRequest) -> HttpResponse:
    """Tell the figures; 404 where no token is set, 403 without it."""
    if not settings.METRICS_TOKEN:
        raise Http404("No METRICS_TOKEN is set.")
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse("This needs METRICS_TOKEN as a bearer token.\n", status=403,
                            content_type="text/plain")  # fmt: skip
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(counts.folder()))  # type: ignore[no-untyped-call]
    registry.register(_Stages())
    answer = HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    answer["Cache-Control"] = "no-store"
    return answer


class _Stages(Collector):
    """How the stages stand: the figures of the Pipeline page."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield rows by stage and status, the age of the oldest that waits, and what was done lately."""
        rows = GaugeMetricFamily(
            "tensionline_stage_rows", "Rows of a stage by status.", labels=["stage", "status"]
        )
        oldest = GaugeMetricFamily(
            "tensionline_stage_oldest_waiting_seconds", "How long one waits.", labels=["stage"]
        )
        hour = GaugeMetricFamily(
            "tensionline_stage_done_last_hour", "Rows that were done.", labels=["stage"]
        )
        for stage in _told():
            for status, number in stage["rows"].items():
                rows.add_metric([stage["key"], status], number)
            oldest.add_metric([stage["key"]], stage["oldest"])
            hour.add_metric([stage["key"]], stage["hour"])
        yield from (rows, oldest, hour)


def _told() -> list[dict[str, Any]]:
    """Return the stages' figures, read anew after _KEPT seconds."""
    kept: list[dict[str, Any]] | None = cache.get("metrics.stages")
    if kept is None:
        now = timezone.now()
        kept = [_figures(stage, now) for stage in pipeline.stages(now)]
        cache.set("metrics.stages", kept, _KEPT)
    return kept


def _figures(stage: pipeline.Stage, now: Any) -> dict[str, Any]:
    rows = {
        name: found.number
        for name in ("waiting", "running", "failed", "quarantined", "planned")
        if (found := getattr(stage, name)) is not None
    }
    waits = max((now - stage.oldest).total_seconds(), 0.0) if stage.oldest else 0.0
    return {"key": stage.key, "rows": rows, "oldest": waits, "hour": stage.hour.number}
