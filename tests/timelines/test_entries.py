"""Entries of a timeline are used only while they say exactly what the events say."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import caches
from django.http import QueryDict

from apps.actors.models import Actor
from apps.events import curate
from apps.events.models import Claim, Event, Participation
from apps.timelines import entries, rollups
from apps.timelines.asof import AsOf
from apps.timelines.models import Dyad, Entry, EntryRun, Membership, Timeline, Touch
from apps.timelines.queries import stored
from apps.timelines.queries.home import dossiers
from apps.timelines.queries.scope import members, read_scope
from apps.timelines.queries.selection import select
from apps.timelines.queries.timeline import View, read_view
from tests.factories import (
    make_actor,
    make_claim,
    make_dyad,
    make_event,
    make_place,
    make_timeline,
    relate,
)

pytestmark = pytest.mark.django_db
KEPT = {"BACKEND": "apps.core.kept_cache.KeptCache", "LOCATION": "kept"}


@pytest.fixture
def usa() -> Actor:
    return make_actor("us-gov")


@pytest.fixture
def timeline(usa: Actor) -> Timeline:
    """A dossier of four events in two lanes, refreshed."""
    iran, army = make_actor("iran-gov"), make_actor("us-mil", kind="armed_forces")
    relate(army, "part_of", usa)
    timeline = make_timeline(actors=[usa, iran])
    make_dyad(timeline, "us-iran", [usa], [iran])
    iraq = make_place("iraq", kind="country")
    baghdad = make_place(parent=iraq)
    make_event("strike", by=[army], at=[iran], place=baghdad, killed=10, wounded=2)
    make_event("talks", by=[iran], type="CONSULT", start=date(2020, 2, 1), end=date(2020, 2, 7))
    make_event("doubtful", by=[iran], at=[usa], precision="week", denied=True, wounded_high=30)
    make_event("old", by=[usa], start=date(2018, 5, 8), type="SANCTION", confidence="low")
    rollups.refresh()
    return timeline


def exact(timeline: Timeline) -> bool:
    return timeline.pk in stored.versions([timeline])


def view(timeline: Timeline, query: str = "", as_of: date | None = None) -> View:
    return read_view(select(timeline, QueryDict(query), AsOf(as_of)))


def shown(timeline: Timeline, query: str = "", as_of: date | None = None) -> tuple[object, ...]:
    found = view(timeline, query, as_of)
    rows = [(row.event.title, row.lane) for row in found.rows]
    return rows, found.total, found.summary, found.drawn, found.facets


VIEWS = [
    ("", None),
    ("lanes=actor&from=2018-05-01&to=2020-12-31", None),
    ("lanes=place&actor=iran-gov", None),
    ("lanes=type&contested=1", None),
    ("dyad=us-iran", date(2020, 1, 20)),
    ("lanes=actor", date(2020, 6, 1)),
]


@pytest.mark.parametrize(("query", "as_of"), VIEWS)
def test_a_view_made_of_entries_is_that_made_of_the_events(
    timeline: Timeline, query: str, as_of: date | None
) -> None:
    event = Event.objects.get(title="strike")
    make_claim(
        event,
        field=Claim.Field.KILLED,
        number=80,
        known_at=datetime(2020, 3, 1, tzinfo=UTC),
    )
    curate.refresh_headline(event)
    rollups.refresh()
    assert exact(timeline)
    of_entries = shown(timeline, query, as_of)
    EntryRun.objects.all().delete()
    assert not exact(timeline)
    assert shown(timeline, query, as_of) == of_entries


def _publish(timeline: Timeline) -> None:
    make_event(by=list(timeline.actors.all()))


def _take_back(timeline: Timeline) -> None:
    Event.objects.filter(title="talks").update(status="rejected")


def _rate(timeline: Timeline) -> None:
    Event.objects.filter(title="strike").update(severity=3)


def _toll(timeline: Timeline) -> None:
    Event.objects.filter(title="strike").update(killed=11)


def _join(timeline: Timeline) -> None:
    event = Event.objects.get(title="talks")
    Participation.objects.create(event=event, actor=Actor.objects.get(slug="us-gov"), role="target")


def _relate(timeline: Timeline) -> None:
    relate(make_actor("guard"), "part_of", Actor.objects.get(slug="iran-gov"))


def _lane(timeline: Timeline) -> None:
    Dyad.objects.get(slug="us-iran").side_b.clear()


def _exclude(timeline: Timeline) -> None:
    event = Event.objects.get(title="talks")
    Membership.objects.create(timeline=timeline, event=event, kind="excluded")


def _scope(timeline: Timeline) -> None:
    timeline.actors.clear()


def _days(timeline: Timeline) -> None:
    Timeline.objects.filter(pk=timeline.pk).update(start=date(2019, 1, 1))


def _summary(timeline: Timeline) -> None:
    Event.objects.filter(title="strike").update(summary="A word that was not there before: talks.")


CHANGES = [
    *(_publish, _take_back, _rate, _toll, _summary, _join, _relate, _lane, _exclude, _scope, _days)
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_page_makes_entries_wait_for_the_next_run(
    timeline: Timeline, change: Callable[[Timeline], None], settings: Any
) -> None:
    settings.CACHES = {**settings.CACHES, "kept": KEPT}
    caches["kept"].clear()
    assert exact(timeline)
    before = view(timeline), view(timeline, "q=talks")
    change(timeline)
    assert not exact(timeline)
    timeline = Timeline.objects.get(pk=timeline.pk)
    live = shown(timeline), shown(timeline, "q=talks")
    rollups.refresh()
    assert exact(timeline)
    assert (shown(timeline), shown(timeline, "q=talks")) == live
    # As it is kept, too.
    assert (shown(timeline), shown(timeline, "q=talks")) == live
    assert before[0].total or live


def test_what_no_page_shows_leaves_entries_as_they_are(timeline: Timeline, usa: Actor) -> None:
    make_event("a proposal", by=[usa], status="proposed")
    make_actor("newcomer")
    Event.objects.filter(title="strike").update(stale=True, notes="for the desk")
    assert exact(timeline)


def test_a_run_makes_only_touched_entries_anew(timeline: Timeline) -> None:
    before = dict(Entry.objects.values_list("event__title", "pk"))
    version = stored.versions([timeline])
    Event.objects.filter(title="strike").update(killed=90)
    assert entries.make(timeline) == 1
    assert dict(Entry.objects.values_list("event__title", "pk")) == before
    assert stored.versions([timeline]) != version
    assert entries.make(timeline) == 0


def test_entries_are_those_of_all_public_members(timeline: Timeline) -> None:
    wanted = set(members(read_scope(timeline)).values_list("pk", flat=True))
    assert set(Entry.objects.values_list("event", flat=True)) == wanted
    assert Entry.objects.get(event__title="strike").actor == "us-gov"
    assert Entry.objects.get(event__title="strike").place == "iraq"
    assert Entry.objects.get(event__title="talks").place == "other"


def test_touches_that_every_timeline_has_seen_go(timeline: Timeline, usa: Actor) -> None:
    assert not Touch.objects.exists()
    make_event(by=[usa])
    assert Touch.objects.exists()
    entries.make(timeline)
    assert exact(timeline)
    second = make_timeline("second", actors=[usa])
    rollups.refresh()
    assert exact(timeline)
    assert exact(second)
    assert not Touch.objects.exists()


def test_entries_of_an_older_formula_are_not_used(timeline: Timeline) -> None:
    EntryRun.objects.update(rule="T0 1")
    assert not exact(timeline)
    rollups.refresh()
    assert exact(timeline)


def test_what_was_kept_of_a_view_goes_with_its_version(timeline: Timeline, usa: Actor) -> None:
    assert view(timeline).total == 3
    assert view(timeline).total == 3
    make_event(by=[usa])
    assert view(timeline).total == 4
    rollups.refresh()
    assert view(timeline).total == 4


def test_the_home_page_reads_the_same_from_entries(timeline: Timeline) -> None:
    def told() -> list[tuple[object, ...]]:
        return [(d.events, d.changed, d.last, d.peak, d.line) for d in dossiers()]

    of_entries = told()
    EntryRun.objects.all().delete()
    (live,), (kept,) = told(), of_entries
    assert live[:2] == kept[:2]
    assert live[3].value == pytest.approx(kept[3].value, abs=1e-9)  # type: ignore[attr-defined]
    assert live[4] == kept[4]
