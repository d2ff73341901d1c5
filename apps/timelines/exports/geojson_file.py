"""GeoJSON (RFC 7946): a point for each event, WGS84; `radius_km` and `geo_precision` say how well it is known.

An event without a place has no geometry. What the file says of itself is the foreign member `meta`.
"""

from collections.abc import Iterator

from apps.timelines.exports.about import About
from apps.timelines.exports.json_file import Members, dumped, joined, source_of
from apps.timelines.exports.shapes import Row
from apps.timelines.exports.table import COLUMNS


def write(about: About, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the file, one feature at a time, in UTF-8."""
    yield b'{"type": "FeatureCollection", "meta": ' + dumped(about.meta()) + b',\n"features": ['
    yield from joined(feature_of(row, about) for row in rows)
    yield b"\n]}\n"


def feature_of(row: Row, about: About) -> Members:
    """Return one event as a feature."""
    point = row.place and {"type": "Point", "coordinates": [row.place.lon, row.place.lat]}
    properties = {
        name: column(row, about) for name, column in COLUMNS.items() if name not in ("lat", "lon")
    }
    sources = [source_of(source) for source in row.sources]
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": point,
        "properties": {**properties, "sources": sources},
    }
