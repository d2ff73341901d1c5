"""What is kept of a timeline's events (`Entry`), and whether it still says what the events say.

The database writes a `Touch` in the transaction that changes what entries rest on. A run that makes entries
keeps the touches it saw; while no other is seen, the entries are exact. Touches of events that are not public
and have no entry concern nobody.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from django.core.cache import caches
from django.db.models import F

from apps.core.replica import reading
from apps.events.models import EventQuerySet
from apps.timelines import tension
from apps.timelines.models import Timeline

KEPT_FOR: Final = 3600  # seconds; a newer version is another name
Value = TypeVar("Value")

# The second number rises when lanes are told by another rule (see placing.py).
RULE: Final = f"{tension.VERSION} 1"
# Touches are compared as sets: many may have come in between two runs.
_CURRENT: Final = """
SELECT r.timeline_id, r.version FROM timelines_entryrun r
WHERE r.rule = %s AND r.timeline_id = ANY(%s) AND NOT EXISTS (
  SELECT FROM (SELECT id FROM timelines_touch EXCEPT SELECT unnest(r.seen)) unseen
  JOIN timelines_touch t ON t.id = unseen.id LEFT JOIN events_event e ON e.id = t.event
  WHERE t.event IS NULL OR e.status = 'published' OR (
    SELECT n.id FROM timelines_entry n WHERE n.event_id = t.event AND n.timeline_id = r.timeline_id
  ) IS NOT NULL)
"""


def versions(timelines: Iterable[Timeline]) -> dict[int, str]:
    """Return the version of each timeline's entries where they are exact, by its id; one query.

    It changes whenever they may have changed.
    """
    with reading().cursor() as cursor:
        cursor.execute(_CURRENT, [RULE, [timeline.pk for timeline in timelines]])
        return {pk: str(version) for pk, version in cursor.fetchall()}


def laned(timeline: Timeline, events: EventQuerySet) -> EventQuerySet:
    """Return those of `events` that have an entry in the timeline, with its lanes annotated."""
    return events.filter(entries__timeline=timeline).annotate(
        lane=F("entries__dyad"), actor_lane=F("entries__actor"), place_lane=F("entries__place")
    )


def kept(version: str, name: str, make: Callable[[], Value]) -> Value:
    """Return what `make` makes of entries of that version, kept under `name`; made anew without a version.

    It is the kept value itself, for all readers: nobody may change it.
    """
    cache = caches["kept"]
    if not version:
        return make()
    key = hashlib.sha256(f"{version} {name}".encode()).hexdigest()
    found: Value | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT_FOR)
    return found
