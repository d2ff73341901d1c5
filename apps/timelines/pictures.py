"""Small pictures drawn by the server: where each circle, line, bar and word of an SVG stands.

Plain values in and out; the templates turn them into elements, whose looks come from style sheets only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

NETWORK_WIDTH: Final = 640
NETWORK_HEIGHT: Final = 380
MOST_NEIGHBOURS: Final = 18
LABEL_LENGTH: Final = 26
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
    label: str
    label_x: float
    label_y: float
    anchor: str  # text-anchor: start | middle | end
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
    """Place the neighbours evenly on an ellipse around the middle; beyond 18 the rest is counted only."""
    shown = neighbours[:MOST_NEIGHBOURS]
    x, y = NETWORK_WIDTH / 2, NETWORK_HEIGHT / 2
    nodes = tuple(_node(n, i, len(shown), x, y) for i, n in enumerate(shown))
    return Network(NETWORK_WIDTH, NETWORK_HEIGHT, x, y, nodes, len(neighbours) - len(shown))


def _node(neighbour: Neighbour, index: int, count: int, x: float, y: float) -> Node:
    # Half a step of turn keeps labels off the top and bottom, where two would share a line.
    angle = 2 * pi * (index + 0.5) / count - pi / 2
    across, down = cos(angle), sin(angle)
    node_x, node_y = x + across * 150, y + down * (y - 44)
    side = "middle" if abs(across) < 0.12 else "start" if across > 0 else "end"
    shift = 0.0 if side == "middle" else 12.0 if side == "start" else -12.0
    below = 4.0 if side != "middle" else 22.0 if down > 0 else -14.0
    return Node(
        neighbour=neighbour,
        x=round(node_x, 1),
        y=round(node_y, 1),
        label=shortened(neighbour.name),
        label_x=round(node_x + shift, 1),
        label_y=round(node_y + below, 1),
        anchor=side,
        line_x=round(x + across * 18, 1),
        line_y=round(y + down * 18, 1),
    )


def shortened(name: str) -> str:
    """Return a name that fits the picture, cut at a word where it is too long."""
    if len(name) <= LABEL_LENGTH:
        return name
    return name[:LABEL_LENGTH].rsplit(" ", 1)[0].rstrip(" ,-–(") + " …"


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
