"""A timeline made of articles: the most important days, each with a sentence of an article that tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.annotations.pipeline import timeline_days
from apps.annotations.pipeline.timeline_reading import DatedArticle
from apps.annotations.pipeline.timeline_telling import Teller
from apps.annotations.pipeline.types import Interval, Precision


@dataclass(frozen=True, slots=True)
class Entry:
    """One day of a timeline (of a week or a month the first); `score` from 0 to 1, the most important day's."""

    date: date
    precision: Precision
    summary: str
    articles: list[Any]
    score: float


def build(
    articles: Iterable[DatedArticle], since: date | None, until: date | None, most: int
) -> list[Entry]:
    """Return the most important days from `since` to `until`, at most `most`, in order of days.

    The order of the articles does not matter.
    """
    known = sorted(articles, key=lambda a: (a.published or date.min, a.text, str(a.id)))
    scores = timeline_days.importance(known)
    within = [unit for unit in scores if _is_within(unit, since, until)]
    within.sort(key=lambda unit: (-scores[unit], unit.start, unit.end))
    teller = Teller(known)
    found: list[Entry] = []
    for unit in within:
        if len(found) >= most:
            break
        telling = teller.of(unit)
        if telling is not None:
            score = round(scores[unit] / scores[within[0]], 3)
            found.append(
                Entry(unit.start, unit.precision, telling.summary, telling.articles, score)
            )
    return sorted(found, key=lambda entry: (entry.date, entry.precision))


def _is_within(unit: Interval, since: date | None, until: date | None) -> bool:
    return (since is None or unit.start >= since) and (until is None or unit.end <= until)
