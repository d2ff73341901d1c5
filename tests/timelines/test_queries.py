"""Which events a timeline has, in which lane, and which of them a view asks for."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.http import QueryDict

from apps.actors.models import Actor
from apps.events.models import Event
from apps.timelines.filters import parse
from apps.timelines.models import Membership, Timeline
from apps.timelines.queries.facets import facets
from apps.timelines.queries.narrowing import matching
from apps.timelines.queries.scope import bounds_of, members, read_scope, with_lane
from tests.factories import make_actor, make_dyad, make_event, make_place, make_timeline, relate

pytestmark = pytest.mark.django_db


@dataclass
class World:
    usa: Actor
    army: Actor
    president: Actor
    iran: Actor
    guard: Actor
    stranger: Actor
    timeline: Timeline


@pytest.fixture
def world() -> World:
    usa, iran = make_actor("us-gov"), make_actor("iran-gov")
    army, guard = make_actor("us-mil"), make_actor("irgc")
    president = make_actor("president", kind="person")
    relate(army, "part_of", usa)
    relate(president, "commands", army)
    relate(guard, "part_of", iran)
    timeline = make_timeline(actors=[usa, iran])
    make_dyad(timeline, "us-iran", [usa], [iran], position=1)
    return World(usa, army, president, iran, guard, make_actor("stranger"), timeline)


def titles(events: object) -> list[str]:
    return [event.title for event in events.order_by("title")]  # type: ignore[attr-defined]


def found(world: World, query: str) -> list[str]:
    scope = read_scope(world.timeline)
    actors = Actor.objects.in_bulk(field_name="slug")
    filters, faults = parse(QueryDict(query), bounds_of(scope, actors.keys()))
    assert faults == []
    ids = {slug: actor.pk for slug, actor in actors.items()}
    return titles(matching(scope, filters, actor_ids=ids))


def test_an_event_belongs_where_an_actor_in_scope_or_one_who_acts_for_it_takes_part(
    world: World,
) -> None:
    make_event("by the state", by=[world.usa])
    make_event("at its army", at=[world.army])
    make_event("by the army's commander", by=[world.president])
    make_event("by strangers", by=[world.stranger])
    make_event("by nobody")
    assert titles(members(read_scope(world.timeline))) == [
        "at its army",
        "by the army's commander",
        "by the state",
    ]


def test_a_ministry_that_commands_an_army_does_not_act_for_it(world: World) -> None:
    ministry = make_actor("us-dod", kind="organisation")
    relate(ministry, "part_of", world.usa)
    relate(ministry, "commands", world.army)
    make_event("the ministry speaks", by=[ministry])
    make_event("the army strikes", by=[world.army])
    make_event("its commander speaks", by=[world.president])
    assert found(world, "actor=us-mil") == ["its commander speaks", "the army strikes"]


def test_an_event_belongs_where_its_place_or_a_place_around_it_is_in_scope(world: World) -> None:
    iraq = make_place("iraq", kind="country")
    baghdad = make_place("baghdad", parent=iraq)
    world.timeline.places.add(iraq)
    make_event("in the city", place=baghdad)
    make_event("elsewhere", place=make_place("lima", country="PER"))
    assert titles(members(read_scope(world.timeline))) == ["in the city"]


@pytest.mark.parametrize(
    ("start", "end", "belongs"),
    [
        (date(2018, 4, 1), date(2018, 4, 30), False),
        (date(2018, 4, 1), date(2018, 5, 1), True),
        (date(2020, 12, 31), date(2021, 1, 5), True),
        (date(2021, 1, 1), date(2021, 1, 5), False),
    ],
)
def test_an_event_belongs_where_it_shares_a_day_with_the_timeline(
    world: World, start: date, end: date, belongs: bool
) -> None:
    make_event(start=start, end=end, by=[world.usa])
    assert members(read_scope(world.timeline)).exists() is belongs


def test_pins_and_exclusions_are_stronger_than_the_rule(world: World) -> None:
    pinned = make_event("pinned", start=date(1979, 11, 4), by=[world.stranger])
    excluded = make_event("excluded", by=[world.usa])
    Membership.objects.create(timeline=world.timeline, event=pinned, kind="pinned")
    Membership.objects.create(timeline=world.timeline, event=excluded, kind="excluded")
    assert titles(members(read_scope(world.timeline))) == ["pinned"]


def test_another_timelines_pins_do_not_count(world: World) -> None:
    other = make_timeline("other")
    event = make_event(by=[world.stranger])
    Membership.objects.create(timeline=other, event=event, kind="pinned")
    assert not members(read_scope(world.timeline)).exists()


@pytest.mark.parametrize("status", ["proposed", "rejected"])
def test_only_published_events_are_members(world: World, status: str) -> None:
    event = make_event(by=[world.usa], status=status)
    Membership.objects.create(timeline=world.timeline, event=event, kind="pinned")
    assert not members(read_scope(world.timeline)).exists()


def lane_of(event: Event, timeline: Timeline) -> str:
    scope = read_scope(timeline)
    return str(with_lane(members(scope), scope).get(pk=event.pk).lane)  # type: ignore[attr-defined]


def test_an_event_is_in_the_lane_whose_sides_act_on_each_other_in_either_direction(
    world: World,
) -> None:
    assert lane_of(make_event(by=[world.army], at=[world.guard]), world.timeline) == "us-iran"
    assert lane_of(make_event(by=[world.guard], at=[world.president]), world.timeline) == "us-iran"


def test_an_event_within_one_side_or_with_strangers_is_in_the_other_lane(world: World) -> None:
    assert lane_of(make_event(by=[world.usa], at=[world.army]), world.timeline) == "other"
    assert lane_of(make_event(by=[world.usa], at=[world.stranger]), world.timeline) == "other"
    assert lane_of(make_event(by=[world.usa]), world.timeline) == "other"


def test_the_first_lane_that_fits_takes_the_event(world: World) -> None:
    make_dyad(world.timeline, "army-guard", [world.army], [world.guard], position=0)
    assert lane_of(make_event(by=[world.army], at=[world.guard]), world.timeline) == "army-guard"


def test_a_timeline_without_lanes_has_one(world: World) -> None:
    plain = make_timeline("plain", actors=[world.usa])
    assert lane_of(make_event(by=[world.usa], at=[world.iran]), plain) == "other"


def test_each_filter_narrows(world: World) -> None:
    make_event(
        "strike", by=[world.army], at=[world.guard], summary="At the airport", contested=True
    )
    make_event("threat", type="THREATEN", by=[world.iran], at=[world.stranger])
    make_event("talks", type="CONSULT", start=date(2020, 6, 1), by=[world.usa], place=make_place())
    assert found(world, "") == ["strike", "talks", "threat"]
    assert found(world, "actor=us-gov") == ["strike", "talks"]
    assert found(world, "actor=irgc") == ["strike"]
    assert found(world, "actor=irgc&actor=stranger") == ["strike", "threat"]
    assert found(world, "dyad=us-iran") == ["strike"]
    assert found(world, "dyad=other") == ["talks", "threat"]
    assert found(world, "type=CONSULT&type=THREATEN") == ["talks", "threat"]
    assert found(world, "from=2020-05-01&to=2020-06-30") == ["talks"]
    assert found(world, "q=AIRPORT") == ["strike"]
    assert found(world, "q=baghdad") == ["talks"]
    assert found(world, "q=airport+strike") == ["strike"]
    assert found(world, "contested=1") == ["strike"]
    assert found(world, "type=CONSULT&dyad=us-iran") == []


def test_text_is_taken_literally(world: World) -> None:
    make_event("100% sure", by=[world.usa])
    make_event("not sure", by=[world.usa])
    assert found(world, "q=100%25") == ["100% sure"]
    assert found(world, "q=_") == []


def test_counts_say_what_ticking_a_box_would_show(world: World) -> None:
    make_event("strike", by=[world.army], at=[world.guard], contested=True)
    make_event("threat", type="THREATEN", by=[world.iran], at=[world.usa])
    make_event("talks", type="CONSULT", by=[world.usa], at=[world.stranger])
    scope = read_scope(world.timeline)
    actors = Actor.objects.in_bulk(field_name="slug")
    filters, _ = parse(QueryDict("type=ASSAULT"), bounds_of(scope, actors.keys()))
    counted = facets(scope, filters, actors)
    assert {o.value: o.count for o in counted.types} == {"ASSAULT": 1, "THREATEN": 1, "CONSULT": 1}
    assert {o.value: o.count for o in counted.dyads} == {"us-iran": 1}
    assert {o.value: o.count for o in counted.actors} == {
        "us-gov": 1,
        "us-mil": 1,
        "iran-gov": 1,
        "irgc": 1,
    }
    assert counted.contested == 1
    assert [o.value for o in counted.types if o.checked] == ["ASSAULT"]


def test_a_ticked_box_stays_even_where_it_shows_nothing(world: World) -> None:
    scope = read_scope(world.timeline)
    actors = Actor.objects.in_bulk(field_name="slug")
    query = "type=AID&actor=stranger&dyad=us-iran"
    filters, _ = parse(QueryDict(query), bounds_of(scope, actors.keys()))
    counted = facets(scope, filters, actors)
    for options in (counted.types, counted.actors, counted.dyads):
        assert [(option.count, option.checked) for option in options] == [(0, True)]
