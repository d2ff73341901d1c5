"""Places named in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.annotations.pipeline import sentences
from apps.annotations.pipeline.countries import countries
from apps.annotations.pipeline.names import ActorFinder
from apps.annotations.pipeline.places import PlaceFinder
from apps.annotations.pipeline.types import PlaceMention
from tests.annotations.small_lexicon import LEXICON, PUBLISHED

ACTORS = ActorFinder(LEXICON)
FINDER = PlaceFinder(LEXICON)


def find(text: str) -> list[PlaceMention]:
    """Places of a text, with its actors found first."""
    spans = sentences.split(text)
    return FINDER.find(text, spans, ACTORS.find(text, spans, PUBLISHED))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rockets fell in Baghdad.", [("Baghdad", "baghdad", "IRQ")]),
        (
            "Rockets hit the US embassy in Baghdad.",
            [("US embassy in Baghdad", "us-embassy-baghdad", "IRQ")],
        ),
        ("Rockets hit the US embassy on Sunday.", [("US embassy", "us-embassy-baghdad", "IRQ")]),
        ("Rockets hit the green zone.", [("green zone", "green-zone", "IRQ")]),
        ("US troops in Iraq left for Kuwait.", [("Iraq", None, "IRQ")]),
        (
            "They met in Doha, near Mosul and in the Strait of Hormuz.",
            [("Doha", None, "QAT"), ("Mosul", None, "IRQ"), ("Strait of Hormuz", None, None)],
        ),
        ("Iran struck.", []),
        ("Tehran accused Washington.", []),
        ("He read The Washington Post and met Reza Paris.", []),
    ],
)
def test_places_and_what_is_none(
    text: str, found: list[tuple[str, str | None, str | None]]
) -> None:
    assert [(m.surface, m.place, m.country) for m in find(text)][: len(found) or None] == found


def test_a_place_of_the_lexicon_goes_before_the_worlds() -> None:
    (place,) = find("Rockets fell in Baghdad.")
    assert (place.lat, place.lon) == (33.31, 44.37)


@given(st.text())
def test_offsets_match_whatever_the_text(text: str) -> None:
    for mention in find(text):
        assert mention.surface == mention.span.of(text)


def test_the_table_of_states_is_sound() -> None:
    listed = countries()
    assert len({c.iso for c in listed}) == len(listed) > 190
    for country in listed:
        assert len(country.iso) == 3
        assert country.iso.isupper()
        for lat, lon in ((country.lat, country.lon), (country.capital_lat, country.capital_lon)):
            assert -90 <= lat <= 90, country
            assert -180 <= lon <= 180, country
