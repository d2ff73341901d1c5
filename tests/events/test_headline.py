"""The headline rule: what stands as the toll, as of any day, and when an event is contested."""

from datetime import UTC, date, datetime, time

import pytest

from apps.events.headline import ClaimValue, Rule, headline, known_by
from apps.events.independence import Piece


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC)


def said(field: str, number: int | None, voice: str, day: str = "2020-01-03", **rest) -> ClaimValue:
    act = rest.pop("act", "asserts")
    return ClaimValue(field, act, voice, voice, at(day), number=number, **rest)


def told_in(*stories: str, wire: str = "", sample: bool = False) -> tuple[Piece, ...]:
    """Articles, each of a story of its own, of one wire where it is named."""
    wires = (wire,) if wire else ()
    return tuple(Piece(f"article {s}", s, wires, sample=sample) for s in stories)


AIN_AL_ASAD = [
    said("wounded", 0, "us-gov", "2020-01-08", official=True),
    said("killed", 0, "us-gov", "2020-01-08", official=True),
    said("killed", 80, "iran-gov", "2020-01-08"),
    said("wounded", 11, "us-gov", "2020-01-16", official=True),
    said("wounded", 34, "us-gov", "2020-01-24", official=True),
    said("wounded", 50, "us-gov", "2020-01-28", official=True),
    said("wounded", 64, "us-gov", "2020-01-30", official=True),
    said("wounded", 109, "us-gov", "2020-02-10", official=True),
    said("wounded", 110, "us-gov", "2020-02-21", official=True),
]


@pytest.mark.parametrize(
    ("day", "wounded"),
    [
        ("2020-01-08", 0),
        ("2020-01-17", 11),
        ("2020-01-25", 34),
        ("2020-01-29", 50),
        ("2020-02-01", 64),
        ("2020-02-20", 109),
        ("2020-11-20", 110),
    ],
)
def test_the_toll_of_ain_al_asad_is_what_was_known_on_the_day(day, wounded):
    head = headline(known_by(AIN_AL_ASAD, at(day)))
    assert head.wounded.value == wounded
    assert (head.wounded.low, head.wounded.high) == (wounded, wounded)


def test_nothing_was_known_before_the_attack():
    head = headline(known_by(AIN_AL_ASAD, at("2020-01-07")))
    assert (head.killed.value, head.wounded.value, head.contested) == (None, None, False)


def test_the_claim_of_eighty_dead_loses_and_stays_visible_as_the_high_end():
    head = headline(AIN_AL_ASAD)
    assert (head.killed.value, head.killed.low, head.killed.high) == (0, 0, 80)
    assert head.killed.contested
    assert head.contested
    assert "official" in head.rule
    assert "us-gov" in head.rule


def test_without_an_official_the_figure_of_most_independent_reports_stands():
    head = headline(
        [
            said("killed", 3, "a", pieces=told_in("1", "2")),
            said("killed", 4, "b", pieces=told_in("3")),
        ]
    )
    assert (head.killed.value, head.killed.low, head.killed.high) == (3, 3, 4)
    assert head.killed.rule == Rule.REPORTS
    assert "2 of 3" in head.killed.words


def test_one_wire_in_twelve_outlets_is_one_report():
    twelve = told_in(*(str(n) for n in range(12)), wire="ap")
    head = headline(
        [
            said("killed", 80, "a", pieces=twelve),
            said("killed", 3, "b", pieces=told_in("x", "y")),
        ]
    )
    assert head.killed.value == 3


def test_voices_do_not_count_only_what_they_are_told_in():
    copied = told_in("1")
    head = headline(
        [
            said("killed", 3, "a", pieces=copied),
            said("killed", 3, "b", pieces=copied),
            said("killed", 4, "c", pieces=told_in("2", "3")),
        ]
    )
    assert head.killed.value == 4


def test_a_figure_whose_page_is_not_told_counts_as_one_report():
    head = headline([said("killed", 3, "a"), said("killed", 3, "b"), said("killed", 4, "c")])
    assert (head.killed.value, head.killed.rule) == (None, Rule.RANGE)


