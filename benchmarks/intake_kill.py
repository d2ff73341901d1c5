"""kill -9 of the whole worker pool, again and again, while it takes in a file of records."""

import hashlib
import random
import time
from collections import Counter
from collections.abc import Iterable

from benchmarks.intake_run import Installation, installation
from benchmarks.intake_texts import Record, records
from benchmarks.measure import Measure

_RECORDS = 2_000
_KILLS = 20
_SEED = 6
_VERSIONS = _RECORDS // 20  # texts that are a later version of another
_PATIENCE = 600.0  # seconds for the whole run
# A killed worker's rows come back after the lease: short here, so that the run does not wait for them.
_ENVIRONMENT = {"STAGE_LEASE_SECONDS": "10", "STAGE_SWEEP_SECONDS": "2"}

Version = tuple[str, str]  # address, SHA-256 of the text


def measures() -> list[Measure]:
    """Return what a run with kills lost and doubled."""
    brought = list(records(_RECORDS, _SEED))
    with installation(**_ENVIRONMENT) as running:
        killed = _run(running, brought)
        lost, doubled = judged(brought, _stored(), _done())
        told = len({record.text for record in brought}) - _VERSIONS
        astray = abs(_stories() - told)
    name = f"of {_RECORDS:,} articles, {killed} times kill -9 of the worker pool"
    return [
        Measure(f"lost {name}", "articles", 0, lost, "lower"),
        Measure(f"doubled {name}", "articles", 0, doubled, "lower"),
        Measure(
            f"stories more or fewer than its {told:,}, copies counted once",
            "stories",
            0,
            astray,
            "lower",
        ),
        Measure("kills that hit a worker at work", "kills", _KILLS, killed, "higher"),
    ]


def judged(
    brought: Iterable[Record], stored: Iterable[Version], done: Iterable[str]
) -> tuple[int, int]:
    """Return how many records are lost and how many are there twice.

    `stored` are all versions, `done` the labels of the items that ended: each record makes one of either.
    """
    wanted = {(record.url, sha(record.text)) for record in brought}
    counts, ended = Counter(stored), Counter(done)
    lost = sum(version not in counts for version in wanted) + max(len(wanted) - len(ended), 0)
    doubled = sum(counts.values()) - len(counts) + sum(ended.values()) - len(ended)
    return lost, doubled + len(counts.keys() - wanted)


def sha(text: str) -> str:
    """As versions are known."""
    return hashlib.sha256(text.encode()).hexdigest()


def _run(running: Installation, brought: list[Record]) -> int:
    """Take the records in with kills at random counts of done items; return how many kills there were."""
    file = running.folder / "articles.jsonl"
    file.write_text("".join(record.line for record in brought))
    running.ingest(str(file))
    running.start_beat()
    moments = sorted(random.Random(_SEED).sample(range(20, _RECORDS - 60), _KILLS))  # noqa: S311
    until = time.monotonic() + _PATIENCE
    killed = 0
    running.start_worker(2)
    while (counts := _counts()).total() - counts["done"] - counts["quarantined"]:
        done = counts["done"]
        if time.monotonic() > until:
            raise RuntimeError(f"Only {done} of {_RECORDS} were done within {_PATIENCE:g} seconds.")
        if killed < len(moments) and done >= moments[killed] and counts["running"]:
            running.kill_worker()
            killed += 1
            running.start_worker(2)
        time.sleep(0.02)
    return killed


def _counts() -> Counter[str]:
    from django.db.models import Count

    from apps.articles.models import IntakeItem

    rows = IntakeItem.objects.order_by().values_list("status").annotate(Count("pk"))
    return Counter(dict(rows))


def _stories() -> int:
    from apps.articles.models import Story

    return Story.objects.filter(articles__isnull=False).distinct().count()


def _done() -> list[str]:
    from apps.articles.models import IntakeItem

    return list(IntakeItem.objects.filter(status="done").values_list("label", flat=True))


def _stored() -> list[Version]:
    from apps.articles.models import ArticleVersion

    return list(ArticleVersion.objects.values_list("article__url", "sha256"))
