"""Towns, regions and waters of the world that no dossier lists."""

import re
import time

import pytest

from apps.annotations.pipeline import data_files, gazetteer, sentences
from apps.annotations.pipeline.countries import countries
from apps.annotations.pipeline.names import ActorFinder
from apps.annotations.pipeline.names_forms import folded
from apps.annotations.pipeline.places import PlaceFinder, PlacesFound
from apps.annotations.pipeline.places_world import doubtful, withins, world
from apps.annotations.pipeline.types import Lexicon, PlaceEntry
from tests.annotations.small_lexicon import LEXICON, PUBLISHED

ACTORS = ActorFinder(LEXICON)
FINDER = PlaceFinder(LEXICON)


def survey(text: str) -> PlacesFound:
    """Places and lands of a text, with its actors found first."""
    spans = sentences.split(text)
    return FINDER.survey(text, spans, ACTORS.find(text, spans, PUBLISHED))


def told(text: str) -> list[tuple[str, str | None]]:
    """Surfaces and countries of the places of a text."""
    return [(place.surface, place.country) for place in survey(text).places]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        # A large town needs no word beside it, a small one does.
        ("Shells fell on Kharkiv and Zaporizhzhia.", [("Kharkiv", "UKR"), ("Zaporizhzhia", "UKR")]),
        ("Three men drowned near Khasab on Friday.", [("Khasab", "OMN")]),
        ("Khasab looked up and laughed.", []),
        # A name of several places: what stands behind it, what else the text names, how many live there.
        ("He was born in Tripoli, Lebanon.", [("Tripoli", "LBN"), ("Lebanon", "LBN")]),
        ("Gunmen closed the port of Tripoli.", [("Tripoli", "LBY")]),
        ("A court in Paris, Texas, freed her.", [("Paris", "USA"), ("Texas", "USA")]),
        ("They flew to Manchester.", [("Manchester", "GBR")]),
        ("Floods closed roads in New Hampshire. They reached Manchester.",
         [("New Hampshire", "USA"), ("Manchester", "USA")]),
        ("A fire broke out in Springfield, Ill., overnight.", [("Springfield", "USA")]),
        # No town: a person, an ordinary word, a street, a newspaper, an acronym, a month.
        ("Mary Jackson left. Later Jackson came back.", []),
        ("Reading is hard. Nice weather, Mobile phones.", []),
        ("She was arrested in Jackson on Monday.", [("Jackson", "USA")]),
        ("He lives on Kharkiv Street.", []),
        ("The Manchester Gazette closed.", []),
        ("The group MAN met in March.", []),
        ("the people of aleppo and mobile users", []),
        # Waters and regions.
        ("Ships met in the Bab el-Mandeb and the Red Sea.", [("Bab el-Mandeb", None), ("Red Sea", None)]),
        ("Settlers in the West Bank and the Golan Heights protested.",
         [("West Bank", "PSE"), ("Golan Heights", "SYR")]),
        # A site whose name begins with a land's is the site.
        ("Rockets hit the US embassy in Baghdad.", [("US embassy in Baghdad", "IRQ")]),
    ],
)  # fmt: skip
def test_places_beyond_the_dossier(text: str, places: list[tuple[str, str | None]]) -> None:
    assert told(text) == places


def test_a_name_means_one_town_in_a_text() -> None:
    found = survey(
        "Shots were heard in Torrington, Connecticut. Torrington was quiet later."
    ).places
    towns = {(p.lat, p.lon) for p in found if p.surface == "Torrington"}
    assert len([p for p in found if p.surface == "Torrington"]) == 2
    assert len(towns) == 1


def test_a_state_that_the_text_names_says_which_town_is_meant() -> None:
    (town,) = (p for p in survey("Rain fell in Maine. It reached Portland.").places[1:])
    assert (round(town.lat or 0), round(town.lon or 0)) == (44, -70)


