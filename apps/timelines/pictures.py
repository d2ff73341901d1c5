"""Small pictures drawn by the server: where each circle, line, bar and word of an SVG stands.

Plain values in and out; the templates turn them into elements, whose looks come from style sheets only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from textwrap import wrap
from typing import Final

NETWORK_WIDTH: Final = 440
ROW_HEIGHT: Final = 40
LINE_HEIGHT: Final = 15
MOST_NEIGHBOURS: Final = 18
LABEL_LENGTH: Final = 18
STRIP_WIDTH: Final = 720
STRIP_HEIGHT: Final = 96


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody the drawn actor is related to."""

    slug: str
    name: str
    kind: str
    relation: str  # in words
    past: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A neighbour's circle, its line to the middle, and its words; all in the picture's units."""

    neighbour: Neighbour
    x: float
    y: float
    lines: tuple[tuple[float, str], ...]  # each line of the label with its height
    label_x: float
    anchor: str  # text-anchor: start | end
    line_x: float
    line_y: float


@dataclass(frozen=True, slots=True)
class Network:
    """An actor in the middle of those related to it."""

    width: int
    height: int
    x: float
    y: float
    nodes: tuple[Node, ...]
    left_out: int


def network(neighbours: Sequence[Neighbour]) -> Network:
    """Place the neighbours to the right and left of the middle; beyond 18 the rest is counted only.

    They stand at even heights, so that no two labels share a line, and on an ellipse, so that all are seen.
    """
    shown = neighbours[:MOST_NEIGHBOURS]
    half = (len(shown) + 1) // 2
    height = max(half, 2) * ROW_HEIGHT
    nodes = [
        _node(neighbour, side, (row + 0.5) / rows, height)
        for side, column in ((1, shown[:half]), (-1, shown[half:]))
        for row, (neighbour, rows) in enumerate((n, len(column)) for n in column)
    ]
    left_out = len(neighbours) - len(shown)
    return Network(NETWORK_WIDTH, height, NETWORK_WIDTH / 2, height / 2, tuple(nodes), left_out)


def _node(neighbour: Neighbour, side: int, depth: float, height: int) -> Node:
    """Place one neighbour: `side` 1 is right, -1 left; `depth` 0 is the top, 1 the bottom."""
    middle_x, middle_y = NETWORK_WIDTH / 2, height / 2
    reach = 36 + 34 * sqrt(1 - (2 * depth - 1) ** 2)
    x, y = middle_x + side * reach, depth * height
    length = hypot(x - middle_x, y - middle_y)
    words = wrapped(neighbour.name)
    top = y + 4 - (len(words) - 1) * LINE_HEIGHT / 2
    return Node(
        neighbour=neighbour,
        x=round(x, 1),
        y=round(y, 1),
        lines=tuple((round(top + n * LINE_HEIGHT, 1), line) for n, line in enumerate(words)),
        label_x=round(x + side * 11, 1),
        anchor="start" if side > 0 else "end",
        line_x=round(middle_x + (x - middle_x) * 14 / length, 1),
        line_y=round(middle_y + (y - middle_y) * 14 / length, 1),
    )


def wrapped(name: str) -> list[str]:
    """Return a name in one or two lines that fit beside a circle, cut where it is longer."""
    lines = wrap(name, LABEL_LENGTH, break_long_words=True)
    if len(lines) <= 2:
        return lines
    return [lines[0], lines[1][: LABEL_LENGTH - 2].rstrip(" ,-–(") + " …"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: its two stacked counts as (y, height) from the picture's top."""

    year: int
    month: int
    conflict: int
    cooperation: int
    x: float
    width: float
    conflict_y: float
    conflict_height: float
    cooperation_y: float
    cooperation_height: float
    label: str = ""  # under the first bar of a year


@dataclass(frozen=True, slots=True)
class Strip:
    """Months side by side, every month between the first and the last included."""

    width: int
    height: int
    base: int
    most: int
    bars: tuple[Bar, ...]


def months_between(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    """Return every (year, month) from `first` to `last`, both included."""
    start, end = first[0] * 12 + first[1] - 1, last[0] * 12 + last[1] - 1
    return [(n // 12, n % 12 + 1) for n in range(start, end + 1)]


def strip(counts: Mapping[tuple[int, int], tuple[int, int]]) -> Strip:
    """Draw (conflict, cooperation) counts by (year, month) as bars; empty where nothing is counted."""
    base = STRIP_HEIGHT - 18
    if not counts:
        return Strip(STRIP_WIDTH, STRIP_HEIGHT, base, 0, ())
    months = months_between(min(counts), max(counts))
    most = max(sum(pair) for pair in counts.values())
    step = STRIP_WIDTH / max(len(months), 12)
    unit = (base - 6) / most
    bars = []
    for index, (year, month) in enumerate(months):
        conflict, cooperation = counts.get((year, month), (0, 0))
        tall, small = round(conflict * unit, 1), round(cooperation * unit, 1)
        bars.append(
            Bar(
                year=year,
                month=month,
                conflict=conflict,
                cooperation=cooperation,
                x=round(index * step + 1, 1),
                width=round(step - 2, 1),
                conflict_y=round(base - tall, 1),
                conflict_height=tall,
                cooperation_y=round(base - tall - small, 1),
                cooperation_height=small,
                label=str(year) if month == 1 or index == 0 else "",
            )
        )
    return Strip(STRIP_WIDTH, STRIP_HEIGHT, base, most, tuple(bars))
