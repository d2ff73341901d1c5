"""Versions and the Pipeline page: figures beside a million rows that are done, and comparing two texts."""

import statistics
import time
from collections.abc import Callable
from difflib import SequenceMatcher

from benchmarks import scratch
from benchmarks.measure import Measure

_FEW, _MANY = 10_000, 1_000_000
_ROUNDS = 15
_FILL = """
INSERT INTO articles_intakeitem (batch_id, label, url, content_type, title, published_precision, source_name,
project_written, outcome, told, key, status, attempts, error, next_try_at, finished_at)
SELECT %s, 'x', '', '', '', '', '', false, 'new', '{}', '', 'done', 1, '', at, at FROM
(SELECT now() - n * interval '1 second' AS at FROM generate_series(1, %s) n) rows
"""


def measures() -> list[Measure]:
    """Return the times of the Pipeline page's queries, their growth, and of a comparison beside difflib."""
    with scratch.product():
        few, many = _pipeline(_FEW), _pipeline(_MANY - _FEW)
    ours, peer = _comparison()
    return [
        Measure(
            f"the Pipeline page's figures beside {_MANY:,} done rows (median of {_ROUNDS})",
            "ms", 50, round(many * 1000, 1), "lower", f"{few * 1000:.1f} ms beside {_FEW:,}",
        ),
        Measure(
            "an article of 1,500 words against its new version, times difflib on words",
            "times", 1, round(ours / peer, 3), "lower", f"{ours * 1000:.1f} ms ours",
        ),
    ]  # fmt: skip


def _pipeline(more: int) -> float:
    """Add `more` done rows, and return the seconds that the page's questions take."""
    from django.db import connection
    from django.utils import timezone

    from apps.articles.models import IntakeBatch
    from apps.core import pipeline

    batch = IntakeBatch.objects.create(label="many")
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [batch.pk, more])
        cursor.execute("VACUUM ANALYZE articles_intakeitem")
    return _median(lambda: pipeline.stages(timezone.now()))


def _comparison() -> tuple[float, float]:
    """Compare a text of paragraphs with one of which every tenth sentence reads otherwise."""
    from apps.core.word_changes import compare

    paragraphs = [
        " ".join(f"Sentence {n} of part {part} tells of place {n * part % 13}." for n in range(6))
        for part in range(30)
    ]
    old = "\n".join(paragraphs)
    new = old.replace("place 7", "another town").replace("place 3", "no place at all")
    ours = _median(lambda: compare(old, new))
    words = old.split(), new.split()
    return ours, _median(lambda: SequenceMatcher(None, *words, autojunk=False).get_opcodes())


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