def test_a_town_that_is_told_of_another_state_is_none() -> None:
    """No town of that name is listed there: better none than one of another state."""
    assert told("It rained in Edmonton, Kentucky.") == [("Kentucky", "USA")]
    assert told("It rained in Torrington, Nevada.") == [("Nevada", "USA")]


def test_a_sites_name_may_begin_inside_a_lands_name() -> None:
    places = (
        PlaceEntry("us", "United States", "country", "USA", 39.8, -98.6, 2000, None, ("the US",)),
        PlaceEntry("embassy", "US embassy", "site", "IRQ", 33.3, 44.4, 1),
    )
    text = "Rockets hit the US embassy."
    spans = sentences.split(text)
    found = PlaceFinder(Lexicon(places=places)).survey(text, spans, ACTORS.find(text, spans))
    assert [place.place for place in found.places] == ["embassy"]
    assert found.lands == []


def test_places_beyond_the_dossier_have_coordinates_and_no_id() -> None:
    (place,) = survey("Rockets fell in Raqqa.").places
    assert (place.place, place.country) == (None, "SYR")
    assert (round(place.lat or 0), round(place.lon or 0)) == (36, 39)


def test_lands_of_actors_are_told_apart_from_places() -> None:
    found = survey("Turkish police said Iran attacked US troops in Aleppo.")
    assert [(p.surface, p.country) for p in found.places] == [("Aleppo", "SYR")]
    assert [(p.surface, p.country) for p in found.lands] == [
        ("Turkish", "TUR"),
        ("Iran", "IRN"),
        ("US", "USA"),
    ]


def test_the_gazetteer_is_small_sound_and_quick() -> None:
    assert data_files.path("gazetteer.tsv.gz").stat().st_size < 2_000_000
    gazetteer.towns.cache_clear()
    started = time.perf_counter()
    table = gazetteer.load()
    assert time.perf_counter() - started < 0.5  # a tenth of it on a quiet machine
    codes = {country.iso for country in countries()}
    assert len(table) > 40_000
    unknown = set()
    for name in list(table)[::50]:
        assert folded(name) == tuple(name.split(" ")), name
        for town in gazetteer.towns(name):
            assert -90 <= town.lat <= 90, name
            assert -180 <= town.lon <= 180, name
            unknown |= {town.country} - codes
    assert len(unknown) < 40  # territories that are no states of the table: Puerto Rico, Hong Kong


def test_the_table_of_regions_is_sound() -> None:
    rows = data_files.rows("regions.csv")
    assert {row["kind"] for row in rows} <= {"region", "sea", "site", "city"}
    names = [name for row in rows for name in (row["name"], *row["aliases"].split("|")) if name]
    assert len(names) == len(set(names))
    for row in rows:
        assert re.fullmatch("[A-Z]{3}", row["iso"]), row
        assert -90 <= float(row["lat"]) <= 90, row
        assert -180 <= float(row["lon"]) <= 180, row
    divisions = [
        (row["iso"], row["code"]) for row in rows if row["code"] and row["kind"] == "region"
    ]
    assert len({d for d in divisions if d[0] in ("USA", "CAN")}) == 51 + 13
    assert all(-90 <= spot.lat <= 90 for _, spot in world())
    assert ("texas",) in withins()
    assert "jackson" in doubtful()


def test_the_table_of_towns_agrees_with_the_gazetteer() -> None:
    rows = (*data_files.rows("regions.csv"), *data_files.rows("cities.csv"))
    names = [name for row in rows for name in (row["name"], *row["aliases"].split("|")) if name]
    assert [name for name in names if names.count(name) > 1] == []
    for row in data_files.rows("cities.csv"):
        for name in filter(None, (row["name"], *row["aliases"].split("|"))):
            towns = [t for t in gazetteer.towns(" ".join(folded(name))) if t.country == row["iso"]]
            if towns:
                far = min(
                    abs(t.lat - float(row["lat"])) + abs(t.lon - float(row["lon"])) for t in towns
                )
                assert far < 0.5, (name, far)
