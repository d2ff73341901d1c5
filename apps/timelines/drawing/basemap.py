"""The base map: the countries of a box as paths, and what is written on them. Offline, from Natural Earth.

Where the data comes from, and its licence: basemap-NOTICE.txt.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from apps.timelines.drawing.map import HEIGHT, WIDTH, Box, Projection

_HERE: Final = Path(__file__).parent
# Paths are drawn in tenths of the picture's units, so that they are short whole numbers.
TENTHS: Final = 10
CLOSEST: Final = 6  # tenths: nearer points are one
AROUND: Final = 0.3  # of the box on every side: there when the map is pushed

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the base map: ISO 3166-1 alpha-3 ("" for none), where its name stands, its outlines."""

    code: str
    name: str
    lon: float
    lat: float
    width: float  # degrees of longitude that are free for its name
    rings: tuple[tuple[Point, ...], ...]
    boxes: tuple[Box, ...]  # around each ring


@dataclass(frozen=True, slots=True)
class Outline:
    """A country as a path in tenths of units."""

    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name that may be written on the map, where, and how many units are free for it."""

    text: str
    x: float
    y: float
    room: float
    sea: bool = False


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """Read the base map once for each process."""
    data = json.loads((_HERE / "basemap.json").read_text(encoding="utf-8"))
    unit = data["unit"]
    arcs = [_arc(numbers, unit) for numbers in data["arcs"]]
    return tuple(_country(row, arcs) for row in data["countries"])


def _arc(numbers: Sequence[int], unit: float) -> list[Point]:
    x = y = 0
    found = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x * unit, y * unit))
    return found


def _country(row: Sequence[Any], arcs: Sequence[Sequence[Point]]) -> Country:
    code, name, (lon, lat, width), numbers = row
    joined = (
        [p for n in ring for p in (arcs[n] if n >= 0 else arcs[~n][::-1])] for ring in numbers
    )
    rings = tuple(piece for ring in joined for piece in _unbroken(ring))
    return Country(code, name, lon, lat, width, rings, tuple(_around(ring) for ring in rings))


def _unbroken(ring: Sequence[Point]) -> list[tuple[Point, ...]]:
    """Return a ring that never leaps at the 180th meridian: where it crosses it, once for each end."""
    turn = 0
    found = [ring[0]]
    for (before, _), (lon, lat) in pairwise(ring):
        turn += 360 * ((before - lon > 180) - (lon - before > 180))
        found.append((lon + turn, lat))
    west, east = min(lon for lon, _ in found), max(lon for lon, _ in found)
    turns = [0, *([-360] if east > 180.01 else []), *([360] if west < -180.01 else [])]
    return [tuple((lon + turn, lat) for lon, lat in found) for turn in turns]


def _around(ring: Sequence[Point]) -> Box:
    lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
    return Box(min(lons), min(lats), max(lons), max(lats))


@lru_cache(maxsize=1)
def shapes() -> frozenset[str]:
    """Return the codes of the countries that the base map can draw."""
    return frozenset(country.code for country in countries() if country.code)


@lru_cache(maxsize=64)
def outlines(box: Box) -> tuple[Outline, ...]:
    """Return the countries of a box and a little around it."""
    wide, high = (box.east - box.west) * AROUND, (box.north - box.south) * AROUND
    window = Box(box.west - wide, box.south - high, box.east + wide, box.north + high)
    found = []
    for country in countries():
        parts = [
            path
            for ring, around in zip(country.rings, country.boxes, strict=True)
            if _touch(around, window) and (path := _path(ring, around, window, Projection(box)))
        ]
        if parts:
            found.append(Outline(country.code, "".join(parts)))
    return tuple(found)


def _touch(a: Box, b: Box) -> bool:
    return a.west <= b.east and b.west <= a.east and a.south <= b.north and b.south <= a.north


def _path(ring: Sequence[Point], around: Box, window: Box, projection: Projection) -> str:
    """Return a ring as a path, cut to the window; empty where nothing of it can be seen."""
    inside = window.holds(around.west, around.south) and window.holds(around.east, around.north)
    points = list(ring) if inside else clipped(ring, window)
    drawn: list[tuple[int, int]] = []
    for lon, lat in points:
        x, y = projection.point(lon, lat)
        point = round(x * TENTHS), round(y * TENTHS)
        if not drawn or max(abs(point[0] - drawn[-1][0]), abs(point[1] - drawn[-1][1])) >= CLOSEST:
            drawn.append(point)
    if len(drawn) < 3:
        return ""
    (x0, y0), rest = drawn[0], drawn[1:]
    steps = []
    before = (x0, y0)
    for point in rest:
        steps.append(f"{point[0] - before[0]} {point[1] - before[1]}")
        before = point
    return f"M{x0} {y0}l{' '.join(steps)}z"


def clipped(ring: Sequence[Point], window: Box) -> list[Point]:
    """Return the part of a ring that lies in the window (Sutherland and Hodgman: one side after the other)."""
    sides = ((0, window.west, 1), (0, window.east, -1), (1, window.south, 1), (1, window.north, -1))
    points = list(ring)
    for axis, edge, sign in sides:
        if not points:
            return []
        before = points[-1]
        found: list[Point] = []
        for point in points:
            was, now = (before[axis] - edge) * sign >= 0, (point[axis] - edge) * sign >= 0
            if was != now:
                found.append(_crossing(before, point, axis, edge))
            if now:
                found.append(point)
            before = point
        points = found
    return points


def _crossing(a: Point, b: Point, axis: int, edge: float) -> Point:
    along = (edge - a[axis]) / (b[axis] - a[axis])
    return a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])


@lru_cache(maxsize=1)
def _seas() -> tuple[tuple[str, float, float, float], ...]:
    rows = json.loads((_HERE / "seas.json").read_text(encoding="utf-8"))
    return tuple((name, lon, lat, width) for name, lon, lat, width in rows)


@lru_cache(maxsize=4)
def _translated(language: str) -> dict[str, str]:
    """Return the names of countries and seas in a language, by their English ones; empty for others."""
    file = _HERE / f"names-{language}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def names(
    projection: Projection, leave_out: Collection[str] = (), language: str = "en"
) -> list[Name]:
    """Return what can be written inside the picture, the largest first; countries by code may be left out."""
    said = _translated(language)
    rows = [
        (c.name, c.lon, c.lat, c.width, False) for c in countries() if c.code not in leave_out
    ] + [(*row, True) for row in _seas()]
    found = []
    for text, lon, lat, width, sea in rows:
        x, y = projection.point(lon, lat)
        if 0 < x < WIDTH and 0 < y < HEIGHT:
            room = width * projection.scale_east
            found.append(Name(said.get(text, text), round(x, 1), round(y, 1), round(room, 1), sea))
    return sorted(found, key=lambda name: (-name.room, name.text))


def name_of(code: str, language: str = "en") -> str:
    """Return what the base map calls a country, by its code; empty where it has no name in that language."""
    name = next((c.name for c in countries() if c.code and c.code == code), "")
    return name if language == "en" else _translated(language).get(name, "")


def place_of_name(code: str) -> tuple[float, float] | None:
    """Return longitude and latitude where a country's name stands, for what is known to the country alone."""
    return next(((c.lon, c.lat) for c in countries() if c.code == code), None)
