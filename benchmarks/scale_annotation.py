"""Annotation with one and with two worker processes."""

import time

from benchmarks.intake_run import Installation, installation
from benchmarks.intake_texts import records
from benchmarks.measure import Measure

_ARTICLES, _ROUNDS, _SEED = 400, 3, 9


def measures() -> list[Measure]:
    """Return how much faster two processes annotate than one; the medians of three runs each, in turn."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(_ROUNDS):
        for processes, found in rates.items():
            with installation() as running:
                found.append(_annotated(running, processes))
    one, two = (sorted(found)[_ROUNDS // 2] for found in rates.values())
    told = f"{one:.1f} articles a second by one, {two:.1f} by two"
    return [
        Measure(
            "annotation by 2 worker processes : 1",
            "times",
            1.8,
            round(two / one, 2),
            "higher",
            told,
        )
    ]


def _annotated(running: Installation, processes: int) -> float:
    """Take articles in, have them annotated by so many processes; return articles a second."""
    from django.db.models import Max, Min

    from apps.annotations.models import Annotation
    from apps.articles.models import ArticleVersion, IntakeItem

    file = running.folder / "articles.jsonl"
    file.write_text("".join(record.line for record in records(_ARTICLES, _SEED)))
    running.ingest(str(file))
    running.start_worker(processes)
    while (
        IntakeItem.objects.filter(status__in=["waiting", "running"]).exists()
        or Annotation.objects.filter(status="done").count() < ArticleVersion.objects.count()
    ):
        time.sleep(0.2)
    done = Annotation.objects.filter(status="done")
    times = done.aggregate(first=Min("finished_at"), last=Max("finished_at"))
    return (done.count() - 1) / (times["last"] - times["first"]).total_seconds()
