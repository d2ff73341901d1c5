"""Lanes of a small picture for other people's pages: how many events of which class, span by span. Plain."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Final

from apps.timelines.drawing.chart_frame import LaneSpec

WIDTH: Final = 480.0
HEIGHT: Final = 24.0
MOST_SPANS: Final = 120
# Of one class: lane, first day, class (1 to 4), number of events.
Count = tuple[str, date, int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """The events of one class in one span of days: a bar in a box of WIDTH x HEIGHT, 0 at the top."""

    quad: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Strip:
    """One lane with its number of events."""

    label: str
    count: int
    boxes: tuple[Box, ...]


def strips(
    counts: Iterable[Count], lanes: Sequence[LaneSpec], start: date, end: date
) -> list[Strip]:
    """Draw the lanes in order; bars grow with the root of their number, so that single events are seen.

    All lanes have one scale. Days before `start` count with it.
    """
    days = (end - start).days + 1
    span = -(-days // MOST_SPANS)
    found: dict[str, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for lane, day, quad, count in counts:
        place = (max(day, start) - start).days // span
        cell = found[lane][place]
        cell[quad] = cell.get(quad, 0) + count
    cells = [cell for places in found.values() for cell in places.values()]
    most = max((sum(cell.values()) for cell in cells), default=1)
    unit = WIDTH / -(-days // span)
    return [
        Strip(
            lane.label,
            sum(sum(cell.values()) for cell in found[lane.slug].values()),
            tuple(
                box
                for place, cell in sorted(found[lane.slug].items())
                for box in _stack(cell, place * unit, unit, most)
            ),
        )
        for lane in lanes
    ]


def _stack(cell: dict[int, int], x: float, unit: float, most: int) -> list[Box]:
    """Stand the classes of one span on each other, material conflict at the foot."""
    total = sum(cell.values())
    tall = max(5.0, (HEIGHT - 2) * sqrt(total / most))
    boxes, foot = [], HEIGHT
    for quad, count in sorted(cell.items(), reverse=True):
        height = tall * count / total
        foot -= height
        width = max(unit - 0.5, 2.0)
        boxes.append(Box(quad, round(x, 2), round(foot, 2), round(width, 2), round(height, 2)))
    return boxes
