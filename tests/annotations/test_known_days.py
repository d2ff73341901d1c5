"""Days counted from one event of the dossier, where what they date is another known event."""

from datetime import date

import pytest

from tests.annotations.reading import read_text


@pytest.mark.parametrize(
    ("text", "surface", "day"),
    [
        ("The firing of Esper three days after the election stunned aides.", "three", "2020-11-09"),
        ("The firing of Esper six days after the election stunned aides.", "six", "2020-11-09"),
        ("The firing of Esper 30 days after the election stunned aides.", "30", "2020-12-03"),
        (
            "The firing of Miller three days after the election stunned aides.",
            "three",
            "2020-11-06",
        ),
    ],
)
def test_a_near_count_gives_way_to_the_day_of_the_known_event(text: str, surface: str, day: str):
    found = read_text(text, date(2020, 12, 20))
    (told,) = [m for m in found.dates if m.surface.startswith(surface)]
    assert told.value is not None
    assert (told.value.start.isoformat(), told.value.end.isoformat()) == (day, day)
    assert [e.date.start.isoformat() for e in found.events if e.date] == [day]
