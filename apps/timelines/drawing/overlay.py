"""Two index lines on one scale, as SVG path data. Plain: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1000
HEIGHT: Final = 300
MOST_POINTS: Final = 400
TICKS: Final = 5

# A day's number on the common scale, and the index with its edges, 0 to 100.
Point = tuple[int, float, float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """Path data in the box of its overlay; empty where nothing is known."""

    line: str
    band: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """Lines in one box of `width` x `height` units, 0 at the foot and 100 at the top.

    `ticks` are day numbers at even distances from the left edge to the right one; `zero` is where day 0
    stands from the left edge, None where it lies outside.
    """

    width: int
    height: int
    lines: tuple[Line, ...]
    ticks: tuple[int, ...]
    zero: float | None


def overlay(sides: Sequence[Sequence[Point]]) -> Overlay:
    """Draw (day, low, value, high) of each side over the days that any side has."""
    days = [point[0] for side in sides for point in side]
    first, last = min(days, default=0), max(days, default=0)
    span = max(1, last - first)
    return Overlay(
        WIDTH,
        HEIGHT,
        tuple(_line(_thinned(side), first, span) for side in sides),
        tuple(round(first + span * n / (TICKS - 1)) for n in range(TICKS)),
        _across(0, first, span) if first < 0 < last else None,
    )


def _thinned(side: Sequence[Point]) -> list[Point]:
    """Keep the highest of each span where a side has more points than can be seen."""
    step = -(-len(side) // MOST_POINTS) or 1
    return [max(side[n : n + step], key=lambda p: p[2]) for n in range(0, len(side), step)]


def _across(day: int, first: int, span: int) -> float:
    return round((day - first) / span * WIDTH, 1)


def _up(value: float) -> float:
    return round(HEIGHT - value / 100 * HEIGHT, 1)


def _line(side: Sequence[Point], first: int, span: int) -> Line:
    if not side:
        return Line("", "")
    along = [(_across(day, first, span), low, value, high) for day, low, value, high in side]
    line = "L".join(f"{x} {_up(value)}" for x, _, value, _ in along)
    top = [f"{x} {_up(high)}" for x, _, _, high in along]
    foot = [f"{x} {_up(low)}" for x, low, _, _ in along]
    return Line(f"M{line}", f"M{'L'.join(top + foot[::-1])}Z")
