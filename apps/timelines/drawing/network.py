"""Who acts on whom as a picture: parties in two columns, by country, and a curve for what one does to another.

Where everything stands follows from the parties and their counts alone: the same view is the same picture.
Plain: values in, values out; lengths are the picture's units.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

from apps.timelines.drawing.pictures import LINE_HEIGHT, wrapped

WIDTH: Final = 960
ROW: Final = 38
EDGE: Final = 215  # from the picture's side to the nearest node: room for the names
BULGE: Final = 42
MOST_PARTIES: Final = 28
MOST_TIES: Final = 48
LETTERS: Final = 25  # of a line of a name
LEAST_NODE, MOST_NODE = 5.0, 14.0
LEAST_LINE, MOST_LINE = 0.9, 5.0


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who acts or is acted on."""

    slug: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Tie:
    """What one party does to another: events of conflict and of cooperation. A party may act on itself."""

    by: str
    at: str
    conflict: int
    cooperation: int

    @property
    def count(self) -> int:
        """How many events."""
        return self.conflict + self.cooperation


@dataclass(frozen=True, slots=True)
class Node:
    """A party's circle and its name, beside which it stands."""

    party: Party
    count: int
    x: float
    y: float
    radius: float
    lines: tuple[tuple[float, str], ...]  # each line of the name with its height
    label_x: float
    anchor: str  # text-anchor: start | end


@dataclass(frozen=True, slots=True)
class Curve:
    """What one party does to another, of one kind: conflict or cooperation."""

    tie: Tie
    kind: str
    count: int
    path: str
    width: float
    by: str  # names
    at: str


@dataclass(frozen=True, slots=True)
class Network:
    """The picture; `left_out` counts the parties, `ties_left_out` the ties that it has no room for."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    curves: tuple[Curve, ...]
    left_out: int
    ties_left_out: int


def network(parties: Mapping[str, Party], ties: Sequence[Tie]) -> Network:
    """Draw the parties with the most events and the strongest ties between them."""
    counts: Counter[str] = Counter()
    for tie in ties:
        for slug in {tie.by, tie.at}:
            counts[slug] += tie.count
    ranked = sorted(counts, key=lambda slug: (-counts[slug], slug))
    shown = ranked[:MOST_PARTIES]
    between = [t for t in ties if t.by in shown and t.at in shown and t.by != t.at]
    between.sort(key=lambda t: (-t.count, t.by, t.at))
    nodes = _nodes([parties[slug] for slug in shown], counts)
    return Network(
        width=WIDTH,
        height=_height(nodes),
        nodes=tuple(nodes.values()),
        curves=tuple(_curves(between[:MOST_TIES], nodes)),
        left_out=len(ranked) - len(shown),
        ties_left_out=max(0, len(between) - MOST_TIES),
    )


def columns(parties: Sequence[Party], counts: Mapping[str, int]) -> tuple[list[Party], list[Party]]:
    """Share the parties out to the left and the right column, those of one country together.

    The country with the most events stands left, each further one where fewer parties are.
    """
    weight: Counter[str] = Counter()
    for party in parties:
        weight[party.country] += counts[party.slug]
    left: list[Party] = []
    right: list[Party] = []
    for country in sorted(weight, key=lambda code: (-weight[code], code)):
        group = [party for party in parties if party.country == country]
        (left if len(left) <= len(right) else right).extend(group)
    # One country alone, or nearly: then the picture is shared out by halves.
    half = (len(parties) + 1) // 2
    if len(left) > 2 * half * 0.75:
        right, left = [*left[half:], *right], left[:half]
    return left, right


def _height(nodes: Mapping[str, Node]) -> int:
    most = max((sum(n.anchor == a for n in nodes.values()) for a in ("start", "end")), default=0)
    return max(most, 3) * ROW


def _nodes(parties: Sequence[Party], counts: Mapping[str, int]) -> dict[str, Node]:
    left, right = columns(parties, counts)
    height = max(len(left), len(right), 3) * ROW
    most = max((counts[party.slug] for party in parties), default=1)
    return {
        party.slug: _node(party, counts[party.slug], most, side, (row + 0.5) / len(column), height)
        for side, column in ((-1, left), (1, right))
        for row, party in enumerate(column)
    }


def _node(party: Party, count: int, most: int, side: int, depth: float, height: int) -> Node:
    """Place a party: `side` 1 is right, -1 left; `depth` 0 is the top, 1 the bottom."""
    radius = LEAST_NODE + (MOST_NODE - LEAST_NODE) * sqrt(count / most)
    out = BULGE * sqrt(1 - (2 * depth - 1) ** 2)
    x = WIDTH / 2 + side * (WIDTH / 2 - EDGE - BULGE + out)
    y = depth * height
    words = wrapped(party.name, LETTERS)
    top = y + 4 - (len(words) - 1) * LINE_HEIGHT / 2
    return Node(
        party=party,
        count=count,
        x=round(x, 1),
        y=round(y, 1),
        radius=round(radius, 1),
        lines=tuple((round(top + n * LINE_HEIGHT, 1), line) for n, line in enumerate(words)),
        label_x=round(x + side * (MOST_NODE + 5), 1),
        anchor="start" if side > 0 else "end",
    )


def _curves(ties: Sequence[Tie], nodes: Mapping[str, Node]) -> list[Curve]:
    """Return a curve for each kind of each tie; the thinnest last, so that none is hidden."""
    most = max((max(t.conflict, t.cooperation) for t in ties), default=1)
    found = []
    for tie in ties:
        for kind, count, bend in (
            ("conflict", tie.conflict, 1),
            ("cooperation", tie.cooperation, 2),
        ):
            if count:
                width = LEAST_LINE + (MOST_LINE - LEAST_LINE) * sqrt(count / most)
                path = _bent(nodes[tie.by], nodes[tie.at], bend, width)
                names = nodes[tie.by].party.name, nodes[tie.at].party.name
                found.append(Curve(tie, kind, count, path, round(width, 1), *names))
    return sorted(found, key=lambda curve: (-curve.width, curve.path))


def _bent(a: Node, b: Node, bend: int, width: float) -> str:
    """Return the path from one node to another, bent to the right of its way so that the way back is another.

    It ends short of the node, where its arrow's head has room.
    """
    dx, dy = b.x - a.x, b.y - a.y
    length = hypot(dx, dy) or 1
    aside = 14 * bend + length * 0.03
    middle_x, middle_y = (
        (a.x + b.x) / 2 - dy / length * aside,
        (a.y + b.y) / 2 + dx / length * aside,
    )
    if a.anchor == b.anchor:  # of one column: through the middle of the picture
        inward = 1 if a.anchor == "end" else -1
        middle_x += inward * min(150, 40 + length * 0.5)
    start = _short(a.x, a.y, middle_x, middle_y, a.radius + 1)
    end = _short(b.x, b.y, middle_x, middle_y, b.radius + 4 + width)
    return f"M{start[0]:.1f} {start[1]:.1f}Q{middle_x:.1f} {middle_y:.1f} {end[0]:.1f} {end[1]:.1f}"


def _short(x: float, y: float, to_x: float, to_y: float, by: float) -> tuple[float, float]:
    """Return the point that lies `by` from one point on the way to another."""
    length = hypot(to_x - x, to_y - y) or 1
    return x + (to_x - x) * by / length, y + (to_y - y) * by / length
