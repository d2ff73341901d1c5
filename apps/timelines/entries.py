"""The entries of a timeline: its public events with their lanes and what they add to the index.

Made anew as far as they were touched since they were last made (see queries/stored.py).
"""

import uuid
from collections.abc import Collection
from typing import Any, Final

from django.db import connection, models
from django.db.models import Q

from apps.events.models import Event, EventQuerySet
from apps.timelines import tension
from apps.timelines.filters import OTHER_LANE
from apps.timelines.models import Entry, EntryRun, SignalRun, Timeline, Touch
from apps.timelines.queries import placing
from apps.timelines.queries.readings import FIELDS, reading
from apps.timelines.queries.scope import Scope, by_lane, members, read_scopes
from apps.timelines.queries.stored import RULE

# Beyond so many touched events everything is made anew.
MOST_TOUCHED: Final = 1000
_COLUMNS: Final = ("dyad", "actor", "place", "middle", "low", "high")
# One run after the other, of whatever timeline: a touch goes once every run that could miss it is over.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtext('timelines.entries'))"


def make(timeline: Timeline) -> int:
    """Make the entries of `timeline` exact, inside a transaction; return how many were written or removed."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
    run = EntryRun.objects.filter(timeline=timeline, rule=RULE).first()
    # Read before the events: what is changed meanwhile leaves a touch that is not among these.
    touches = dict(Touch.objects.values_list("pk", "event"))
    seen = set(run.seen) if run else set()
    fresh = {event for pk, event in touches.items() if pk not in seen}
    if run is not None and not fresh:
        return 0
    every = run is None or None in fresh or len(fresh) > MOST_TOUCHED
    written = _write(timeline, None if every else [event for event in fresh if event])
    values = {"rule": RULE, "version": uuid.uuid4(), "seen": list(touches)}
    EntryRun.objects.update_or_create(timeline=timeline, defaults=values)
    return written


def forget() -> int:
    """Remove the touches that every timeline's runs have seen; return how many."""
    seen: list[set[int]] = [set(found) for found in EntryRun.objects.values_list("seen", flat=True)]
    if not seen:
        return Touch.objects.exclude(pk__in=_awaited()).delete()[0]
    return Touch.objects.filter(pk__in=seen[0].intersection(*seen) - _awaited()).delete()[0]


def _awaited() -> set[int]:
    """Return the touches that a count of signals still has to see."""
    runs: list[set[int]] = [
        set(found) for found in SignalRun.objects.values_list("seen", flat=True)
    ]
    if not runs:
        return set()
    return set(rule_touches().values_list("pk", flat=True)) - runs[0].intersection(*runs)


def rule_touches() -> models.QuerySet[Touch]:
    """Return the touches of what decides where events and signals belong, not of single events."""
    return Touch.objects.filter(Q(event=None) | Q(event=Touch.OF_SIGNALS))


def _write(timeline: Timeline, only: Collection[int] | None) -> int:
    """Write the entries that differ, of all events or of some; remove those of events that left."""
    scope = read_scopes([timeline])[0]
    events, stored = members(scope), Entry.objects.filter(timeline=timeline)
    if only is not None:
        events, stored = events.filter(pk__in=only), stored.filter(event__in=only)
    before = {event: row for event, *row in stored.values_list("event", *_COLUMNS)}
    wanted = _wanted(scope, events)
    gone = [event for event in before if event not in wanted]
    stored.filter(event__in=gone).delete()
    rows = [
        Entry(timeline=timeline, event_id=event, **dict(zip(_COLUMNS, row, strict=True)))
        for event, row in wanted.items()
        if before.get(event) != row
    ]
    Entry.objects.bulk_create(
        rows,
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["timeline", "event"],
        update_fields=_COLUMNS,
    )
    return len(gone) + len(rows)


def _wanted(scope: Scope, events: EventQuerySet) -> dict[int, list[Any]]:
    """Return what the entries of the events should say, in the order of the columns."""
    found = dict(events.order_by().values_list("pk", "place"))
    # Told by their ids from here on: the rule that makes them members is a long condition.
    chosen = Event.objects.filter(pk__in=list(found))
    lanes, _ = by_lane(chosen, scope)
    lane_of = {event: slug for slug, inside in lanes.items() for event in inside}
    actors, tops = placing.actors_of(chosen), placing.tops_of_places()
    wanted = {}
    for row in chosen.order_by().values(*FIELDS):
        pk, place = row["pk"], found[row["pk"]]
        added = tension.amounts(reading(row))
        where = OTHER_LANE if place is None else tops[place]
        lane = lane_of.get(pk, OTHER_LANE)
        wanted[pk] = [lane, actors[pk], where, added.middle, added.low, added.high]
    return wanted
