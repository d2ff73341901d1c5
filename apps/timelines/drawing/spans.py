"""Roles over time as bars. Plain: values in, values out; lengths are the picture's units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WIDTH: Final = 400
ROW: Final = 34
BAR: Final = 8
FOOT: Final = 18
LEAST_BAR: Final = 3.0
LETTER: Final = 5.9  # the width of a letter of a label
LONGEST: Final = 60  # letters that fit


@dataclass(frozen=True, slots=True)
class Span:
    """Something that held from a day to a day; None: not known since when, or still."""

    label: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class SpanBar:
    """A span's bar below its label; `open_start`, `open_end`: it goes on beyond what is known."""

    span: Span
    x: float
    y: float
    width: float
    open_start: bool
    open_end: bool

    @property
    def label_x(self) -> float:
        """Where its label begins: with the bar, further left where there is no room for it."""
        return round(max(0.0, min(self.x, WIDTH - min(len(self.span.label), LONGEST) * LETTER)), 1)


@dataclass(frozen=True, slots=True)
class Spans:
    """Bars below each other, and the years under them as (x, year)."""

    width: int
    height: int
    bars: tuple[SpanBar, ...]
    years: tuple[tuple[float, int], ...]


def spans(rows: Sequence[Span], today: date) -> Spans:
    """Draw spans up to `today`, earliest first; empty where no day of any is known."""
    days = [day for row in rows for day in (row.since, row.until) if day]
    if not days:
        return Spans(WIDTH, 0, (), ())
    first = min(days).replace(month=1, day=1).toordinal()
    last = max(today, *days).toordinal()
    unit = WIDTH / max(1, last - first)
    ordered = sorted(
        rows, key=lambda row: (row.since or date.min, row.until or date.max, row.label)
    )
    bars = []
    for number, row in enumerate(ordered):
        start = (row.since.toordinal() if row.since else first) - first
        end = (row.until.toordinal() if row.until else last) - first
        width = max(LEAST_BAR, (end - start) * unit)
        x = min(start * unit, WIDTH - width)
        y = number * ROW + ROW - BAR - 6
        opened = row.since is None, row.until is None
        bars.append(SpanBar(row, round(x, 1), y, round(width, 1), *opened))
    years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
    step = max(1, -(-len(years) // 8))
    ticks = ((round((date(y, 1, 1).toordinal() - first) * unit, 1), y) for y in years[::step])
    shown = tuple((x, year) for x, year in ticks if x < WIDTH - 24 or x == 0)
    return Spans(WIDTH, len(bars) * ROW + FOOT, tuple(bars), shown)
