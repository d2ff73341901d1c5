"""Marks of a lane side by side without overlap, and many marks folded into counted ones. Plain."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MOST_MARKS: Final = 200
MOST_TRACKS: Final = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """One event on the chart. `start` to `end` are its days, both included."""

    key: str
    title: str
    lane: str
    start: date
    end: date
    precision: str
    type: str
    quad: int
    severity: float
    contested: bool
    words: str = ""  # what a reader sees beside the title: days, toll


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many events of a lane and quad class begin on a day, and their summed severity."""

    lane: str
    day: date
    quad: int
    count: int
    severity: float


@dataclass(frozen=True, slots=True)
class Fold:
    """Many events in one mark: `counts` by quad class, 1 to 4."""

    lane: str
    start: date
    end: date
    counts: tuple[int, int, int, int]
    severity: float

    @property
    def count(self) -> int:
        """All its events."""
        return sum(self.counts)

    @property
    def quad(self) -> int:
        """The class most of its events have; the more serious one where two are level."""
        return max(range(1, 5), key=lambda quad: (self.counts[quad - 1], quad))


def tracks(marks: Sequence[Mark], widest: timedelta) -> list[int]:
    """Return the track of each mark so that marks of one track do not overlap, each drawn `widest` at least.

    Marks must come in order of their first day. Beyond six tracks the one that is free first is shared.
    """
    free: list[date] = []
    chosen = []
    for mark in marks:
        drawn_to = max(mark.end + timedelta(days=1), mark.start + widest)
        track = next((n for n, day in enumerate(free) if day <= mark.start), len(free))
        if track == MOST_TRACKS:
            track = min(range(MOST_TRACKS), key=lambda n: free[n])
        if track == len(free):
            free.append(drawn_to)
        else:
            free[track] = max(free[track], drawn_to)
        chosen.append(track)
    return chosen


def fold(counts: Iterable[DayCount], start: date, end: date, lanes: int) -> list[Fold]:
    """Fold events into marks of equal spans, so few spans that all lanes together hold at most 200 marks."""
    days = (end - start).days + 1
    spans = max(1, MOST_MARKS // max(1, lanes))
    step = -(-days // spans)
    cells: dict[tuple[str, int], list[DayCount]] = defaultdict(list)
    for count in counts:
        cells[count.lane, max(0, (count.day - start).days) // step].append(count)
    folds = []
    for (lane, span), inside in sorted(cells.items()):
        first = start + timedelta(days=span * step)
        by_quad = [sum(c.count for c in inside if c.quad == quad) for quad in (1, 2, 3, 4)]
        folds.append(
            Fold(
                lane,
                first,
                min(end, first + timedelta(days=step - 1)),
                (by_quad[0], by_quad[1], by_quad[2], by_quad[3]),
                sum(c.severity for c in inside),
            )
        )
    return folds
