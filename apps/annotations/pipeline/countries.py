"""The world's states: names, demonyms, capitals and coordinates, from `data/countries.csv`."""

from dataclasses import dataclass
from functools import cache

from apps.annotations.pipeline import data_files


@dataclass(frozen=True, slots=True)
class Country:
    """A state or territory; coordinates in degrees, WGS84."""

    iso: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capital: str
    lat: float
    lon: float
    capital_lat: float
    capital_lon: float


@cache
def countries() -> tuple[Country, ...]:
    """Return every country of the table, in its order."""
    return tuple(
        Country(
            iso=row["iso"],
            names=(row["name"], *_listed(row["aliases"])),
            demonyms=_listed(row["demonym"]),
            capital=row["capital"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            capital_lat=float(row["capital_lat"] or row["lat"]),
            capital_lon=float(row["capital_lon"] or row["lon"]),
        )
        for row in data_files.rows("countries.csv")
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)
