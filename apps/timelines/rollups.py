"""What is kept beside the events so that pages need not count them: severity, reports, and counts by day."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Count, Sum

from apps.core import plover
from apps.events import lineages
from apps.events.models import Event, EventQuerySet
from apps.timelines import desk, entries, signal_counts
from apps.timelines.models import DayRollup, Timeline
from apps.timelines.queries.readings import readings, severity
from apps.timelines.queries.scope import members, read_scope

# Events rated in one go: their evidence is in memory meanwhile.
AT_ONCE: Final = 1000


def rate(events: Iterable[int]) -> int:
    """Write the severity of events (by pk), as the formula in force has it, and how many reports tell of them.

    Return how many events changed.
    """
    waiting = iter(events)
    changed = 0
    while some := list(islice(waiting, AT_ONCE)):
        changed += _rate(Event.objects.filter(pk__in=some))
    return changed


def _rate(events: EventQuerySet) -> int:
    severities = {r.key: severity(r) for r in readings(events)}
    found = list(events)
    counts = lineages.counts(found)
    changed = 0
    for event in found:
        told = counts[event.pk].reports if event.pk in counts else 0
        rated = severities[event.public_id]
        if abs(event.severity - rated) > 1e-9 or event.reports != told:
            # An update, not a save: a derived number is no change of the event.
            Event.objects.filter(pk=event.pk).update(severity=rated, reports=told)
            changed += 1
    return changed


def rebuild(timeline: Timeline) -> int:
    """Rate every public event of `timeline` and make its day counts exact; return how many rows changed."""
    scope = read_scope(timeline)
    rate(members(scope).values_list("pk", flat=True))
    return recount(timeline)


@transaction.atomic
def recount(timeline: Timeline) -> int:
    """Make the entries and day counts of `timeline` exact; return how many day counts were written or removed.

    Only rows that differ are touched. Two runs wait for one another on the timeline's row.
    """
    Timeline.objects.select_for_update().get(pk=timeline.pk)
    entries.make(timeline)
    wanted = _counted(timeline)
    stored = {(row.day, row.quad): row for row in DayRollup.objects.filter(timeline=timeline)}
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    DayRollup.objects.filter(pk__in=gone).delete()
    written = [
        DayRollup(timeline=timeline, day=day, quad=quad, events=count, severity=total)
        for (day, quad), (count, total) in wanted.items()
        if (day, quad) not in stored
        or stored[day, quad].events != count
        or abs(stored[day, quad].severity - total) > 1e-6
    ]
    DayRollup.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["timeline", "day", "quad"],
        update_fields=["events", "severity"],
    )
    return len(gone) + len(written)


def refresh() -> int:
    """Rate the stale events and place them on the desk, then recount every timeline; return how many changed.

    One run serves all decisions before it. Events that are being decided about wake the next one.
    """
    with transaction.atomic():
        locked = Event.objects.select_for_update(skip_locked=True).filter(stale=True)
        stale = list(locked.values_list("pk", flat=True))
        rate(stale)
        Event.objects.filter(pk__in=stale).update(stale=False)
    desk.place(stale)
    changed = sum(recount(timeline) for timeline in Timeline.objects.all())
    signal_counts.refresh()
    entries.forget()
    return changed


def _counted(timeline: Timeline) -> dict[tuple, tuple[int, float]]:  # type: ignore[type-arg]
    """Return (first day, quad) -> (events, summed severity) of the timeline's public events."""
    scope = read_scope(timeline)
    events = scope.laned if scope.version else members(scope)
    rows = (
        events.order_by()
        .values_list("start", "type")
        .annotate(count=Count("pk"), total=Sum("severity"))
    )
    counted: dict[tuple, tuple[int, float]] = {}  # type: ignore[type-arg]
    for day, type_, count, total in rows:
        key = (day, plover.QUAD[type_])
        before = counted.get(key, (0, 0.0))
        counted[key] = (before[0] + count, before[1] + total)
    return counted
