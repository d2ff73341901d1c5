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
        (
            "The Pentagon said that 34 soldiers had been diagnosed with injuries after the missile attack.",
            ("us-dod", "asserts", "wounded", "34"),
        ),
        (
            "The Pentagon raised the number of wounded to 50.",
            ("us-dod", "asserts", "wounded", "50"),
        ),
        (
            "The Pentagon put the number of dead at seven.",
            ("us-dod", "asserts", "killed", "7"),
        ),
        ("Kataib Hezbollah counted 25 dead.", ("kataib-hezbollah", "asserts", "killed", "25")),
        (
            "Iraq's military said three soldiers, two policemen and a civilian were killed.",
            ("iraq-mil", "asserts", "killed", "6"),
        ),
        (
            "The Pentagon said nobody was wounded.",
            ("us-dod", "asserts", "wounded", "0"),
        ),
        (
            "The Revolutionary Guard claimed the attack.",
            ("irgc", "claims_responsibility", "responsible", "yes"),
        ),
        (
            "The Pentagon said it carried out the strikes.",
            ("us-dod", "claims_responsibility", "responsible", "yes"),
        ),
        (
            "The attack was claimed by Ashab al-Kahf.",
            ("ashab-al-kahf", "claims_responsibility", "responsible", "yes"),
        ),
        (
            "The State Department accused Iran of not meeting its promises.",
            ("us-state", "accuses", "other", "not meeting its promises"),
        ),
        (
            "The Pentagon accused Qassem Soleimani of planning attacks.",
            ("us-dod", "accuses", "other", "planning attacks"),
        ),
        (
            "Donald Trump denied that any American was harmed.",
            ("trump", "denies", "wounded", "no"),
        ),
        ("Iran denied that any attack took place.", ("iran-gov", "denies", "occurrence", "no")),
        (
            "Tehran said its answer was concluded.",
            ("iran-gov", "asserts", "other", "its answer was concluded"),
        ),
        ("Iran confirmed the meetings.", ("iran-gov", "asserts", "occurrence", "yes")),
        (
            "Ali Khamenei threatened revenge on the United States.",
            ("khamenei", "asserts", "other", "threatened revenge on the United States."),
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


def test_whom_a_speaker_describes_is_not_the_speaker():
    text = "Mustafa al-Kadhimi spoke. Kadhimi blamed rogue groups that he said were hijacking the country."
    accused = [value for _, act, _, value in claims(text) if act == "accuses"]
    assert accused == ["rogue groups"]


def test_the_accused_deny_what_they_are_accused_of():
    found = claims("Washington blamed Kataib Hezbollah for the attack, and the group denied it.")
    assert ("kataib-hezbollah", "denies", "responsible", "no") in found


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("Donald Trump had first denied that any American was harmed.", True),
        ("Donald Trump denied that any American was harmed.", False),
    ],
)
def test_what_was_said_before_is_marked(text: str, earlier: bool):
    (claim,) = read_text(text).claims
    assert claim.earlier is earlier


def test_it_is_who_spoke_before():
    text = "Iraq's military gave another account. It said three soldiers were killed."
    assert claims(text) == [("iraq-mil", "asserts", "killed", "3")]


def test_nobody_known_says_nothing():
    assert claims("No country claimed the raid.") == []
