"""Who did what to whom, when, and whether it happened: one sentence, one hard part each."""

from datetime import date

import pytest

from tests.annotations.reading import events, only


@pytest.mark.parametrize(
    "text",
    [
        "Iranian forces shelled an Iraqi army base near Erbil on Tuesday.",
        "An Iraqi army base was shelled by Iranian forces on Tuesday.",
    ],
)
def test_active_and_passive_tell_the_same(text: str):
    event = only(text, "ASSAULT")
    assert (event.initiators, event.targets) == (["iran-gov"], ["iraq-mil"])
    assert event.mode == "heavy-weapons"
    assert event.date is not None
    assert event.date.start == date(2020, 3, 17)


def test_a_noun_with_its_relative_clause_is_one_event():
    event = only("The US air strike that killed Qassem Soleimani shook the region.", "ASSAULT")
    assert (event.initiators, event.targets, event.mode) == (["us-gov"], ["soleimani"], "aerial")


def test_a_barrage_fired_by_nobody_named_with_its_toll():
    text = (
        "A barrage of rockets was fired at the US embassy in Baghdad on Monday, "
        "killing two guards and wounding a dozen civilians."
    )
    event = only(text, "ASSAULT")
    assert (event.initiators, event.targets) == ([], ["us-gov"])
    assert (event.killed, event.wounded) == (2, 12)
    assert event.place == "us-embassy-baghdad"


def test_the_owner_of_a_dismissal_does_it():
    event = only("President Trump's dismissal of Mark Esper surprised many.", "COERCE")
    assert (event.initiators, event.targets) == (["trump"], ["esper"])


def test_the_owner_of_a_killing_suffers_it():
    event = only("Soleimani's killing was mourned for days.", "ASSAULT")
    assert "soleimani" in event.targets
    assert "soleimani" not in event.initiators


@pytest.mark.parametrize(
    ("text", "type_", "modality"),
    [
        ("Iran attacked US forces in Iraq.", "ASSAULT", "actual"),
        ("Iran could attack US forces in Iraq.", "ASSAULT", "hypothetical"),
        ("If Iran attacks US forces, the coalition leaves.", "ASSAULT", "hypothetical"),
        ("Iran did not attack US forces.", "ASSAULT", "negated"),
        ("Iran will withdraw from the nuclear deal.", "REJECT", "future"),
        ("Officials feared a US strike on Iran.", "ASSAULT", "hypothetical"),
        ("Kataib Hezbollah denied that it had fired the rockets.", "ASSAULT", "negated"),
    ],
)
def test_modality(text: str, type_: str, modality: str):
    assert only(text, type_).modality == modality


def test_a_threatened_attack_is_a_threat_and_no_attack():
    found = events("Iran threatened to attack US forces in Iraq.")
    assert [(e.type, e.modality) for e in found if e.modality == "actual"] == [
        ("THREATEN", "actual")
    ]
    assert (found[0].initiators, found[0].targets) == (["iran-gov"], ["us-mil"])


def test_the_nearest_speaker_of_a_chain_is_quoted():
    text = "Two Iraqi politicians said Esmail Ghaani told the militias that Iran had attacked US troops."
    event = only(text, "ASSAULT")
    assert event.attribution is not None
    assert (event.attribution.speaker, event.attribution.act) == ("ghaani", "asserts")


def test_according_to_names_the_speaker():
    event = only("According to the Pentagon, Iran attacked US troops on Wednesday.", "ASSAULT")
    assert event.attribution is not None
    assert event.attribution.speaker == "us-dod"


def test_coordinated_doers_do_it_together():
    event = only("Iran and Russia condemned the United States.", "ACCUSE")
    assert (event.initiators, event.targets) == (["iran-gov", "russia-gov"], ["us-gov"])


def test_several_events_in_one_sentence_keep_their_own_sides():
    text = (
        "Iran arrested a British sailor and seized a tanker, "
        "and the United States imposed sanctions on Iran."
    )
    told = [(e.mode, e.initiators, e.targets) for e in events(text)]
    assert told == [
        ("arrest", ["iran-gov"], ["uk-gov"]),
        ("seize", ["iran-gov"], ["tanker"]),
        ("restrict", ["us-gov"], ["iran-gov"]),
    ]


def test_a_lost_comma_does_not_turn_the_answer_into_the_cause():
    text = "Iran fired missiles in response to the drone strike targeting US troops and wounding dozens."
    answer = next(e for e in events(text) if e.initiators == ["iran-gov"])
    assert (answer.targets, answer.wounded) == (["us-mil"], 24)


@pytest.mark.parametrize(
    ("text", "type_", "sides"),
    [
        ("The United States lifted sanctions on Iran.", "RETREAT", ("us-gov", "iran-gov")),
        ("Iran refused to release the American sailors.", "REJECT", ("iran-gov", "us-navy")),
        ("Mike Pompeo met Barham Salih in Baghdad.", "CONSULT", ("pompeo", "salih")),
        (
            "Mike Pompeo urged Iraq to protect American diplomats.",
            "REQUEST",
            ("pompeo", "iraq-gov"),
        ),
        ("Trump ordered the withdrawal of US troops from Iraq.", "RETREAT", ("trump", "iraq-gov")),
    ],
)
def test_types_and_sides(text: str, type_: str, sides: tuple[str, str]):
    event = next(e for e in events(text) if e.type == type_)
    assert (event.initiators, event.targets) == ([sides[0]], [sides[1]])


def test_days_that_lie_ahead_date_no_fact():
    event = only("Iran attacked US troops who leave Iraq in December 2021.", "ASSAULT")
    assert event.date is None


def test_every_event_says_why():
    for event in events("Iran attacked US troops on Wednesday."):
        assert '"attacked"' in event.why
        assert '"on Wednesday"' in event.why


def test_a_quotation_beside_a_verb_of_speech_is_not_asked_for_its_own_subject():
    """Its first word is a participle, whose subject was looked for in the quotation, and so without end."""
    assert events('"Being friendly and threatening," Donald Trump told Iran.') == []
    (threat,) = events('"Do not be threatening," Donald Trump told her.')
    assert (threat.initiators, threat.modality) == (["trump"], "negated")
