"""Places that the project itself lists: states and capitals, regions, waters, well-known towns and sites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from apps.annotations.pipeline import data_files, gazetteer
from apps.annotations.pipeline.countries import countries
from apps.annotations.pipeline.names_forms import fold, folded

_MOST_WITHIN = 4  # words of a country's or state's name


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a name lies."""

    place: str | None
    country: str | None
    lat: float
    lon: float
    kind: str


@dataclass(frozen=True, slots=True)
class Within:
    """What a town lies in: a country, or a state or province of it by GeoNames' code."""

    country: str
    division: str = ""


def iso(country: str) -> str | None:
    """Return the country's code; None for what lies in no single one."""
    return None if country in ("", "XXX") else country


def world() -> Iterator[tuple[str, Spot]]:
    """Yield names with their spots; what comes first is what a name means."""
    for row in data_files.rows("regions.csv"):
        spot = _spot(row, row["kind"])
        for name in (row["name"], *_aliases(row)):
            if not name.endswith("."):
                yield name, spot
    for country in countries():
        land = Spot(None, country.iso, country.lat, country.lon, "country")
        for name in country.names:
            yield name, land
        if country.capital:
            yield (
                country.capital,
                Spot(None, country.iso, country.capital_lat, country.capital_lon, "capital"),
            )
    for row in data_files.rows("cities.csv"):
        spot = _spot(row, "city")
        for name in (row["name"], *_aliases(row)):
            yield name, spot


def demonyms() -> Iterator[tuple[str, Spot]]:
    """Yield the adjectives and people's names of states ("Turkish"): never a place, but they name a land."""
    for country in countries():
        spot = Spot(None, country.iso, country.lat, country.lon, "demonym")
        for name in country.demonyms:
            yield name, spot


@cache
def withins() -> dict[tuple[str, ...], Within]:
    """Folded name of a country, state or province -> what it names after a comma: "Austin, Texas"."""
    found: dict[tuple[str, ...], Within] = {}
    for row in data_files.rows("regions.csv"):
        for name in (row["name"], *_aliases(row)) if row["code"] else ():
            found.setdefault(folded(name), Within(row["iso"], row["code"]))
    for country in countries():
        for name in country.names:
            found.setdefault(folded(name), Within(country.iso))
    return found


def within_at(folds: Sequence[str], first: int) -> Within | None:
    """Return the country, state or province whose name begins at word `first`, the longest one."""
    for end in range(min(first + _MOST_WITHIN, len(folds)), first, -1):
        found = withins().get(tuple(folds[first:end]))
        if found is not None:
            return found
    return None


def is_named_with_its_land(folds: Sequence[str], first: int, last: int) -> bool:
    """Tell whether the words after a name are a country or state that has a town of that name."""
    within = within_at(folds, last + 1)
    towns = gazetteer.towns(" ".join(folds[first : last + 1])) if within is not None else ()
    return any(within is not None and town.country == within.country for town in towns)


@cache
def postal() -> dict[str, Within]:
    """The two letters by which the post knows states of the United States: "Austin, TX"."""
    return {
        row["code"]: Within("USA", row["code"])
        for row in data_files.rows("regions.csv")
        if row["iso"] == "USA" and row["code"]
    }


@cache
def doubtful() -> frozenset[str]:
    """Folded words that are towns' names, and more often something else."""
    return frozenset(
        fold(word) for line in data_files.lines("doubtful_places.txt") for word in line.split()
    )


def words_of(group: str) -> frozenset[str]:
    """A word list of `data/places_words.yaml`."""
    return data_files.groups("places_words.yaml")[group]


def _spot(row: dict[str, str], kind: str) -> Spot:
    return Spot(None, iso(row["iso"]), float(row["lat"]), float(row["lon"]), kind)


def _aliases(row: dict[str, str]) -> list[str]:
    return [alias for alias in row["aliases"].split("|") if alias]
