"""Make the base map of the map page from Natural Earth as `world-atlas` packs it.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    pip install pycountry            # ISO 3166-1 numeric to alpha-3, for this script alone
    python tools/make_basemap.py package/countries-50m.json apps/timelines/drawing/basemap.json

The answer holds arcs, as TopoJSON does, so that a border between two countries is one line: whole numbers of
UNIT degrees, the first point as it is and each further one as its distance from the one before.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pycountry

UNIT: Final = 0.02  # degrees, about 2 km: finer than what is drawn at the nearest zoom shows
TOLERANCE: Final = 0.033  # degrees by which a simplified line may stray
LEFT_OUT: Final = ("ATA",)
SOUTHERN_END: Final = -60  # degrees: the map ends there
SMALLEST: Final = 0.12  # degrees across: islands below this are left out

Point = tuple[float, float]


def decoded(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a topology in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Return a line without the points that stray less than `tolerance` from it (Douglas and Peucker)."""
    keep = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, where = 0.0, 0
        for n in range(first + 1, last):
            gap = _distance(points[n], points[first], points[last])
            if gap > far:
                far, where = gap, n
        if far > tolerance:
            keep.add(where)
            waiting += [(first, where), (where, last)]
    return [points[n] for n in sorted(keep)]


def _distance(point: Point, a: Point, b: Point) -> float:
    """Return how far a point lies from the stretch from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0
    if length:
        along = max(0.0, min(1.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length))
    return ((point[0] - a[0] - along * dx) ** 2 + (point[1] - a[1] - along * dy) ** 2) ** 0.5


def small(points: list[Point]) -> bool:
    """Tell whether a closed line is an island too small to be drawn."""
    if points[0] != points[-1]:
        return False
    xs, ys = zip(*points, strict=True)
    return max(max(xs) - min(xs), max(ys) - min(ys)) < SMALLEST


def encoded(points: list[Point]) -> list[int]:
    """Return a line as whole numbers: its first point, then distances; points that fall together are one."""
    whole = [(round(x / UNIT), round(y / UNIT)) for x, y in points]
    found = [*whole[0]]
    for a, b in pairwise(whole):
        if a != b:
            found += [b[0] - a[0], b[1] - a[1]]
    return found


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Return the points of a ring: its arcs one after the other, those below nought backward.

    Where it crosses the 180th meridian it goes on beyond, so that it never leaps.
    """
    points = [p for arc in ring for p in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])]
    turn = 0
    found = [points[0]]
    for (before, _), (lon, lat) in pairwise(points):
        turn += 360 * ((before - lon > 180) - (lon - before > 180))
        found.append((lon + turn, lat))
    return found


def middle(points: list[Point]) -> tuple[float, float, float]:
    """Return where a name stands in a ring, and the ring's width there in degrees.

    On the line of latitude through the middle of the area, half way through its widest stretch of land.
    """
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points)) / 2
    moment = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(points))
    lat = moment / (6 * area) if area else points[0][1]
    across = sorted(
        a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in pairwise(points)
        if (a[1] > lat) != (b[1] > lat)
    )
    stretches = [(b - a, (a + b) / 2) for a, b in zip(across[::2], across[1::2], strict=False)]
    width, lon = max(stretches, default=(0.0, points[0][0]))
    return lon, lat, width


def country(
    shape: dict[str, Any], arcs: list[list[Point]], kept: dict[int, int]
) -> list[Any] | None:
    """Return a country as [alpha-3 or "", name, [lon, lat, width] of the name, rings]; None where too small."""
    parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    outer = [part[0] for part in parts]
    rings = [ring for part in parts for ring in part if all(_kept(arc, kept) for arc in ring)]
    if not rings:
        return None
    largest = max((ring_points(ring, arcs) for ring in outer), key=_size)
    lon, lat, width = middle(largest)
    known = pycountry.countries.get(numeric=shape["id"]) if shape.get("id") else None
    code = known.alpha_3 if known else ""
    if code in LEFT_OUT:
        return None
    numbers = [[kept[arc] if arc >= 0 else ~kept[~arc] for arc in ring] for ring in rings]
    where = [round((lon + 180) % 360 - 180, 2), round(lat, 2), round(width, 1)]
    return [code, shape["properties"]["name"], where, numbers]


def _kept(arc: int, kept: dict[int, int]) -> bool:
    return (arc if arc >= 0 else ~arc) in kept


def _size(points: list[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points)))


def main(source: Path, target: Path) -> None:
    """Read a TopoJSON file of countries, write the base map."""
    topology = json.loads(source.read_text())
    arcs = decoded(topology)
    south = [n for n, points in enumerate(arcs) if max(lat for _, lat in points) < SOUTHERN_END]
    numbers = [n for n, points in enumerate(arcs) if not small(points) and n not in south]
    kept = {old: new for new, old in enumerate(numbers)}
    shapes = topology["objects"]["countries"]["geometries"]
    countries = [found for shape in shapes if (found := country(shape, arcs, kept)) is not None]
    lines = [encoded(simplified(arcs[n], TOLERANCE)) for n in numbers]
    answer = {"unit": UNIT, "countries": sorted(countries, key=lambda c: c[1]), "arcs": lines}
    target.write_text(json.dumps(answer, separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
