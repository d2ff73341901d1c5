"""Severities and day counts stay exact, whatever happens to the events, however often they are made."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.actors.models import Actor
from apps.events import curate
from apps.events.models import Claim, Event
from apps.timelines import rollups, tension
from apps.timelines.models import DayRollup, Membership, Timeline
from apps.timelines.queries.readings import readings
from apps.timelines.tasks import refresh_event, refresh_waiting
from tests.factories import make_actor, make_claim, make_event, make_timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def usa() -> Actor:
    return make_actor("us-gov")


@pytest.fixture
def timeline(usa: Actor) -> Timeline:
    return make_timeline(actors=[usa])


def counted(timeline: Timeline) -> dict[tuple[date, int], tuple[int, float]]:
    return {
        (row.day, row.quad): (row.events, pytest.approx(row.severity))
        for row in DayRollup.objects.filter(timeline=timeline)
    }


def test_days_are_counted_by_class_with_their_severity(timeline: Timeline, usa: Actor) -> None:
    day = date(2020, 1, 3)
    make_event(start=day, by=[usa], severity=0)
    make_event(start=day, by=[usa], severity=0, killed=9)
    make_event(start=day, by=[usa], type="CONSULT", severity=0)
    rollups.rebuild(timeline)
    assert counted(timeline) == {(day, 4): (2, 9 + 9 + 1.2), (day, 1): (1, -2.5)}


def test_severity_is_that_of_the_formula(timeline: Timeline, usa: Actor) -> None:
    event = make_event(by=[usa], mode="drone", killed=10, wounded=3, rank=2, soil=1, severity=0)
    rollups.rebuild(timeline)
    event.refresh_from_db()
    (reading,) = readings(Event.objects.all())
    assert event.severity == pytest.approx(tension.severity(reading).total)
    assert event.severity > 12


def test_a_second_run_changes_nothing(timeline: Timeline, usa: Actor) -> None:
    make_event(by=[usa], severity=0)
    assert rollups.rebuild(timeline) == 1
    before = list(DayRollup.objects.values())
    assert rollups.rebuild(timeline) == 0
    assert list(DayRollup.objects.values()) == before


def decided(event: Event, **values: Any) -> None:
    """A decision changes the event; then the task it wakes runs."""
    Event.objects.filter(pk=event.pk).update(stale=True, **values)
    refresh_event(event.pk)


def test_an_event_that_moves_changes_or_goes_leaves_no_trace(
    timeline: Timeline, usa: Actor
) -> None:
    event = make_event(start=date(2020, 1, 3), by=[usa])
    decided(event)
    decided(event, start=date(2020, 1, 5), end=date(2020, 1, 5), type="AID")
    assert counted(timeline) == {(date(2020, 1, 5), 2): (1, -10.0)}
    decided(event, status="rejected")
    assert counted(timeline) == {}


def test_a_decision_has_its_event_rated_and_no_other(timeline: Timeline, usa: Actor) -> None:
    one = make_event(by=[usa], severity=0)
    other = make_event(by=[usa], severity=0)
    decided(one)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.severity, other.severity) == (9.0, 0.0)


def test_one_run_serves_all_decisions_before_it(
    timeline: Timeline, usa: Actor, django_assert_num_queries: Any
) -> None:
    one = make_event(by=[usa], severity=0, stale=True)
    other = make_event(by=[usa], severity=0, stale=True)
    refresh_event(one.pk)
    assert counted(timeline) == {(one.start, 4): (2, 18.0)}
    with django_assert_num_queries(1):
        refresh_event(other.pk)


def test_every_decision_leaves_its_event_stale() -> None:
    event = make_event()
    curate.reject(event, by_label="test", reason="it was another one")
    assert Event.objects.get(stale=True) == event


def test_the_sweep_sees_to_what_woke_nobody(timeline: Timeline, usa: Actor) -> None:
    make_event(by=[usa], severity=0, stale=True)
    pinned = make_event(by=[make_actor("elsewhere")], type="AID", severity=-10)
    refresh_waiting()
    assert counted(timeline) == {(pinned.start, 4): (1, 9.0)}
    Membership.objects.create(timeline=timeline, event=pinned, kind=Membership.Kind.PINNED)
    refresh_waiting()
    assert counted(timeline)[pinned.start, 2] == (1, -10.0)


def test_rating_is_no_change_of_the_event(timeline: Timeline, usa: Actor) -> None:
    event = make_event(by=[usa], severity=0)
    changed = event.updated_at
    decided(event)
    event.refresh_from_db()
    assert (event.updated_at, event.severity) == (changed, 9.0)


def test_an_event_counts_in_each_timeline_it_belongs_to(timeline: Timeline, usa: Actor) -> None:
    second = make_timeline("second", actors=[usa])
    elsewhere = make_timeline("elsewhere")
    decided(make_event(by=[usa]))
    assert counted(timeline) == counted(second) != {}
    assert counted(elsewhere) == {}


def test_a_vanished_event_is_no_error(timeline: Timeline) -> None:
    refresh_event(10**9)
    assert counted(timeline) == {}


def test_the_command_rebuilds_all_or_the_named(timeline: Timeline, usa: Actor) -> None:
    make_event(by=[usa])
    said = StringIO()
    call_command("rebuild_rollups", stdout=said)
    assert f"{timeline.slug}: 1 day counts changed" in said.getvalue()
    with pytest.raises(CommandError, match="No timeline is called nowhere"):
        call_command("rebuild_rollups", "nowhere")


def test_a_standing_public_denial_is_read_and_no_other(usa: Actor) -> None:
    denied, doubted, admitted = (
        make_event(title, by=[usa]) for title in ("denied", "doubted", "admitted")
    )
    make_claim(denied, usa, act=Claim.Act.DENIES)
    make_claim(doubted, usa, act=Claim.Act.DENIES, standing="proposed")
    make_claim(admitted, usa, act=Claim.Act.DENIES)
    make_claim(admitted, usa, act=Claim.Act.ASSERTS)
    for event in (denied, doubted, admitted):
        curate.refresh_headline(event)
    by_key = {reading.key: reading.denied for reading in readings(Event.objects.all())}
    assert by_key == {
        denied.public_id: True,
        doubted.public_id: False,
        admitted.public_id: False,
    }


def test_a_range_without_a_leading_figure_is_read_at_its_middle(usa: Actor) -> None:
    make_event(by=[usa], killed_low=10, killed_high=50)
    (reading,) = readings(Event.objects.all())
    assert (reading.toll_low.killed, reading.toll.killed, reading.toll_high.killed) == (10, 30, 50)
