"""Who says what about a happening."""

import pytest

from tests.annotations.reading import read_text


def claims(text: str) -> list[tuple[str, str, str, str]]:
    return [(c.speaker, c.act, c.field, c.value) for c in read_text(text).claims]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            "Ashab al-Kahf claimed responsibility for the attack.",
            ("ashab-al-kahf", "claims_responsibility", "responsible", "yes"),
        ),
        (
            "Kataib Hezbollah denied that it had fired the rockets.",
            ("kataib-hezbollah", "denies", "responsible", "no"),
        ),
        ("Iran denied reports of a strike.", ("iran-gov", "denies", "occurrence", "no")),
        (
            "The United States accused Iran of firing rockets at the embassy.",
            ("us-gov", "accuses", "responsible", "iran-gov"),
        ),
        (
            "The Pentagon said Iran was behind the attack.",
            ("us-dod", "accuses", "responsible", "iran-gov"),
        ),
        (
            "The Pentagon said 34 soldiers were wounded at the base.",
            ("us-dod", "asserts", "wounded", "34"),
        ),
        (
            "Iran has not claimed responsibility for the attack.",
            ("iran-gov", "declines", "responsible", ""),
        ),
        (
            "Qais al-Khazali said the truce was over.",
            ("khazali", "asserts", "arrangement_holds", "no"),
        ),
        (
            "Kataib Hezbollah said the ceasefire was still in place.",
            ("kataib-hezbollah", "asserts", "arrangement_holds", "yes"),
        ),
    ],
)
def test_one_claim_a_sentence(text: str, claim: tuple[str, str, str, str]):
    assert claims(text) == [claim]


def test_a_claim_of_responsibility_points_to_the_attack_told_before():
    text = (
        "Rockets were fired at the US embassy in Baghdad on Monday. "
        "Ashab al-Kahf took responsibility. Kataib Hezbollah denied involvement."
    )
    found = read_text(text)
    assert [(c.act, c.event) for c in found.claims] == [
        ("claims_responsibility", 0),
        ("denies", 0),
    ]
    assert found.events[0].type == "ASSAULT"


def test_blaming_a_thing_accuses_nobody():
    assert claims("Iran blamed the crash on an engine.") == []
