"""Who acts for whom."""

from apps.timelines.kinship import Kinship

STATE, ARMY, UNIT, COMMANDER, NEIGHBOUR = range(5)


def test_parts_are_found_however_indirect() -> None:
    kin = Kinship([(ARMY, STATE), (UNIT, ARMY), (COMMANDER, UNIT)])
    assert kin.with_parts([STATE]) == {STATE, ARMY, UNIT, COMMANDER}


def test_the_whole_is_not_a_part_of_its_part() -> None:
    kin = Kinship([(ARMY, STATE), (UNIT, ARMY)])
    assert kin.with_parts([UNIT]) == {UNIT}


def test_circles_end() -> None:
    kin = Kinship([(ARMY, STATE), (STATE, ARMY)])
    assert kin.with_parts([ARMY]) == {ARMY, STATE}


def test_strangers_stay_apart() -> None:
    assert Kinship([(ARMY, STATE)]).with_parts([NEIGHBOUR]) == {NEIGHBOUR}
