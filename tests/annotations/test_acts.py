"""Acts of states that are told in words of everyday."""

import pytest

from tests.annotations.reading import only, read_text


@pytest.mark.parametrize(
    ("text", "type_", "initiators"),
    [
        ("Iraqi lawmakers voted to end the presence of US troops.", "REQUEST", ["iraq-parliament"]),
        ("The U.S. Senate voted 50 to 40 to curb Donald Trump.", "REJECT", ["us-congress"]),
        ("The coalition handed Camp Taji to Iraqi forces.", "RETREAT", ["cjtf-oir"]),
        ("Iranian commandos boarded the tanker Wila.", "COERCE", ["iran-gov"]),
        (
            "The State Department put Ahmad al-Hamidawi on its terrorism list.",
            "COERCE",
            ["us-state"],
        ),
        ("The Revolutionary Guard put a satellite into orbit.", "MOBILIZE", ["irgc"]),
        ("Donald Trump received Mustafa al-Kadhimi at the White House.", "CONSULT", ["trump"]),
        ("Iran fed gas into new centrifuges.", "REJECT", ["iran-gov"]),
    ],
)
def test_who_does_what(text: str, type_: str, initiators: list[str]):
    assert only(text, type_).initiators == initiators


def test_who_declares_an_act_does_it():
    act = only(
        "The United States declared that all sanctions on Iran were back in force.", "COERCE"
    )
    assert (act.initiators, act.targets) == (["us-gov"], ["iran-gov"])


def test_an_act_announced_is_told_apart_from_an_act_done():
    text = "The Pentagon said on Monday that it would withdraw its troops from Iraq."
    assert {s.event.modality for s in read_text(text).story_events} == {"future"}


def test_march_is_a_month():
    assert not [
        e for e in read_text("The base was quiet in mid-March.").events if e.type == "PROTEST"
    ]


def test_a_body_is_who_it_is_called():
    text = "A body called the Coordinating Committee of the Iraqi Resistance announced a pause."
    assert only(text, "RETREAT").initiators == ["resistance-committee"]
