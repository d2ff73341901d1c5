"""Dates below a chart: as many as fit, on the first days of weeks, months or years. Plain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from apps.timelines import chart_words

# In days up to a fortnight, then in months.
DAYS: Final = (1, 2, 7, 14)
MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
MONTH: Final = 30.4
MONDAY: Final = datetime(2000, 1, 3)  # noqa: DTZ001  a local day has no zone


@dataclass(frozen=True, slots=True)
class Tick:
    """A date with its lines of words; `between` ones are left out where there is little room."""

    at: datetime
    words: tuple[str, ...]
    between: bool


def ticks(start: datetime, end: datetime, most: int) -> list[Tick]:
    """Return at most about `most` dates from `start` to before `end`; a year is told where it is new."""
    days = (end - start).days
    step = next((n for n in DAYS if days / n <= most), 0)
    found = _by_days(start, end, step) if step else _by_months(start, end, most)
    told: set[int] = set()
    made = []
    for number, at in enumerate(found):
        words = chart_words.tick(at.date(), days=bool(step), years=_is_years(found))
        made.append(Tick(at, words if at.year not in told else words[:1], number % 2 == 1))
        told.add(at.year)
    return made


def _is_years(found: list[datetime]) -> bool:
    return len(found) > 1 and (found[1] - found[0]).days >= 365


def _by_days(start: datetime, end: datetime, step: int) -> list[datetime]:
    # Weeks begin on Mondays; other days are counted from there too, so that they stay when the view moves.
    late = (start - MONDAY).days % step
    first = start + timedelta(days=step - late if late else 0)
    return [first + timedelta(days=n) for n in range(0, max(0, (end - first).days), step)]


def _by_months(start: datetime, end: datetime, most: int) -> list[datetime]:
    months = (end - start).days / MONTH
    step = next((n for n in MONTHS if months / n <= most), MONTHS[-1])
    return [
        month for month in _months(start, end) if (month.year * 12 + month.month - 1) % step == 0
    ]


def _months(start: datetime, end: datetime) -> Iterator[datetime]:
    year, month = start.year, start.month
    while True:
        at = datetime(year, month, 1)  # noqa: DTZ001
        if at >= end:
            return
        if at >= start:
            yield at
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
