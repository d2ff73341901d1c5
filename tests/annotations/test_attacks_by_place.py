"""Attacks that name nobody: a place, a day and what happened are enough."""

from datetime import date

import pytest

from tests.annotations.reading import only, read_text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Three Katyushas landed in Baghdad's Green Zone on Monday.", "green-zone"),
        ("Camp Taji was shelled on Monday.", "camp-taji"),
        ("A rocket was fired at the Green Zone late on Monday.", "green-zone"),
        ("Rockets hit the cargo side of Baghdad airport on Monday.", "baghdad-airport"),
        ("The missiles struck Ain al-Asad air base in Anbar province on Monday.", "ain-al-asad"),
        ("On Monday an explosion shook homes east of Tehran.", "tehran"),
    ],
)
def test_the_place_is_what_is_hit(text: str, place: str):
    (told,) = read_text(text).story_events
    assert (told.event.type, told.event.place) == ("ASSAULT", place)
    assert told.event.initiators == ["unattributed"]
    assert told.event.date is not None
    assert told.event.date.start == date(2020, 3, 16)


def test_a_place_named_by_its_kind_is_the_one_named_before():
    text = "Soldiers cleaned up in the Green Zone. Four rockets exploded in the zone on Monday."
    assert only(text, "ASSAULT").place == "green-zone"


def test_a_place_of_another_kind_is_not_meant():
    text = "Soldiers met in the Green Zone. Four rockets exploded at the airport on Monday."
    assert only(text, "ASSAULT").place is None


def test_a_place_is_a_target_by_its_whole_name():
    assert only("Rockets struck Ain al-Asad air base.", "ASSAULT").targets == [
        "Ain al-Asad air base"
    ]


def test_the_name_of_an_attack_holds_its_place_and_no_doer():
    attack = only("Mike Pompeo spoke of the Taji attack.", "ASSAULT")
    assert (attack.place, attack.initiators) == ("camp-taji", [])


@pytest.mark.parametrize(
    "text",
    [
        "Planning attacks on US troops takes time.",
        "The group announced a halt to attacks on U.S. forces.",
        "He was accused of planning attacks on American diplomats.",
    ],
)
def test_what_is_planned_or_ended_is_no_attack(text: str):
    assert not [s for s in read_text(text).story_events if s.event.type == "ASSAULT"]


def test_a_thing_does_nothing():
    assert only("The convoy hit US troops.", "ASSAULT").initiators == []


def test_a_crash_is_nobodys_attack():
    crash = only("A Ukrainian airliner crashed near Tehran, killing 176 people.", "ASSAULT")
    assert (crash.initiators, crash.targets, crash.killed) == ([], ["ukraine-gov"], 176)


def test_who_gave_the_order_is_behind_it():
    strike = only("The strike was carried out at the direction of Donald Trump.", "ASSAULT")
    assert strike.initiators == ["trump"]


def test_rockets_fired_that_killed_are_one_attack():
    attack = only(
        "Rockets fired at Camp Taji killed two Americans and a Briton, the coalition said, "
        "in the deadliest attack of the year.",
        "ASSAULT",
    )
    assert (attack.place, attack.killed) == ("camp-taji", 3)
