"""The scorers on cases made by hand, above all those whose score must be 0 and those that must be 1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.annotations.pipeline.types import ActorEntry, RelationEntry
from benchmarks.annotation_actors import Chains
from benchmarks.annotation_scores import (
    Bin,
    Counts,
    accuracy,
    calibration_error,
    claims_agree,
    days_agree,
    events_agree,
    macro_f1,
    matched,
    reliability,
    spans_agree,
    words_agree,
)


def actor(id_: str, *above: str) -> ActorEntry:
    relations = tuple(RelationEntry("part_of", target) for target in above)
    return ActorEntry(id=id_, name=id_, kind="organisation", country="XXX", relations=relations)


CHAINS = Chains(
    [
        actor("navy", "forces"),
        actor("air-force", "forces"),
        actor("forces", "iran-gov"),
        actor("ministry", "iran-gov"),
        actor("iran-gov"),
        actor("us-gov"),
    ]
)


def gold(**other: object) -> dict:
    day = {"start": "2020-01-08", "end": "2020-01-08"}
    event = {"type": "ASSAULT", "date": day, "initiators": ["forces"], "targets": ["us-gov"]}
    return {**event, **other}


def told(**other: object) -> dict:
    day = {"from": "2020-01-08", "to": "2020-01-08"}
    event = {"type": "ASSAULT", "date": day, "initiators": ["forces"], "targets": ["us-gov"]}
    return {**event, **other}


class TestCounts:
    def test_everything_right_is_one(self):
        assert Counts(4, 4, 4).f1 == Counts(4, 4, 4).precision == Counts(4, 4, 4).recall == 1

    @pytest.mark.parametrize(
        "counts", [Counts(), Counts(0, 5, 0), Counts(0, 0, 5), Counts(0, 5, 5)]
    )
    def test_nothing_right_is_zero(self, counts: Counts):
        assert counts.f1 == counts.precision == counts.recall == 0

    def test_f1_lies_between_precision_and_recall(self):
        counts = Counts(2, 4, 8)
        assert (counts.precision, counts.recall) == (0.5, 0.25)
        assert counts.f1 == pytest.approx(1 / 3)

    def test_counts_add_up(self):
        assert Counts(1, 2, 3) + Counts(4, 5, 6) == Counts(5, 7, 9)


class TestClasses:
    def test_all_alike_is_one(self):
        assert macro_f1(["a", "b", "b"], ["a", "b", "b"]) == accuracy(["a", "b"], ["a", "b"]) == 1

    def test_none_alike_is_zero(self):
        assert macro_f1(["a", "a", "b"], ["b", "b", "a"]) == accuracy(["a"], ["b"]) == 0

    def test_a_rare_class_weighs_as_much_as_a_common_one(self):
        wanted, common = ["a"] * 9 + ["b"], ["a"] * 10
        assert macro_f1(wanted, common) == pytest.approx((18 / 19 + 0) / 2)
        assert accuracy(wanted, common) == 0.9

    def test_a_class_that_is_only_predicted_is_no_class(self):
        assert macro_f1(["a", "a"], ["a", "c"]) == pytest.approx(2 / 3)

    def test_no_rows_score_nothing(self):
        assert macro_f1([], []) == accuracy([], []) == 0


class TestMatching:
    def test_each_is_matched_once(self):
        assert len(matched([1, 1, 1], [1], lambda g, p: g == p)) == 1

    def test_a_first_choice_gives_way_where_all_can_be_matched(self):
        fits = {("x", "both"), ("x", "one"), ("y", "both")}
        assert matched(["x", "y"], ["both", "one"], lambda g, p: (g, p) in fits) == {0: 1, 1: 0}

    @given(st.lists(st.integers(0, 3), max_size=6), st.lists(st.integers(0, 3), max_size=6))
    def test_it_is_one_to_one_and_only_of_what_agrees(self, wanted: list[int], found: list[int]):
        hits = matched(wanted, found, lambda g, p: g == p)
        assert len(set(hits.values())) == len(hits)
        assert all(wanted[i] == found[j] for i, j in hits.items())
        assert len(hits) == sum(min(wanted.count(n), found.count(n)) for n in set(wanted))


class TestEvents:
    def test_the_same_event_agrees(self):
        assert events_agree(gold(), told(), CHAINS)

    @pytest.mark.parametrize(
        "other",
        [
            {"type": "ACCUSE"},
            {"date": {"from": "2020-01-10", "to": "2020-01-10"}},
            {"date": None},
            {"date": {"from": "2020-01-01", "to": "2020-12-31"}},
            {"initiators": []},
            {"initiators": ["us-gov"]},
            {"targets": []},
            {"targets": ["iran-gov"]},
            {"targets": ["a ministry nobody knows"]},
        ],
    )
    def test_another_event_does_not(self, other: dict):
        assert not events_agree(gold(), told(**other), CHAINS)

    @pytest.mark.parametrize(
        "other",
        [
            {"date": {"from": "2020-01-09", "to": "2020-01-09"}},
            {"date": {"from": "2020-01-01", "to": "2020-01-31"}},
            {"date": {"from": "2020-01-07", "to": None}},
            {"initiators": ["navy"]},
            {"initiators": ["iran-gov"]},
            {"initiators": ["somebody", "forces"]},
        ],
    )
    def test_a_day_aside_and_a_part_of_the_same_body_agree(self, other: dict):
        assert events_agree(gold(), told(**other), CHAINS)

    def test_other_types_and_actors_that_the_gold_allows_agree(self):
        allowed = gold(also_ok=["COERCE"], initiators_ok=["us-gov"], targets_ok=["iran-gov"])
        event = told(type="COERCE", initiators=["us-gov"], targets=["iran-gov"])
        assert events_agree(allowed, event, CHAINS)

    def test_a_gold_event_without_parties_asks_for_none(self):
        assert events_agree(
            gold(initiators=[], targets=[]), told(initiators=[], targets=[]), CHAINS
        )

    def test_a_gold_event_without_end_is_one_day(self):
        day = {"start": "2020-01-08", "end": None}
        assert days_agree(day, {"from": "2020-01-09", "to": "2020-01-09"})
        assert not days_agree(day, {"from": "2020-01-10", "to": "2020-01-10"})

    def test_two_parts_of_one_body_are_the_same_but_not_of_one_government(self):
        assert CHAINS.same("navy", "air-force")
        assert not CHAINS.same("ministry", "forces")


class TestClaims:
    TEXT = "The ministry spoke. " + "x" * 600 + " The forces denied it."

    def claim(self, quote: str = "The ministry spoke.", **other: object) -> dict:
        return {"act": "denies", "speaker": "ministry", "quote": quote, **other}

    def shown(self, **other: object) -> dict:
        return {"act": "denies", "speaker": "ministry", "start": 0, "end": 19, **other}

    def test_the_same_claim_agrees(self):
        assert claims_agree(self.claim(), self.shown(), self.TEXT, CHAINS)

    @pytest.mark.parametrize(
        "other",
        [{"act": "confirms"}, {"speaker": "us-gov"}, {"speaker": None}, {"start": 620, "end": 640}],
    )
    def test_another_does_not(self, other: dict):
        assert not claims_agree(self.claim(), self.shown(**other), self.TEXT, CHAINS)

    def test_a_quote_that_is_nowhere_binds_to_no_place(self):
        far = self.shown(start=620, end=640)
        assert claims_agree(self.claim("never written"), far, self.TEXT, CHAINS)


class TestRunsAndNames:
    @pytest.mark.parametrize("other", [(0, 10), (0, 5), (5, 10), (0, 20)])
    def test_half_of_what_both_cover_agrees(self, other: tuple[int, int]):
        assert spans_agree((0, 10), other)

    @pytest.mark.parametrize("other", [(10, 20), (0, 4), (0, 21), (8, 18)])
    def test_less_does_not(self, other: tuple[int, int]):
        assert not spans_agree((0, 10), other)

    def test_names_agree_by_words_or_by_a_long_part(self):
        assert words_agree("The U.S.", "the u s")
        assert words_agree("Iranian troops", "Iranian")
        assert not words_agree("Iran", "Iranian")
        assert not words_agree("Iraq", "Iran")


class TestConfidence:
    def test_confidence_that_keeps_its_word_has_no_error(self):
        answers = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
        assert calibration_error(reliability(answers)) == 0

    def test_confidence_that_is_always_wrong_has_all_of_it(self):
        assert calibration_error(reliability([(1.0, False), (0.0, True)])) == 1

    def test_bins_are_weighed_by_how_many_they_hold(self):
        bins = reliability([(0.95, True)] * 3 + [(0.15, True)])
        assert [b.count for b in bins] == [1, 3]
        assert calibration_error(bins) == pytest.approx((0.85 + 3 * 0.05) / 4)

    def test_nothing_said_is_no_error(self):
        assert calibration_error([]) == 0

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
    def test_every_answer_is_in_one_bin(self, answers: list[tuple[float, bool]]):
        bins = reliability(answers)
        assert sum(b.count for b in bins) == len(answers)
        assert all(isinstance(b, Bin) and 0 <= b.right <= 1 and 0 <= b.said <= 1 for b in bins)
