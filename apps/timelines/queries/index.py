"""The index of a timeline, or of some of its events: from entries where they are exact, else event by event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q, QuerySet, Sum

from apps.events.models import Event, EventQuerySet
from apps.timelines import tension
from apps.timelines.asof import AsOf
from apps.timelines.filters import Filters
from apps.timelines.models import Entry, Timeline
from apps.timelines.queries import stored
from apps.timelines.queries.readings import readings
from apps.timelines.queries.scope import Scope, narrowed

_AMOUNTS: Final = ("middle", "low", "high")
Index = list[tension.Day]


def index(
    scope: Scope, filters: Filters, as_of: AsOf, ids: Mapping[str, int]
) -> tuple[Index, Index]:
    """Return the dossier's index on the days shown, and that of the matching events where filters are set.

    It ends with the day as of which is asked: of later days nothing is known, which is not the same as calm.
    """
    days = filters.start, as_of.until(filters.end)
    if days[1] < days[0]:
        return [], []
    whole = stored.kept(
        scope.version_now,
        f"index {days}",
        lambda: tension.series_of(amounts(scope, scope.laned), *days),
    )
    if not filters.narrowed:
        return whole, []
    return whole, tension.series_of(amounts(scope, narrowed(scope, filters, actor_ids=ids)), *days)


def amounts(scope: Scope, events: EventQuerySet) -> list[tension.Amounts]:
    """Return what public events of the timeline add to its index, added up as far as they may be."""
    otherwise = scope.then.by_event
    if not scope.version:
        return [tension.amounts(found) for found in readings(events, otherwise)]
    changed = readings(events.filter(pk__in=list(otherwise)), otherwise) if otherwise else []
    rest = events.exclude(pk__in=list(otherwise)) if otherwise else events
    return [*_summed(scope, rest), *(tension.amounts(found) for found in changed)]


def amounts_of_each(
    timelines: Sequence[Timeline],
) -> dict[int, tuple[list[tension.Amounts], datetime | None]]:
    """Return for each timeline (by id) whose entries are exact what its index is made of, as known now, and
    when an event of it last changed; one query for all. Timelines without an event are left out.
    """
    entries = Entry.objects.filter(timeline__in=timelines, event__in=Event.objects.public())
    found: dict[int, tuple[list[tension.Amounts], datetime | None]] = {}
    for row in _sums(entries, "timeline").annotate(changed=Max("event__updated_at")):
        rows, changed = found.get(row["timeline"], ([], row["changed"]))
        rows.append(_amounts(row))
        found[row["timeline"]] = rows, max(changed, row["changed"])
    return found


def _summed(scope: Scope, events: EventQuerySet) -> list[tension.Amounts]:
    chosen = events.order_by().values("pk")
    entries = Entry.objects.filter(timeline=scope.timeline, event__in=chosen)
    return [_amounts(row) for row in _sums(entries)]


def _sums(entries: QuerySet[Entry], *by: str) -> QuerySet[Entry, dict[str, Any]]:
    """Add up in the database what has the same days, precision and signs."""
    signs = {f"{name}_up": _whether(Q(**{f"{name}__gte": 0})) for name in _AMOUNTS}
    return (
        entries.annotate(
            first=F("event__start"),
            last=F("event__end"),
            precise=_whether(Q(event__precision=Event.Precision.DAY)),
            **signs,
        )
        .values(*by, "first", "last", "precise", *signs)
        .annotate(**{f"sum_{name}": Sum(name) for name in _AMOUNTS})
        .order_by(*by, "first", "last", "precise", *signs)
    )


def _whether(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _amounts(row: dict[str, Any]) -> tension.Amounts:
    sums = (row[f"sum_{name}"] for name in _AMOUNTS)
    return tension.Amounts(row["first"], row["last"], row["precise"], *sums)
