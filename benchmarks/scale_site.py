"""The dossier with generated signals behind it, step by step to ten million, and what bringing them took."""

import gzip
import re
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db.models import Q, Sum
from django.http import QueryDict

from apps.actors.models import Actor
from apps.signals import importing
from apps.signals.models import Signal, SignalSource
from apps.timelines import asof, rollups, signal_counts
from apps.timelines.kinship import Parts
from apps.timelines.models import Dyad, SignalCount, Timeline
from apps.timelines.queries.selection import Selection, select
from apps.timelines.queries.signal_layer import SIGNALS
from apps.timelines.signal_models import Dim, Grain
from benchmarks import scale_rows
from benchmarks.scale_questions import SLUG

_CHART = re.compile(rb'(<svg class="still".*?id="figure-data".*?)</script>', re.DOTALL)
# As dense as a million in twelve years: files of sources have days one after the other.
_PIECE, _DAYS, _ROUNDS = 10_000, 44, 5


class Site:
    """The dossier us-iran-2020, its days widened to those of the signals."""

    def __init__(self) -> None:
        """Load the dossier."""
        call_command("load_dossier", SLUG, verbosity=0)
        days = {"start": scale_rows.FIRST, "end": scale_rows.LAST}
        Timeline.objects.filter(slug=SLUG).update(**days)
        self.timeline = Timeline.objects.get(slug=SLUG)
        self.source = SignalSource.objects.create(slug="gdelt", name="GDELT 2.0", kind="gdelt")
        rollups.refresh()

    def bring(self, count: int, seed: int, days: int = scale_rows.DAYS) -> float:
        """Import a file of so many lines over so many days; return lines a second."""
        with tempfile.TemporaryDirectory() as folder:
            file = scale_rows.write(Path(folder) / "export.csv", count, seed, days)
            before = time.perf_counter()
            with file.open("rb") as stream:
                found = importing.take(self.source, file.name, stream, lambda _: None)
        took = time.perf_counter() - before
        if found.refused or found.new + found.unclassed != count:
            raise SystemExit(f"Only {found.new} of {count} lines were taken in: {found.faults[:3]}")
        return count / took

    def multiply(self, times: int) -> float:
        """Make so many times the signals and count them anew; return seconds of the count."""
        scale_rows.multiply(times)
        before = time.perf_counter()
        signal_counts.recount(self.timeline)
        return time.perf_counter() - before

    def counting_cost(self, settings: Any) -> float:
        """Return what counting adds to the time of importing 10,000 lines, as a part of it."""
        usual, with_counts, without = settings.SIGNALS_COUNTED_BY, [], []
        for n in range(_ROUNDS):
            with_counts.append(_PIECE / self.bring(_PIECE, 100 + n, _DAYS))
            settings.SIGNALS_COUNTED_BY = "benchmarks.scale_site.uncounted"
            without.append(_PIECE / self.bring(_PIECE, 200 + n, _DAYS))
            settings.SIGNALS_COUNTED_BY = usual
        signal_counts.recount(self.timeline)
        return median(with_counts) / median(without) - 1

    @property
    def chosen(self) -> Selection:
        """All of the timeline."""
        whole = {"from": str(scale_rows.FIRST), "to": str(scale_rows.LAST)}
        return select(self.timeline, asked(whole), asof.NOW)

    def actors(self) -> tuple[str, str]:
        """Return the actors with the fewest and the most signals, by slug."""
        counts = SignalCount.objects.filter(
            timeline=self.timeline, dim=Dim.ACTOR, grain=Grain.MONTH
        )
        ranked = counts.values("value").annotate(all=Sum("count")).order_by("all", "value")
        pks = [row["value"] for row in ranked]
        slugs = dict(Actor.objects.filter(pk__in=pks).values_list("pk", "slug"))
        return slugs[pks[0]], slugs[pks[-1]]

    def lane(self) -> str:
        """Return the busiest dyad by slug."""
        counts = SignalCount.objects.filter(timeline=self.timeline, dim=Dim.LANE, value__gt=0)
        first = counts.values("value").annotate(all=Sum("count")).order_by("-all")[0]
        return Dyad.objects.get(pk=first["value"]).slug

    def conditions(self) -> dict[str, Q]:
        """Return the conditions of the rare and the frequent actor with who acts for them."""
        chosen, found = self.chosen, {}
        for name, slug in zip(("rare", "frequent"), self.actors(), strict=True):
            parts: Parts = chosen.scope.kinship.with_parts([chosen.actor_ids[slug]])
            found[name] = SIGNALS.acting(chosen.scope, parts)
        return found


def uncounted(source: int, change: object) -> None:
    """Count nothing: what an import takes by itself."""


def asked(values: dict[str, str]) -> Any:
    """Return a query as an address brings it."""
    found = QueryDict(mutable=True)
    found.update(values)
    return found


def chart_kilobytes(base: str) -> float:
    """Return the chart data of the timeline's page over all days, in kB of gzip; the larger of two views."""
    views = ("", f"?from={scale_rows.FIRST}&to={scale_rows.LAST}")
    sizes = []
    for view in views:
        page = urllib.request.urlopen(f"{base}/timelines/{SLUG}/{view}", timeout=120).read()  # noqa: S310
        found = _CHART.search(page)
        if found is None:
            raise SystemExit("The timeline's page has no chart.")
        sizes.append(len(gzip.compress(found[1])) / 1000)
    return round(max(sizes), 1)


def stored() -> int:
    """Return how many signals there are."""
    return Signal.objects.count()
