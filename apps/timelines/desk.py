"""What the review desk knows of dossiers: in whose scope an item is, in whose period an event should lie."""

from collections.abc import Iterable

from django.db.models import CharField, F, Func, Value

from apps.events.models import DeskItem, Event
from apps.events.periods import Period
from apps.timelines.models import Timeline
from apps.timelines.queries.scope import in_scope, read_scopes


def place(event_ids: Iterable[int] | None = None) -> int:
    """Write on the desk's items (all, or those of some events) in which dossiers' scope they are.

    Returns how many entries changed. A constant number of queries for each dossier, however many items.
    """
    items = DeskItem.objects.order_by()
    if event_ids is not None:
        items = items.filter(event__in=list(event_ids))
    scopes = read_scopes(list(Timeline.objects.all()))
    slugs = [scope.timeline.slug for scope in scopes]
    # Of a dossier that is gone or called otherwise now.
    changed = items.exclude(timelines__contained_by=slugs).update(timelines=[])
    for scope in scopes:
        inside = Event.objects.filter(desk_item__isnull=False).filter(in_scope(scope)).values("pk")
        slug = Value(scope.timeline.slug, output_field=CharField())
        listed = items.filter(timelines__contains=[scope.timeline.slug])
        unlisted = items.exclude(timelines__contains=[scope.timeline.slug])
        added = Func(F("timelines"), slug, function="array_append")
        removed = Func(F("timelines"), slug, function="array_remove")
        changed += unlisted.filter(event__in=inside).update(timelines=added)
        changed += listed.exclude(event__in=inside).update(timelines=removed)
    return changed


def periods_of(event: Event) -> list[Period]:
    """Return the periods of the dossiers that the event belongs to by who took part and where, not by its days.

    Nothing where its days lie in every dossier's period, or in that of one which its item on the desk is
    known to be in: then none can miss it, and no scope has to be read.
    """
    timelines = list(Timeline.objects.all())
    meets = [line.slug for line in timelines if _meets(line, event)]
    if len(meets) == len(timelines):
        return []
    if DeskItem.objects.filter(event=event, timelines__overlap=meets).exists():
        return []
    this = Event.objects.filter(pk=event.pk)
    return [
        Period(scope.timeline.title, scope.timeline.start, scope.timeline.end)
        for scope in read_scopes(timelines)
        if this.filter(in_scope(scope, any_day=True)).exists()
    ]


def _meets(timeline: Timeline, event: Event) -> bool:
    return timeline.start <= event.end and event.start <= timeline.end
