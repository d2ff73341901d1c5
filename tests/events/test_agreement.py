"""Agreement of coders: worked examples from the literature, and what must hold for any codings."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.events.agreement import agreement, alpha, interval, nominal, ordinal, ratio, sets


def rows(*coders):
    """Units of coders given as words; a dot is a missing value."""
    columns = zip(*(coder.split() for coder in coders), strict=True)
    return [[None if value == "." else value for value in column] for column in columns]


# Krippendorff (2011), examples A (two coders, two values), B (two coders, five values) and C (four coders,
# missing values).
BINARY = rows("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NAMES = rows("a a b b d c c c e d d a", "b a b b b c c c e d d d")
FOUR = rows(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
NUMBERS = [[None if value is None else int(value) for value in unit] for unit in FOUR]


@pytest.mark.parametrize(
    ("units", "metric", "published"),
    [
        (BINARY, nominal, 0.095),
        (NAMES, nominal, 0.692),
        (FOUR, nominal, 0.743),
        (NUMBERS, ordinal((1, 2, 3, 4, 5)), 0.815),
        (NUMBERS, interval, 0.849),
        (NUMBERS, ratio, 0.797),
    ],
)
def test_the_worked_examples_of_the_source_come_out_as_printed(units, metric, published):
    assert alpha(units, metric) == pytest.approx(published, abs=0.0005)


def test_units_with_one_value_only_are_not_counted():
    found = agreement(FOUR, nominal)
    assert found.units == 11
    assert agreement(rows("a a", "b ."), nominal).units == 1


def test_percent_agreement_is_the_share_of_pairs_that_are_the_same():
    assert agreement(NAMES, nominal).percent == pytest.approx(100 * 9 / 12)
    # Of three coders two agree: one pair of three.
    assert agreement(rows("a", "a", "b"), nominal).percent == pytest.approx(100 / 3)


def test_without_anything_to_compare_nothing_is_said():
    assert agreement([], nominal) == agreement(rows("a", "."), nominal)
    assert agreement([], nominal).alpha is None
    assert agreement([], nominal).percent is None


def test_where_only_one_value_was_ever_used_alpha_is_undefined_though_all_agree():
    found = agreement(rows("a a a", "a a a"), nominal)
    assert (found.percent, found.alpha) == (100, None)


def test_sets_that_overlap_agree_in_part():
    a, ab, abc, bd, c = map(frozenset, ("a", "ab", "abc", "bd", "c"))
    distance = sets({})  # type: ignore[arg-type]
    assert distance(ab, ab) == 0
    assert distance(a, c) == 1
    # MASI: share in common times 2/3 where one holds the other, times 1/3 where they cross.
    assert distance(ab, abc) == pytest.approx(1 - 2 / 3 * 2 / 3)
    assert distance(ab, bd) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert distance(frozenset(), frozenset()) == 0
    assert distance(frozenset(), a) == 1


def test_naming_one_party_too_many_costs_less_than_naming_another():
    def of(second):
        return alpha([[frozenset("ab"), frozenset(second)], [frozenset("c")] * 2], sets)

    assert of("ab") == 1 > of("abd") > of("xyz")


values = st.integers(0, 4)
codings = st.lists(
    st.lists(st.one_of(st.none(), values), min_size=2, max_size=4), min_size=2, max_size=30
)
METRICS = (nominal, interval, ratio, ordinal((0, 1, 2, 3, 4)))


@given(st.lists(values, min_size=2, max_size=30), st.sampled_from(METRICS))
def test_perfect_agreement_is_one(told, metric):
    found = alpha([[value, value] for value in told], metric)
    assert found == (1 if len(set(told)) > 1 else None)


@given(codings, st.sampled_from(METRICS))
def test_alpha_is_never_above_one(units, metric):
    found = alpha(units, metric)
    assert found is None or found <= 1 + 1e-9


@given(codings, st.permutations(range(5)))
def test_names_of_values_do_not_matter(units, renamed):
    other = [[None if value is None else renamed[value] for value in unit] for unit in units]
    assert alpha(units, nominal) == pytest.approx(alpha(other, nominal), nan_ok=True)


@given(codings, st.randoms(), st.sampled_from(METRICS))
def test_the_order_of_units_and_of_coders_does_not_matter(units, random, metric):
    other = [random.sample(unit, len(unit)) for unit in units]
    random.shuffle(other)
    assert alpha(units, metric) == pytest.approx(alpha(other, metric), abs=1e-9)


@given(codings)
def test_a_unit_that_one_coder_left_out_changes_nothing(units):
    assert alpha([*units, [3, None]], nominal) == alpha(units, nominal)


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_about_nought(seed):
    random = Random(seed)
    units = [[random.randrange(3), random.randrange(3)] for _ in range(2000)]
    assert abs(alpha(units, nominal)) < 0.06


def test_disagreement_by_system_is_below_nought():
    assert alpha([["a", "b"], ["b", "a"]] * 10, nominal) < 0
