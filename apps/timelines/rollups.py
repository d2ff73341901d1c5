"""What is kept beside the events so that pages need not count them: severity, and counts by day."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Sum

from apps.core import plover
from apps.events.models import Event
from apps.timelines import desk
from apps.timelines.models import DayRollup, Timeline
from apps.timelines.queries import members, read_scope
from apps.timelines.readings import readings, severity


def rate(events: Iterable[int]) -> int:
    """Write the severity of events (by pk) as the formula in force has it; return how many changed."""
    found = Event.objects.filter(pk__in=list(events))
    severities = {r.key: severity(r) for r in readings(found)}
    changed = [e for e in found if abs(e.severity - severities[e.public_id]) > 1e-9]
    for event in changed:
        # An update, not a save: a derived number is no change of the event.
        Event.objects.filter(pk=event.pk).update(severity=severities[event.public_id])
    return len(changed)


def rebuild(timeline: Timeline) -> int:
    """Rate every public event of `timeline` and make its day counts exact; return how many rows changed."""
    scope = read_scope(timeline)
    rate(members(scope).values_list("pk", flat=True))
    return recount(timeline)


@transaction.atomic
def recount(timeline: Timeline) -> int:
    """Make the day counts of `timeline` exact; return how many rows were written or removed.

    Only rows that differ are touched. Two runs wait for one another on the timeline's row.
    """
    Timeline.objects.select_for_update().get(pk=timeline.pk)
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
    return sum(recount(timeline) for timeline in Timeline.objects.all())


def _counted(timeline: Timeline) -> dict[tuple, tuple[int, float]]:  # type: ignore[type-arg]
    """Return (first day, quad) -> (events, summed severity) of the timeline's public events."""
    rows = (
        members(read_scope(timeline))
        .order_by()
        .values_list("start", "type")
        .annotate(count=Count("pk"), total=Sum("severity"))
    )
    counted: dict[tuple, tuple[int, float]] = {}  # type: ignore[type-arg]
    for day, type_, count, total in rows:
        key = (day, plover.QUAD[type_])
        before = counted.get(key, (0, 0.0))
        counted[key] = (before[0] + count, before[1] + total)
    return counted
