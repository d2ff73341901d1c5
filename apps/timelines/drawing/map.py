"""The map's frame: which part of the world is shown, and where in the picture a degree and a kilometre are.

Equirectangular, true to scale along the middle latitude of what is shown. A box does not cross the 180th
meridian: what lies on both sides of it is shown on a map of the whole width. Plain: values in, values out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians
from typing import Final

WIDTH: Final = 800
HEIGHT: Final = 540
KM_A_DEGREE: Final = 111.32  # of latitude
SOUTHERN_END, NORTHERN_END = -60.0, 84.0
LEAST_SPAN: Final = 2.5  # degrees of latitude: nearer the base map would show its simplified lines
MOST_SPAN: Final = 240.0
MARGIN: Final = 0.12  # of what is fitted, on every side
# A few events far from all others do not make the others small: the map opens on this share of them ...
SHARE_SHOWN: Final = 0.66
# ... where that makes it nearer by at least this.
NEARER_BY: Final = 0.6
SCALE_BAR: Final = 150  # units: the longest that a scale bar is


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the world in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    @property
    def address(self) -> str:
        """The box as addresses carry it: west,south,east,north."""
        return ",".join(f"{side:.2f}" for side in (self.west, self.south, self.east, self.north))

    def moved(self, right: float, up: float, zoom: float = 1) -> "Box":
        """Return the box moved by parts of its own size, and `zoom` times as near."""
        lon, lat = self.middle
        wide, high = self.east - self.west, self.north - self.south
        return framed(lon + right * wide, lat + up * high, high / zoom)

    def holds(self, lon: float, lat: float) -> bool:
        """Tell whether a point lies inside."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


@dataclass(frozen=True, slots=True)
class Area:
    """What is to be seen on the map: a circle on the ground, and how many events it stands for."""

    lon: float
    lat: float
    radius_km: float
    count: int = 1


def framed(lon: float, lat: float, span: float) -> Box:
    """Return the box of the picture's shape around a middle, `span` degrees of latitude high."""
    span = min(max(span, LEAST_SPAN), MOST_SPAN)
    lat = min(max(lat, SOUTHERN_END + min(span, 60) / 2), NORTHERN_END - min(span, 60) / 2)
    half = span * WIDTH / HEIGHT / cos(radians(lat)) / 2
    half = min(half, 180.0)
    lon = min(max(lon, half - 180), 180 - half)
    return Box(lon - half, lat - span / 2, lon + half, lat + span / 2)


def parse(asked: str) -> Box | None:
    """Read `west,south,east,north`; None where it is no box of the world. The picture's shape is kept to."""
    try:
        west, south, east, north = (float(side) for side in asked.split(","))
    except ValueError:
        return None
    whole = -180 <= west < east <= 180 and -MOST_SPAN <= south < north <= MOST_SPAN
    if not whole:
        return None
    middle = max(SOUTHERN_END, min(NORTHERN_END, (south + north) / 2))
    high = (east - west) * cos(radians(middle)) * HEIGHT / WIDTH
    # A box that this page wrote comes out as it went in, rounding apart.
    span = north - south if abs(high - (north - south)) < 0.05 else max(high, north - south)
    return framed((west + east) / 2, (south + north) / 2, span)


def whole(areas: Sequence[Area]) -> Box:
    """Return the box that holds all areas with a margin; the whole world where there is none."""
    if not areas:
        return framed(10, 20, MOST_SPAN)
    north = max(a.lat + a.radius_km / KM_A_DEGREE for a in areas)
    south = min(a.lat - a.radius_km / KM_A_DEGREE for a in areas)
    west = min(a.lon - _degrees_east(a) for a in areas)
    east = max(a.lon + _degrees_east(a) for a in areas)
    lat = min(max((south + north) / 2, SOUTHERN_END), NORTHERN_END)
    wide = (east - west) * cos(radians(lat)) * HEIGHT / WIDTH
    return framed((west + east) / 2, lat, max(north - south, wide) * (1 + 2 * MARGIN))


def fitted(areas: Sequence[Area]) -> Box:
    """Return the box that a map opens with: all areas, or most events where a few lie far away."""
    every = whole(areas)
    total = sum(area.count for area in areas)
    if len(areas) < 3:
        return every
    lon, lat = (
        _median([(a.lon, a.count) for a in areas]),
        _median([(a.lat, a.count) for a in areas]),
    )
    nearest = sorted(areas, key=lambda a: (a.lon - lon) ** 2 * 0.6 + (a.lat - lat) ** 2)
    held, inside = 0, []
    for area in nearest:
        if held >= total * SHARE_SHOWN:
            break
        inside.append(area)
        held += area.count
    near = whole(inside)
    return near if near.north - near.south <= (every.north - every.south) * NEARER_BY else every


def _median(values: Sequence[tuple[float, int]]) -> float:
    """Return the value in the middle of all, each counted as often as it says."""
    half, seen = sum(count for _, count in values) / 2, 0
    ordered = sorted(values)
    for value, count in ordered:
        seen += count
        if seen >= half:
            return value
    return ordered[-1][0]


def _degrees_east(area: Area) -> float:
    return area.radius_km / (KM_A_DEGREE * max(cos(radians(area.lat)), 0.1))


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to units of the picture, whose upper left corner is 0, 0."""

    box: Box

    @property
    def scale(self) -> float:
        """Units a degree of latitude."""
        return HEIGHT / (self.box.north - self.box.south)

    @property
    def scale_east(self) -> float:
        """Units a degree of longitude."""
        return WIDTH / (self.box.east - self.box.west)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point of the ground stands."""
        return (lon - self.box.west) * self.scale_east, (self.box.north - lat) * self.scale

    def circle(self, lat: float, radius_km: float) -> tuple[float, float]:
        """Return the half axes of a circle on the ground: away from the middle latitude it is drawn wider."""
        high = radius_km / KM_A_DEGREE
        return high / max(cos(radians(lat)), 0.1) * self.scale_east, high * self.scale


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A length on the ground and in the picture."""

    km: int
    width: float


def scale_bar(projection: Projection) -> ScaleBar:
    """Return the longest bar of 1, 2 or 5 times a power of ten kilometres that is not too long."""
    a_km = projection.scale / KM_A_DEGREE
    most = SCALE_BAR / a_km
    power = 10 ** floor(log10(most))
    km = max(1, next(int(step * power) for step in (5, 2, 1) if step * power <= most))
    return ScaleBar(km, round(km * a_km, 1))
