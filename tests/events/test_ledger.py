"""The ledger: what becomes of each claim, as of any moment."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.events.ledger import ClaimValue, State, current, ledger

_ids = count(1)
START = datetime(2020, 1, 8, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def said(voice: str, number: int | None = None, on: int = 0, field: str = "wounded", **rest):
    act = rest.pop("act", "asserts")
    return ClaimValue(
        field, act, voice, voice, day(on), number=number, **({"id": next(_ids)} | rest)
    )


def states(claims, instant=None) -> list[str]:
    return [row.state.value for row in ledger(claims, instant)]


class TestReplaced:
    def test_a_raised_count_replaces_the_one_before_and_names_it(self):
        claims = [said("us", 0), said("us", 11, 8), said("us", 34, 16)]
        rows = ledger(claims)
        assert [row.state for row in rows] == [State.REPLACED, State.REPLACED, State.STANDS]
        assert rows[0].by == (claims[1],)
        assert rows[1].by == (claims[2],)
        assert "same voice" in rows[0].why

    def test_the_same_said_again_replaces_nothing(self):
        assert states([said("us", 11), said("us", 11, 1)]) == ["stands", "stands"]

    def test_another_voice_replaces_nothing_by_itself(self):
        assert states([said("us", 11), said("iran", 80, 1)]) == ["stands", "stands"]

    def test_whoever_answers_a_claim_replaces_it_and_the_same_word_told_elsewhere(self):
        first = said("state tv", 7)
        claims = [first, said("state tv", 7, 1), said("later accounts", 10, 9, answers=first.id)]
        assert states(claims) == ["replaced", "replaced", "stands"]

    def test_sayings_of_the_field_other_do_not_replace_each_other(self):
        claims = [said("iran", field="other", value=f"point {n}", on=n) for n in range(3)]
        assert states(claims) == ["stands"] * 3

    def test_blame_is_replaced_by_an_admission_not_by_more_blame(self):
        claims = [
            said("iran", field="responsible", act="denies"),
            said("iran", field="responsible", act="accuses", on=1, value="the weather"),
            said("iran", field="responsible", act="accuses", on=2, value="the pilot"),
            said("iran", field="responsible", act="claims_responsibility", on=3),
        ]
        assert states(claims) == ["replaced", "replaced", "replaced", "stands"]
        assert states(claims, day(2)) == ["replaced", "stands", "stands"]

    def test_to_deny_all_harm_is_the_figure_nought(self):
        claims = [said("us", act="denies"), said("us", 0, 0), said("us", 11, 8)]
        assert states(claims) == ["replaced", "replaced", "stands"]
        assert states(claims, day(0)) == ["stands", "stands"]

    def test_to_deny_anothers_figure_leaves_ones_own(self):
        theirs = said("iran", 80)
        claims = [said("us", 0), theirs, said("us", act="denies", on=1, answers=theirs.id)]
        assert states(claims) == ["stands", "denied", "stands"]

    def test_of_one_moment_an_answer_comes_after_what_it_answers(self):
        later = said("b", 10, id=901, answers=902)
        assert states([later, said("a", 7, id=902)]) == ["replaced", "stands"]


class TestRetracted:
    def test_a_retraction_takes_back_the_claim_that_it_answers(self):
        claims = [said("us", field="other", value="a"), said("us", field="other", value="b")]
        back = said("us", field="other", act="retracts", on=1, answers=claims[0].id)
        assert states([*claims, back]) == ["retracted", "stands", "stands"]

    def test_without_an_answer_it_takes_back_all_that_its_voice_said_of_the_field(self):
        claims = [said("us", 7), said("iran", 7), said("us", act="retracts", on=1)]
        assert states(claims) == ["retracted", "stands", "stands"]

    def test_without_an_answer_nothing_of_the_field_other_is_taken_back(self):
        claims = [
            said("us", field="other", value="a"),
            said("us", field="other", act="retracts", on=1),
        ]
        assert states(claims) == ["stands", "stands"]

    def test_what_a_retracted_claim_had_replaced_stands_again(self):
        first = said("state tv", 7)
        second = said("later accounts", 10, 1, answers=first.id)
        back = said("later accounts", act="retracts", on=2, answers=second.id)
        assert states([first, second, back]) == ["stands", "retracted", "stands"]
        assert states([first, second, back], day(1)) == ["replaced", "stands"]


class TestDenied:
    def test_what_happened_is_denied_by_another_voice(self):
        rows = ledger(
            [said("us", field="occurrence"), said("iran", field="occurrence", act="denies")]
        )
        assert [row.state for row in rows] == [State.DENIED, State.STANDS]
        assert rows[0].current

    def test_blame_is_denied_by_whom_it_blames(self):
        claims = [
            said("us", field="responsible", act="accuses", accused="iran"),
            said("us", field="responsible", act="accuses", accused="houthis"),
            said("uk", field="responsible", act="accuses", value="somebody"),
            said("ashab", field="responsible", act="claims_responsibility"),
            said("iran", field="responsible", act="denies", on=1),
        ]
        assert states(claims) == ["denied", "stands", "denied", "stands", "stands"]

    def test_a_denial_that_answers_denies_that_claim_alone(self):
        one, two = said("us", field="occurrence"), said("uk", field="occurrence")
        denial = said("iran", field="occurrence", act="denies", on=1, answers=one.id)
        assert states([one, two, denial]) == ["denied", "stands", "stands"]

    def test_a_denial_ends_when_its_voice_says_otherwise(self):
        claims = [
            said("us", field="occurrence"),
            said("iran", field="occurrence", act="denies", on=1),
            said("iran", field="occurrence", on=3),
        ]
        assert states(claims, day(2)) == ["denied", "stands"]
        assert states(claims) == ["stands", "replaced", "stands"]

    def test_nobody_denies_a_toll_without_answering_it(self):
        assert states([said("iran", 80), said("us", act="denies")]) == ["stands", "stands"]


class TestAsOf:
    def test_what_was_not_known_does_nothing(self):
        claims = [said("us", 0), said("us", 11, 8)]
        assert states(claims, day(7)) == ["stands"]
        assert states(claims, day(8)) == ["replaced", "stands"]
        assert states(claims, day(0) - timedelta(seconds=1)) == []

    def test_declining_to_say_does_nothing(self):
        claims = [said("us", 7), said("us", act="declines", on=1)]
        assert states(claims) == ["stands", "stands"]
        assert current(claims, "wounded") == [claims[0]]


VOICES, FIELDS = ["us", "iran", "a paper"], ["wounded", "occurrence", "responsible", "other"]
ACTS = ["asserts", "denies", "retracts", "declines", "accuses"]


@st.composite
def histories(draw):
    """Claims of a few voices, each of which may answer an earlier one."""
    claims: list[ClaimValue] = []
    for number in range(draw(st.integers(0, 8))):
        earlier = st.sampled_from([None, *(claim.id for claim in claims)])
        claims.append(
            ClaimValue(
                draw(st.sampled_from(FIELDS)),
                draw(st.sampled_from(ACTS)),
                voice := draw(st.sampled_from(VOICES)),
                voice,
                day(number),
                number=draw(st.sampled_from([None, 0, 7])),
                id=number + 1,
                answers=draw(earlier),
            )
        )
    return claims


@given(histories(), st.integers(0, 8))
def test_whatever_is_claimed_the_states_make_sense(claims, last):
    rows = ledger(claims, day(last))
    assert [row.claim for row in rows] == [claim for claim in claims if claim.known_at <= day(last)]
    for row in rows:
        assert (row.state == State.STANDS) == (row.by == ())
        assert row.claim not in row.by
        if row.state in (State.REPLACED, State.RETRACTED):
            assert all(by.known_at >= row.claim.known_at for by in row.by)
    assert rows == ledger([claim for claim in claims if claim.known_at <= day(last)])


@pytest.mark.parametrize("field", FIELDS)
@given(claims=histories())
def test_what_counts_of_a_field_is_what_the_ledger_lets_count(field, claims):
    counting = {row.claim.id for row in ledger(claims) if row.current}
    assert all(claim.id in counting for claim in current(claims, field))
