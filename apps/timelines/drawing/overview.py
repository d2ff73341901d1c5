"""The whole timeline in small, with the days shown as a window in it. Plain: values in, SVG numbers out.

One unit across is one day; 0 to 100 downwards is an index of 100 to 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from apps.timelines.tension import Day

MOST_POINTS: Final = 300


@dataclass(frozen=True, slots=True)
class Overview:
    """`days` is the width; `left` to `right` are the days shown; `area` the index's outline, closed."""

    first: date
    last: date
    start: date
    end: date
    area: str
    years: Sequence[int]  # days from the first one to each 1 January

    @property
    def days(self) -> int:
        """The width in days."""
        return (self.last - self.first).days + 1

    @property
    def left(self) -> int:
        """Days before the first day shown."""
        return (self.start - self.first).days

    @property
    def right(self) -> int:
        """Days from the first one to the end of the last day shown."""
        return (self.end - self.first).days + 1

    @property
    def width(self) -> int:
        """The days shown."""
        return self.right - self.left

    @property
    def rest(self) -> int:
        """Days after the last day shown."""
        return self.days - self.right


def overview(bounds: tuple[date, date], shown: tuple[date, date], index: Sequence[Day]) -> Overview:
    """Draw the index between `bounds`; days that it does not reach stay empty."""
    first, last = bounds
    years = range(first.year + 1, last.year + 1)
    return Overview(
        first,
        last,
        *shown,
        _area(index, first),
        [(date(year, 1, 1) - first).days for year in years],
    )


def _area(index: Sequence[Day], first: date) -> str:
    if not index:
        return ""
    step = -(-len(index) // MOST_POINTS) or 1
    kept = [max(index[n : n + step], key=lambda d: d.value) for n in range(0, len(index), step)]
    points = [f"{(day.day - first).days} {100 - day.value:.0f}" for day in kept]
    ends = [(day.day - first).days for day in (kept[0], kept[-1])]
    return f"M{ends[0]} 100L{'L'.join(points)}L{ends[1]} 100Z"
