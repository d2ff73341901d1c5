"""Who acts for whom, on which days."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from apps.timelines.kinship import Kinship, Parts

STATE, ARMY, UNIT, COMMANDER, NEIGHBOUR = range(5)
JANUARY, MARCH, MAY, JULY = (date(2020, month, 1) for month in (1, 3, 5, 7))


def test_parts_are_found_however_indirect() -> None:
    kin = Kinship([(ARMY, STATE), (UNIT, ARMY), (COMMANDER, UNIT)])
    assert kin.with_parts([STATE]) == Parts(frozenset({STATE, ARMY, UNIT, COMMANDER}))


def test_the_whole_is_not_a_part_of_its_part() -> None:
    kin = Kinship([(ARMY, STATE), (UNIT, ARMY)])
    assert kin.with_parts([UNIT]) == Parts(frozenset({UNIT}))


def test_circles_end() -> None:
    kin = Kinship([(ARMY, STATE), (STATE, ARMY)])
    assert kin.with_parts([ARMY]) == Parts(frozenset({ARMY, STATE}))
    dated = Kinship([(ARMY, STATE, JANUARY, MAY), (STATE, ARMY, MARCH, JULY)])
    assert dated.with_parts([ARMY]) == Parts(frozenset({ARMY}), ((STATE, MARCH, JULY),))


def test_strangers_stay_apart() -> None:
    assert Kinship([(ARMY, STATE)]).with_parts([NEIGHBOUR]) == Parts(frozenset({NEIGHBOUR}))


def test_who_acts_through_another_does_so_on_the_days_of_both() -> None:
    kin = Kinship([(UNIT, STATE, JANUARY, MAY), (COMMANDER, UNIT, MARCH, None)])
    parts = kin.with_parts([STATE])
    assert parts.always == {STATE}
    assert set(parts.spells) == {(UNIT, JANUARY, MAY), (COMMANDER, MARCH, MAY)}


def test_ways_that_never_held_together_lead_nowhere() -> None:
    kin = Kinship([(UNIT, STATE, None, JANUARY), (COMMANDER, UNIT, MARCH, None)])
    assert COMMANDER not in {actor for actor, *_ in kin.with_parts([STATE]).spells}


def test_a_way_without_days_makes_one_with_days_needless() -> None:
    kin = Kinship([(COMMANDER, STATE, MARCH, MAY), (COMMANDER, ARMY), (ARMY, STATE)])
    assert kin.with_parts([STATE]) == Parts(frozenset({STATE, ARMY, COMMANDER}))


def test_an_event_counts_on_the_days_on_which_its_actor_acts_for_the_whole() -> None:
    parts = Kinship([(COMMANDER, STATE, MARCH, MAY)]).with_parts([STATE])
    before, inside, across = (JANUARY, JANUARY), (MARCH, MARCH), (MAY, JULY)
    days = {COMMANDER: {1: before, 2: inside, 3: across}, STATE: {4: before}}
    assert parts.acting(days) == {2, 3, 4}


DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 1, 9)))
PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), DAYS, DAYS), max_size=8)


@given(PAIRS, st.dates(date(2020, 1, 1), date(2020, 1, 9)))
def test_on_every_day_they_are_those_that_the_relations_of_that_day_reach(pairs, day) -> None:
    holding = [
        (part, whole)
        for part, whole, since, until in pairs
        if (since is None or since <= day) and (until is None or day <= until)
    ]
    events = {actor: {actor: (day, day)} for actor in range(5)}
    expected = Kinship(holding).with_parts([STATE]).always
    assert Kinship(pairs).with_parts([STATE]).acting(events) == expected
