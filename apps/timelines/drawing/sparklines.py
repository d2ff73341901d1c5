"""A small line with its band, as SVG path data. Plain: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 480
HEIGHT: Final = 96
MOST_POINTS: Final = 240


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Path data in a box of WIDTH x HEIGHT units: 0 at the foot, 100 at the top."""

    width: int
    height: int
    line: str
    band: str


def sparkline(values: Sequence[tuple[float, float, float]]) -> Sparkline:
    """Draw (low, value, high) of each day, 0 to 100; at most 240 points, the highest of each span kept."""
    step = -(-len(values) // MOST_POINTS) or 1
    kept = [max(values[n : n + step], key=lambda v: v[1]) for n in range(0, len(values), step)]
    across = WIDTH / max(1, len(kept) - 1)

    def point(n: int, value: float) -> str:
        return f"{n * across:.1f} {HEIGHT - 2 - value / 100 * (HEIGHT - 4):.1f}"

    line = "L".join(point(n, value) for n, (_, value, _) in enumerate(kept))
    top = [point(n, high) for n, (_, _, high) in enumerate(kept)]
    foot = [point(n, low) for n, (low, _, _) in enumerate(kept)]
    return Sparkline(WIDTH, HEIGHT, f"M{line}", f"M{'L'.join(top + foot[::-1])}Z" if kept else "")
