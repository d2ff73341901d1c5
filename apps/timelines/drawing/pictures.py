"""Small pictures drawn by the server: where each circle, line, bar and word of an SVG stands.

Plain values in and out; the templates turn them into elements, whose looks come from style sheets only.
"""

from collections.abc import Iterator, Mapping, Sequence
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


def wrapped(name: str, letters: int = LABEL_LENGTH) -> list[str]:
    """Return a name in one or two lines of so many letters, cut where it is longer."""
    lines = wrap(name, letters, break_long_words=True)
    if len(lines) <= 2:
        return lines
    return [lines[0], lines[1][: letters - 2].rstrip(" ,-–(") + " …"]


QuadCounts = tuple[int, int, int, int]  # events by quad class, 1 to 4


@dataclass(frozen=True, slots=True)
class Part:
    """One quad class of a month, from the picture's top."""

    quad: int
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: its classes stacked, material conflict at the bottom."""

    year: int
    month: int
    counts: QuadCounts
    x: float
    width: float
    parts: tuple[Part, ...]
    label: str = ""  # under the first bar of a year

    @property
    def conflict(self) -> int:
        """Events of both classes of conflict."""
        return self.counts[2] + self.counts[3]

    @property
    def cooperation(self) -> int:
        """Events of both classes of cooperation."""
        return self.counts[0] + self.counts[1]


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


def strip(counts: Mapping[tuple[int, int], QuadCounts]) -> Strip:
    """Draw counts by (year, month) as stacked bars; empty where nothing is counted."""
    base = STRIP_HEIGHT - 18
    if not counts:
        return Strip(STRIP_WIDTH, STRIP_HEIGHT, base, 0, ())
    months = months_between(min(counts), max(counts))
    most = max(sum(month) for month in counts.values())
    step = STRIP_WIDTH / max(len(months), 12)
    unit = (base - 6) / most
    bars = []
    for index, (year, month) in enumerate(months):
        found = counts.get((year, month), (0, 0, 0, 0))
        bars.append(
            Bar(
                year=year,
                month=month,
                counts=found,
                x=round(index * step + 1, 1),
                width=round(step - 2, 1),
                parts=tuple(_stacked(found, base, unit)),
                label=str(year) if month == 1 or index == 0 else "",
            )
        )
    return Strip(STRIP_WIDTH, STRIP_HEIGHT, base, most, tuple(bars))


def _stacked(counts: QuadCounts, base: float, unit: float) -> Iterator[Part]:
    top = float(base)
    for quad in (4, 3, 2, 1):
        if count := counts[quad - 1]:
            top -= count * unit
            yield Part(quad, count, round(top, 1), round(count * unit, 1))
