"""Marks of a lane side by side without overlap, and many marks folded into counted ones. Plain."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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


def tracks(spans: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """Return the track of each drawn span (from, to) so that spans of one track do not overlap.

    Spans must come in order of their start. Beyond six tracks the one that is free first is shared.
    """
    free: list[datetime] = []
    chosen = []
    for start, end in spans:
        track = next((n for n, until in enumerate(free) if until <= start), len(free))
        if track == MOST_TRACKS:
            track = min(range(MOST_TRACKS), key=lambda n: free[n])
        if track == len(free):
            free.append(end)
        else:
            free[track] = max(free[track], end)
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
