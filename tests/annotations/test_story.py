"""The distinct events of an article: mentions merged, dates and actors shared."""

from datetime import date

import pytest

from apps.annotations.pipeline.types import CodedEvent
from tests.annotations.reading import PUBLISHED, read_text

ROCKETS = (
    "Esmail Ghaani met Iraqi militia leaders in Baghdad this week. "
    "Just hours after Ghaani met them, rockets were fired at the Green Zone in Baghdad. "
    "The rockets killed one child near the Green Zone and wounded five civilians.\n\n"
    "The attack was the first in weeks."
)


def test_mentions_of_one_attack_are_one_event():
    story = read_text(ROCKETS).story_events
    attacks = [s for s in story if s.event.type == "ASSAULT"]
    assert len(attacks) == 1
    assert len(attacks[0].mentions) >= 2
    assert (attacks[0].event.killed, attacks[0].event.wounded) == (1, 5)
    assert attacks[0].event.initiators == ["unattributed"]


def test_hours_after_a_dated_event_is_dated_with_it():
    attack = next(s.event for s in read_text(ROCKETS).story_events if s.event.type == "ASSAULT")
    assert attack.date is not None
    assert (attack.date.start, attack.date.end) == (date(2020, 3, 16), PUBLISHED)


def test_a_known_event_of_the_dossier_dates_what_bears_its_name():
    story = read_text("The US air strike that killed Qassem Soleimani shook the region.")
    event = story.story_events[0].event
    assert event.date is not None
    assert event.date.start == date(2020, 1, 3)
    assert "known event" in event.why
    assert story.events[0].date is None, "the mention itself stays as the text has it"


def test_background_is_told_from_news():
    text = (
        "Iran attacked US troops in Iraq on Wednesday. "
        "The United States withdrew from the nuclear deal in 2018."
    )
    roles = {s.event.type: s.role for s in read_text(text).story_events}
    assert roles == {"ASSAULT": "main", "REJECT": "background"}


def test_two_attacks_by_different_doers_stay_two():
    text = "Iran attacked US troops on Wednesday. Israel attacked Syria on Wednesday."
    assert len(read_text(text).story_events) == 2


def test_what_is_only_possible_is_no_story_event():
    assert read_text("Iran could attack US forces in Iraq.").story_events == []


def test_without_a_day_of_publication_nothing_is_dated_by_it():
    story = read_text("Mike Pompeo condemned Iran.", published=None).story_events
    assert [s.event.date for s in story] == [None]


def test_attacks_on_other_places_are_other_attacks():
    text = "Rockets hit Camp Taji on Monday. Rockets hit the K-1 base on Monday."
    assert [s.event.place for s in read_text(text).story_events] == ["camp-taji", "k-1-base"]


def test_a_bare_toll_belongs_to_the_attack_told_before():
    text = (
        "U.S. aircraft bombed Kataib Hezbollah on Monday after rockets killed two soldiers at Camp Taji. "
        "Iraq's military said six people were killed and twelve were wounded."
    )
    first = read_text(text).story_events[0].event
    assert (first.initiators, first.killed, first.wounded) == (["us-mil"], 6, 12)


def test_several_attacks_in_one_word_are_no_event():
    assert read_text("Attacks on US troops in Iraq have gone on since.").story_events == []


def test_an_hour_without_a_day_is_of_the_day():
    text = "Iran spoke. Iran spoke. Iran spoke. Shortly before midnight rockets landed in the Green Zone."
    (attack,) = [s.event for s in read_text(text).story_events if s.event.type == "ASSAULT"]
    assert attack.date is not None
    assert attack.date.end == PUBLISHED


def told(text: str, type_: str) -> CodedEvent:
    """The single distinct event of a type that a text tells."""
    found = [s.event for s in read_text(text).story_events if s.event.type == type_]
    assert len(found) == 1, [(e.type, e.initiators, e.targets) for e in found]
    return found[0]


def test_an_act_of_one_side_alone_is_no_event():
    assert read_text("Donald Trump negotiated on Thursday.").story_events == []


def test_who_is_meant_by_words_is_the_other_side_they_name():
    event = told("Mike Pompeo complained on Thursday that Iran had tested a missile.", "ACCUSE")
    assert (event.initiators, event.targets) == (["pompeo"], ["iran-gov"])


def test_nobody_threatens_his_own_troops():
    text = "On Thursday Donald Trump threatened that US troops would hit Iran."
    assert told(text, "THREATEN").targets == ["iran-gov"]


def test_who_walks_back_threats_made_them():
    text = "On Thursday Donald Trump walked back threats against Iran."
    assert told(text, "THREATEN").initiators == ["trump"]


def test_revenge_is_vowed_on_who_did_it():
    text = "US forces struck Kataib Hezbollah on Thursday. The group vowed revenge."
    event = told(text, "THREATEN")
    assert (event.initiators, event.targets) == (["kataib-hezbollah"], ["us-mil"])


def test_a_condemned_attack_is_held_against_its_doer():
    text = "Iran attacked US troops on Thursday. Mike Pompeo condemned the strike."
    assert told(text, "ACCUSE").targets == ["iran-gov"]


def test_a_year_before_a_noun_dates_the_thing_and_not_the_words_about_it():
    text = "Donald Trump urged Iran to renegotiate the 2015 deal."
    event = told(text, "REQUEST")
    assert event.date is not None
    assert event.date.start.year == 2020


def test_news_is_not_joined_with_what_was_told_of_another_year():
    text = (
        "The United States is withdrawing troops from Iraq. "
        "In 2018 the United States withdrew from the nuclear deal with Iran."
    )
    dates = [s.event.date for s in read_text(text).story_events]
    assert [d.start.year for d in dates if d is not None] == [2018]


def test_the_killing_of_somebody_is_not_the_attack_told_beside_it():
    text = "Iran attacked US troops on Thursday in retaliation for the killing of Qassem Soleimani."
    for story in read_text(text).story_events:
        assert not ("iran-gov" in story.event.initiators and "soleimani" in story.event.targets)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The US air strike that killed Qassem Soleimani shook the region.", 0.9, 1),
        ("Iran attacked US troops on Thursday.", 0.7, 0.8),
        ("Rockets hit US troops in Baghdad on Thursday.", 0.6, 0.7),
        ("Mike Pompeo met Iraqi officials on Thursday.", 0.4, 0.6),
    ],
)
def test_confidence_rests_on_what_is_known_and_says_so(text: str, least: float, most: float):
    (story,) = read_text(text).story_events
    assert least <= story.event.confidence <= most
    assert f"confidence {story.event.confidence:.2f}: " in story.event.why
