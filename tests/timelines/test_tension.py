"""Formula T1: what it must always hold, and a few days worked out by hand."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import plover
from apps.timelines import tension
from apps.timelines.tension import Reading, Toll

FIRST = date(2020, 1, 1)
LAST = date(2020, 3, 31)


def strike(**values: object) -> Reading:
    defaults = {
        "key": "strike",
        "type": "ASSAULT",
        "mode": "drone",
        "start": date(2020, 1, 3),
        "end": date(2020, 1, 3),
    }
    return Reading(**{**defaults, **values})  # type: ignore[arg-type]


@st.composite
def any_reading(draw: st.DrawFn) -> Reading:
    start = FIRST + timedelta(days=draw(st.integers(-40, 90)))
    low, middle, high = sorted(draw(st.tuples(*[st.integers(0, 500)] * 3)))
    hurt_low, hurt, hurt_high = sorted(draw(st.tuples(*[st.integers(0, 500)] * 3)))
    type_ = draw(st.sampled_from(plover.TYPES))
    return Reading(
        key=f"e{draw(st.integers(0, 10**9))}",
        type=type_,
        mode=draw(st.sampled_from(["", *plover.MODES[type_]])),
        start=start,
        end=start + timedelta(days=draw(st.integers(0, 31))),
        precise=draw(st.booleans()),
        confidence=draw(st.sampled_from(["high", "medium", "low"])),
        denied=draw(st.booleans()),
        toll=Toll(middle, hurt),
        toll_low=Toll(low, hurt_low),
        toll_high=Toll(high, hurt_high),
        rank=draw(st.floats(0, 2)),
        soil=draw(st.floats(0, 1)),
    )


READINGS = st.lists(any_reading(), max_size=6, unique_by=lambda reading: reading.key)


def test_no_event_is_no_tension() -> None:
    assert [day.value for day in tension.series([], FIRST, LAST)] == [0.0] * 91


@given(READINGS)
def test_the_index_lies_between_0_and_100_and_inside_its_band(readings: list[Reading]) -> None:
    for day in tension.series(readings, FIRST, LAST):
        assert 0 <= day.low <= day.value <= day.high <= 100


@given(READINGS)
def test_events_that_are_certain_in_every_respect_leave_no_band(readings: list[Reading]) -> None:
    certain = [
        replace(r, precise=True, denied=False, toll_low=r.toll, toll_high=r.toll) for r in readings
    ]
    for day in tension.series(certain, FIRST, LAST):
        assert day.low == pytest.approx(day.high, abs=1e-9)


@given(READINGS, any_reading())
def test_one_more_conflict_never_lowers_and_one_more_cooperation_never_raises_a_day(
    readings: list[Reading], extra: Reading
) -> None:
    before = tension.series(readings, FIRST, LAST)
    after = tension.series([*readings, extra], FIRST, LAST)
    conflict = tension.severity(extra).total >= 0
    for old, new in zip(before, after, strict=True):
        assert new.load >= old.load - 1e-9 if conflict else new.load <= old.load + 1e-9


@given(any_reading())
def test_the_parts_of_an_event_lie_on_its_days_and_sum_to_severity_times_weight(
    reading: Reading,
) -> None:
    parts = tension.spread(reading)
    total = tension.severity(reading).total * tension.weight(reading)
    assert [day for day, _ in parts] == [
        reading.start + timedelta(days=n) for n in range((reading.end - reading.start).days + 1)
    ]
    assert math.fsum(amount for _, amount in parts) == pytest.approx(total, abs=1e-9)


@given(READINGS)
def test_a_day_opens_into_contributions_that_sum_to_its_load(readings: list[Reading]) -> None:
    day = tension.series(readings, FIRST, LAST)[45]
    found = tension.contributions(readings, day.day)
    assert math.fsum(c.load for c in found) == pytest.approx(day.load, abs=1e-9)
    assert not found or math.fsum(c.share for c in found) == pytest.approx(1.0)
    assert [abs(c.load) for c in found] == sorted((abs(c.load) for c in found), reverse=True)


@given(READINGS)
def test_a_days_change_is_what_came_and_what_faded(readings: list[Reading]) -> None:
    before, today = tension.series(readings, FIRST, LAST)[44:46]
    change = tension.change(readings, today.day)
    assert change.total == pytest.approx(today.load - before.load, abs=1e-9)
    assert change.conflict <= 0 <= change.cooperation
    falling = {r.key for r in readings if r.start <= today.day <= r.end}
    assert change.added.keys() <= falling


@given(READINGS, st.integers(1, 10))
def test_peaks_stand_above_both_neighbours_and_hold_the_highest_day(
    readings: list[Reading], most: int
) -> None:
    index = tension.series(readings, FIRST, LAST)
    found = tension.peaks(index, most)
    values = [day.value for day in index]
    assert len(found) <= most
    assert [day.value for day in found] == sorted((day.value for day in found), reverse=True)
    for day in found:
        at = index.index(day)
        assert at == 0 or values[at - 1] < day.value
        assert at == len(index) - 1 or values[at + 1] <= day.value
    assert not found if max(values) == 0 else found[0].value == max(values)


@given(READINGS, st.integers(0, 60))
def test_a_days_value_does_not_depend_on_the_days_asked_for(
    readings: list[Reading], skipped: int
) -> None:
    whole = tension.series(readings, FIRST, LAST)
    part = tension.series(readings, FIRST + timedelta(days=skipped), LAST)
    assert [d.load for d in part] == pytest.approx([d.load for d in whole[skipped:]], abs=1e-9)


def test_an_event_adds_nothing_before_it_happens() -> None:
    loads = [day.load for day in tension.series([strike()], FIRST, date(2020, 1, 5))]
    assert loads[:2] == [0, 0]
    assert loads[2] > 0


def test_severity_is_the_published_score_turned_round_plus_its_named_terms() -> None:
    terms = tension.severity(strike(toll=Toll(9, 99), rank=2.0, soil=1.0))
    assert terms.base == 9.5
    assert terms.magnitude == pytest.approx(1.2 * 1 + 0.5 * 2)
    assert terms.total == pytest.approx(9.5 + 2.2 + 2.0 + 1.0)


def test_magnitude_has_a_ceiling() -> None:
    assert tension.severity(strike(toll=Toll(10**6, 10**6))).magnitude == 3.0


def test_deaths_do_not_make_cooperation_tense() -> None:
    aid = strike(type="AID", mode="", toll=Toll(100, 100), rank=2.0)
    assert tension.severity(aid).total == -10.0


def test_conflict_halves_in_14_days_and_cooperation_in_7() -> None:
    conflict = tension.series([strike()], date(2020, 1, 3), date(2020, 1, 17))
    assert conflict[14].load == pytest.approx(conflict[0].load / 2)
    meeting = tension.series([strike(type="CONSULT", mode="")], date(2020, 1, 3), date(2020, 1, 10))
    assert meeting[7].load == pytest.approx(meeting[0].load / 2)


@pytest.mark.parametrize(
    ("confidence", "denied", "weight"),
    [("high", False, 1.0), ("medium", False, 0.8), ("low", False, 0.5), ("high", True, 0.75)],
)
def test_weight_follows_confidence_and_denial(confidence: str, denied: bool, weight: float) -> None:
    assert tension.weight(strike(confidence=confidence, denied=denied)) == weight


def test_a_denied_event_reads_from_not_happened_to_certain() -> None:
    denied = tension.series([strike(denied=True)], date(2020, 1, 3), date(2020, 1, 3))[0]
    certain = tension.series([strike()], date(2020, 1, 3), date(2020, 1, 3))[0]
    assert denied.low == 0
    assert denied.low < denied.value < denied.high == pytest.approx(certain.value)


def test_contested_tolls_open_the_band_on_both_sides() -> None:
    reading = strike(toll=Toll(10), toll_low=Toll(0), toll_high=Toll(80))
    day = tension.series([reading], date(2020, 1, 3), date(2020, 1, 3))[0]
    assert day.low < day.value < day.high


def test_an_imprecise_date_reads_from_not_yet_to_today_inside_its_interval() -> None:
    week = strike(end=date(2020, 1, 9), precise=False)
    days = tension.series([week], date(2020, 1, 2), date(2020, 1, 12))
    exact = tension.scaled(9.5)
    assert (days[0].low, days[0].high) == (0, 0)
    for inside in days[1:7]:
        assert inside.low == 0
        assert inside.high == pytest.approx(exact)
    after = days[8]
    assert after.low == pytest.approx(tension.scaled(9.5 * 0.5 ** (7 / 14)))
    assert after.high == pytest.approx(tension.scaled(9.5 * 0.5 ** (1 / 14)))
