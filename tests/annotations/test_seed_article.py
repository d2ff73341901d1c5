"""The garbled real article that the project started from; its text is not part of the repository."""

import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from apps.annotations.pipeline.types import Annotations, ArticleInput, CodedEvent
from tests.annotations.reading import reader

ROOT = Path(__file__).parents[2]
SEED = Path(os.environ.get("SHARED") or ROOT.parent / "shared") / "dossier" / "seed-article.txt"

pytestmark = pytest.mark.skipif(
    not SEED.exists(), reason=f"the seed article is not at {SEED}; set SHARED to its folder"
)


@cache
def text() -> str:
    return SEED.read_text(encoding="utf-8")


@cache
def reading() -> Annotations:
    return reader().read(ArticleInput(text(), published=date(2020, 11, 20)))


def story(type_: str, initiator: str) -> CodedEvent:
    found = [
        s.event
        for s in reading().story_events
        if s.event.type == type_ and initiator in s.event.initiators
    ]
    assert found, [(s.event.type, s.event.initiators) for s in reading().story_events]
    return found[0]


def days(event: CodedEvent) -> tuple[str, str]:
    assert event.date is not None
    return event.date.start.isoformat(), event.date.end.isoformat()


def test_frame():
    assert (reading().agency, reading().dateline) == ("AP", "BAGHDAD")


def test_soleimani_strike():
    strike = story("ASSAULT", "us-gov")
    assert "soleimani" in strike.targets
    assert days(strike) == ("2020-01-03", "2020-01-03")


def test_missile_attack_in_spite_of_the_lost_comma():
    attack = story("ASSAULT", "iran-gov")
    assert attack.targets == ["us-mil"]
    assert attack.wounded == 24  # "dozens": two dozen at least
    first, last = days(attack)
    assert first <= "2020-01-08" <= last


def test_exit_from_the_nuclear_deal():
    leaving = story("REJECT", "trump")
    assert "iran-gov" in leaving.targets
    assert days(leaving)[0].startswith("2018")


def test_green_zone_rockets_are_one_event_with_their_toll():
    rockets = [s for s in reading().story_events if (s.event.killed, s.event.wounded) == (1, 5)]
    assert len(rockets) == 1
    assert rockets[0].event.place == "green-zone"
    assert days(rockets[0].event) == ("2020-11-16", "2020-11-20")
    assert "us-gov" in rockets[0].event.targets


def test_message_of_ghaani():
    assert days(story("REQUEST", "ghaani")) == ("2020-11-16", "2020-11-20")


def test_dismissal_of_esper_two_days_after_the_call():
    dismissal = story("COERCE", "trump")
    assert dismissal.targets == ["esper"]
    assert days(dismissal) == ("2020-11-09", "2020-11-09")


def test_the_wording_that_dates_the_dismissal_has_its_day():
    (mention,) = [m for m in reading().dates if m.surface == "two days after the election"]
    assert mention.value is not None
    assert mention.value.start.isoformat() == mention.value.end.isoformat() == "2020-11-09"
    (firing,) = [
        e for e in reading().events if e.sentence.overlaps(mention.span) and e.type == "COERCE"
    ]
    assert days(firing) == ("2020-11-09", "2020-11-09")


def test_warning_of_the_adviser_who_is_named_a_sentence_later():
    warning = story("THREATEN", "dehghan")
    assert "us-gov" in warning.targets
    assert days(warning) == ("2020-11-19", "2020-11-19")


def test_call_of_the_lebanese_leader():
    assert days(story("THREATEN", "nasrallah")) == ("2020-11-01", "2020-11-20")


def test_informal_truce_and_drawdown():
    truce = [s.event for s in reading().story_events if s.event.mode == "ceasefire"]
    assert any(days(t)[0] <= "2020-10-10" <= days(t)[1] for t in truce)
    drawdown = story("RETREAT", "trump")
    assert days(drawdown)[0] <= "2020-11-17" <= days(drawdown)[1]


def test_claims_with_their_clauses():
    told = {(c.speaker, c.act, c.field, c.value) for c in reading().claims}
    assert told >= {
        ("ashab-al-kahf", "claims_responsibility", "responsible", "yes"),
        ("kataib-hezbollah", "denies", "responsible", "no"),
        ("kataib-hezbollah", "asserts", "arrangement_holds", "yes"),
        ("khazali", "asserts", "arrangement_holds", "no"),
    }
    holds = next(c for c in reading().claims if c.value == "yes" and c.field == "arrangement_holds")
    assert "ceasefire" in holds.span.of(text())


def test_the_denial_of_a_garbled_word_is_about_the_rockets():
    denial = next(c for c in reading().claims if c.act == "denies")
    assert denial.event is not None
    assert reading().events[denial.event].type == "ASSAULT"


def test_nothing_is_read_from_navigation():
    assert {r.why for r in reading().removed}
    assert all(e.sentence.start >= 204 for e in reading().events)
