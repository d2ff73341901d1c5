"""The index of a timeline, or of some of its events: from entries where they are exact, else event by event."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q, QuerySet, Sum

from apps.events.models import Event, EventQuerySet
from apps.timelines import tension
from apps.timelines.asof import AsOf
from apps.timelines.filters import Filters
from apps.timelines.models import Entry, Timeline
from apps.timelines.queries.keeping import kept
from apps.timelines.queries.narrowing import narrowed
from apps.timelines.queries.readings import readings
from apps.timelines.queries.scope import Scope

_AMOUNTS: Final = ("middle", "low", "high")
_VALUES: Final = ("load", "value", "low", "high")
_DAY: Final = timedelta(days=1)
_EVERY: Final = Filters(date.min, date.max)
Index = list[tension.Day]


def index(
    scope: Scope, filters: Filters, as_of: AsOf, ids: Mapping[str, int]
) -> tuple[Index, Index]:
    """Return the dossier's index on the days shown, and that of the matching events where filters are set.

    It ends with the day as of which is asked: of later days nothing is known, which is not the same as calm.
    """
    shown = filters.start, as_of.until(filters.end)
    if shown[1] < shown[0]:
        return [], []
    # Of all days once: every window is a piece of it, whichever days are shown.
    bounds = scope.timeline
    first, last = min(bounds.start, shown[0]), max(as_of.until(bounds.end), shown[1])
    every = replace(_EVERY, start=first, end=last)
    whole = _kept(scope, every, lambda: tension.series_of(amounts(scope, scope.laned), first, last))
    if not filters.narrowed:
        return whole.between(*shown), []
    asked = replace(filters, start=first, end=last, lanes=_EVERY.lanes)
    matching = narrowed(scope, filters, actor_ids=ids)
    part = _kept(scope, asked, lambda: tension.series_of(amounts(scope, matching), first, last))
    return whole.between(*shown), part.between(*shown)


@dataclass(frozen=True, slots=True)
class _Series:
    """The values of days in a row, small enough to be kept for many views."""

    first: date
    columns: tuple["array[float]", ...]  # load, value, low, high

    @classmethod
    def of(cls, days: Sequence[tension.Day]) -> "_Series":
        columns = (array("d", (getattr(day, name) for day in days)) for name in _VALUES)
        return cls(days[0].day, tuple(columns))

    def between(self, start: date, end: date) -> Index:
        """Return the days from `start` to `end`, both included."""
        begin, after = (start - self.first).days, (end - self.first).days + 1
        cut = (column[begin:after] for column in self.columns)
        return [
            tension.Day(start + n * _DAY, *found) for n, found in enumerate(zip(*cut, strict=True))
        ]


def _kept(scope: Scope, asked: Filters, make: Callable[[], Index]) -> _Series:
    """Return an index, made once in a request and kept as long as the entries are exact."""
    key = f"index {asked.changed(as_of=None).query()}"
    if key not in scope.made:
        scope.made[key] = kept(scope, asked, "index", lambda: _Series.of(make()))
    found: _Series = scope.made[key]
    return found


def amounts(scope: Scope, events: EventQuerySet) -> list[tension.Amounts]:
    """Return what public events of the timeline add to its index, added up as far as they may be."""
    otherwise = scope.then.by_event
    if not scope.version:
        return [tension.amounts(found) for found in readings(events, otherwise)]
    changed = readings(events.filter(pk__in=list(otherwise)), otherwise) if otherwise else []
    rest = events.exclude(pk__in=list(otherwise)) if otherwise else events
    return [*_summed(rest), *(tension.amounts(found) for found in changed)]


def amounts_of_each(
    timelines: Sequence[Timeline],
) -> dict[int, tuple[list[tension.Amounts], datetime | None]]:
    """Return for each timeline (by id) whose entries are exact what its index is made of, as known now, and
    when an event of it last changed; one query for all. Timelines without an event are left out.
    """
    entries = Entry.objects.filter(timeline__in=timelines, event__in=Event.objects.public())
    found: dict[int, tuple[list[tension.Amounts], datetime | None]] = {}
    for row in _sums(entries, "timeline", event="event__").annotate(
        changed=Max("event__updated_at")
    ):
        rows, changed = found.get(row["timeline"], ([], row["changed"]))
        rows.append(_amounts(row))
        found[row["timeline"]] = rows, max(changed, row["changed"])
    return found


def _summed(events: EventQuerySet) -> list[tension.Amounts]:
    """Add up what events with their entry (see stored.laned) add to the index."""
    return [_amounts(row) for row in _sums(events.order_by(), entry="entries__")]


def _sums(
    rows: QuerySet[Any, Any], *by: str, entry: str = "", event: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """Add up in the database what has the same days, precision and signs.

    `entry` and `event` lead from the rows to the entries and events.
    """
    signs = {f"{name}_up": _whether(Q(**{f"{entry}{name}__gte": 0})) for name in _AMOUNTS}
    same = {
        "first": F(f"{event}start"),
        "last": F(f"{event}end"),
        "precise": _whether(Q(**{f"{event}precision": Event.Precision.DAY})),
        **signs,
    }
    return (
        rows.annotate(**same)
        .values(*by, *same)
        .annotate(**{f"sum_{name}": Sum(f"{entry}{name}") for name in _AMOUNTS})
        .order_by(*by, *same)
    )


def _whether(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _amounts(row: dict[str, Any]) -> tension.Amounts:
    sums = (row[f"sum_{name}"] for name in _AMOUNTS)
    return tension.Amounts(row["first"], row["last"], row["precise"], *sums)