def test_samples_confirm_nothing():
    samples = told_in("1", "2", sample=True)
    head = headline(
        [said("killed", 3, "a", pieces=samples), said("killed", 4, "b", pieces=told_in("3"))]
    )
    assert head.killed.value == 4


def test_of_equally_told_figures_none_leads_whichever_is_the_later():
    head = headline(
        [
            said("killed", 7, "first reports", "2020-01-03"),
            said("killed", 10, "later accounts", "2020-06-29"),
        ]
    )
    assert (head.killed.value, head.killed.low, head.killed.high) == (None, 7, 10)
    assert head.contested


def test_a_figure_that_is_said_to_replace_another_stands_alone():
    head = headline(
        [
            said("killed", 7, "first reports", "2020-01-03", id=1),
            said("killed", 10, "later accounts", "2020-06-29", id=2, answers=1),
        ]
    )
    assert (head.killed.value, head.killed.rule, head.contested) == (10, Rule.ONLY, False)


def test_without_a_leading_figure_the_range_stands():
    head = headline([said("killed", 3, "a"), said("killed", 5, "b")])
    assert (head.killed.value, head.killed.low, head.killed.high) == (None, 3, 5)
    assert "range" in head.killed.words


def test_a_later_figure_of_the_same_voice_replaces_the_earlier_and_is_no_dispute():
    head = headline([said("killed", 7, "a", "2020-01-03"), said("killed", 10, "a", "2020-01-05")])
    assert (head.killed.value, head.killed.low, head.contested) == (10, 10, False)


def test_known_time_decides_not_the_order_of_arrival():
    head = headline([said("killed", 10, "a", "2020-01-05"), said("killed", 7, "a", "2020-01-03")])
    assert head.killed.value == 10


def test_a_retraction_removes_what_the_voice_said_before():
    head = headline(
        [
            said("killed", 7, "a", "2020-01-03"),
            said("killed", None, "a", "2020-01-04", act="retracts"),
        ]
    )
    assert head.killed.value is None


def test_to_decline_says_nothing():
    head = headline([said("killed", 7, "a"), said("killed", None, "a", act="declines")])
    assert head.killed.value == 7


@pytest.mark.parametrize("act", ["asserts", "claims_responsibility", "accuses"])
def test_asserted_by_one_and_denied_by_another_is_contested(act):
    claims = [
        said("responsible", None, "us-gov", act=act),
        said("responsible", None, "iran-gov", act="denies"),
    ]
    head = headline(claims)
    assert head.contested
    assert "asserted and denied: responsible" in head.rule


def test_denied_first_and_admitted_later_is_no_longer_contested():
    claims = [
        said("occurrence", None, "us-gov", "2020-01-09"),
        said("occurrence", None, "iran-gov", "2020-01-09", act="denies"),
        said("occurrence", None, "iran-gov", "2020-01-11"),
    ]
    before = headline(known_by(claims, at("2020-01-10")))
    assert (before.contested, before.denied) == (True, True)
    after = headline(claims)
    assert (after.contested, after.denied) == (False, False)


def test_a_denial_alone_is_not_contested():
    head = headline([said("occurrence", None, "a", act="denies")])
    assert (head.contested, head.denied) == (False, True)


def test_to_deny_who_did_it_is_not_to_deny_that_it_happened():
    assert not headline([said("responsible", None, "a", act="denies")]).denied


def test_a_denial_that_answers_a_claim_contests_the_event_in_any_field():
    claims = [
        said("other", None, "iran-gov", id=1, value="the ship was in its waters"),
        said("other", None, "us-gov", act="denies", answers=1),
    ]
    assert headline(claims).contested
    assert not headline([claims[0], said("other", None, "us-gov", act="denies")]).contested


def test_what_was_replaced_contests_nothing():
    claims = [
        said("killed", 7, "a", "2020-01-03"),
        said("killed", 8, "a", "2020-01-04"),
        said("responsible", None, "us-gov", "2020-01-03", act="accuses", accused="iran-gov"),
        said("responsible", None, "iran-gov", "2020-01-03", act="denies"),
        said("responsible", None, "iran-gov", "2020-01-11", act="claims_responsibility"),
    ]
    assert not headline(claims).contested
    assert headline(claims, at("2020-01-05")).contested
