"""How many signals each timeline has, by day, week and month: kept exact by whatever brings or removes them.

Counts change in the transaction of the signals. Where a rule changes (an actor's relations, a dyad, what a
party stands for) a touch tells it, and the next run counts the timeline anew; until then its counts are not
used (queries/signals.py).
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Count, F, Max, Min
from django.db.models.functions import Coalesce

from apps.signals.counting import Told
from apps.signals.models import Party, Signal, Spot
from apps.timelines.entries import rule_touches
from apps.timelines.models import SignalCount, SignalRun, Timeline
from apps.timelines.queries.scope import read_scopes
from apps.timelines.signal_models import Grain
from apps.timelines.signal_rule import Rule, Wholes

# (timeline, dim, value, grain, first day, class, source) -> signals
Cells = Counter[tuple[int, int, int, int, date, int, int]]
_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(hashtext('timelines.signals'))"
_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('timelines.signals'))"
_ADD: Final = """INSERT INTO timelines_signalcount AS c
(timeline_id, dim, value, grain, period, kind, source_id, count)
SELECT * FROM unnest(%s::bigint[], %s::smallint[], %s::int[], %s::smallint[], %s::date[], %s::smallint[],
%s::int[], %s::int[]) ON CONFLICT (timeline_id, dim, value, grain, period, kind, source_id)
DO UPDATE SET count = c.count + EXCLUDED.count"""
_EVERY: Final = Count("pk")
_NONE_LEFT: Final = "DELETE FROM timelines_signalcount WHERE source_id = %s AND count = 0"


def count(source: int, change: Mapping[Told, int]) -> None:
    """Count signals of `source` that come (or go, below zero), inside their transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARED)
    runs = list(SignalRun.objects.select_related("timeline"))
    if not runs or not change:
        return
    cells: Cells = Counter()
    rules = _rules([run.timeline for run in runs])
    for rule in rules:
        cells.update(_cells(rule, source, change, _meant(change)))
    _add(cells)
    if any(number < 0 for number in change.values()):
        with connection.cursor() as cursor:
            cursor.execute(_NONE_LEFT, [source])
    SignalRun.objects.update(version=uuid.uuid4())


def refresh() -> int:
    """Count the timelines anew whose rule was touched since, or that never were; return how many."""
    seen = dict(SignalRun.objects.values_list("timeline", "seen"))
    touches = set(rule_touches().values_list("pk", flat=True))
    stale = [t for t in Timeline.objects.all() if t.pk not in seen or touches - set(seen[t.pk])]
    for timeline in stale:
        recount(timeline)
    return len(stale)


@transaction.atomic
def recount(timeline: Timeline) -> int:
    """Count all signals of a timeline anew; return how many counts there are."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)
    touches = list(rule_touches().values_list("pk", flat=True))
    SignalCount.objects.filter(timeline=timeline)._raw_delete("default")
    for cells in counted(timeline):
        _add(cells)
    values = {"version": uuid.uuid4(), "seen": touches}
    SignalRun.objects.update_or_create(timeline=timeline, defaults=values)
    return SignalCount.objects.filter(timeline=timeline).count()


def counted(timeline: Timeline) -> Iterator[Cells]:
    """Yield the counts of all signals of a timeline, a month of them at a time; weeks may come in two parts."""
    ends = Signal.objects.aggregate(first=Min("start"), last=Max("start"))
    if ends["first"] is None:
        return
    rule = _rules([timeline])[0]
    day = ends["first"].replace(day=1)
    while day <= min(ends["last"], timeline.end):
        after = (day + timedelta(days=32)).replace(day=1)
        rows = Signal.objects.order_by().filter(start__gte=day, start__lt=after)
        by_source: dict[int, Counter[Told]] = {}
        told = rows.values_list("source", *Told._fields).annotate(number=_EVERY)
        for source, *what, number in told.iterator(chunk_size=20_000):
            by_source.setdefault(source, Counter())[Told(*what)] = number
        cells: Cells = Counter()
        for source, change in by_source.items():
            cells.update(_cells(rule, source, change, _meant(change)))
        yield cells
        day = after


def _rules(timelines: list[Timeline]) -> list[Rule]:
    wholes = Wholes()
    return [Rule(scope, wholes) for scope in read_scopes(timelines)]


class _Meaning:
    """Which actors and places parties and spots stand for."""

    def __init__(self, parties: Iterable[int], spots: Iterable[int]) -> None:
        named = Party.objects.filter(pk__in=list(parties), actor__isnull=False)
        placed = Spot.objects.filter(pk__in=list(spots), place__isnull=False)
        actor = Coalesce("actor__merged_into", F("actor"))
        place = Coalesce("place__merged_into", F("place"))
        self.actors: dict[int | None, int] = dict(named.values_list("pk", actor))
        self.places: dict[int | None, int] = dict(placed.values_list("pk", place))


def _meant(change: Mapping[Told, int]) -> _Meaning:
    parties = {pk for told in change for pk in (told.initiator, told.target) if pk is not None}
    return _Meaning(parties, {told.spot for told in change if told.spot is not None})


def _cells(rule: Rule, source: int, change: Mapping[Told, int], meant: _Meaning) -> Cells:
    days: Counter[tuple[int, int, date, int]] = Counter()
    actors, places = meant.actors, meant.places
    for told, number in change.items():
        by, at, place = actors.get(told.initiator), actors.get(told.target), places.get(told.spot)
        for dim, value in rule.keys(by, at, place, told.start, told.end):
            days[dim, value, told.start, told.kind] += number
    cells: Cells = Counter()
    timeline = rule.timeline.pk
    for (dim, value, day, kind), number in days.items():
        week, month = day - timedelta(days=day.weekday()), day.replace(day=1)
        cells[timeline, dim, value, Grain.DAY.value, day, kind, source] += number
        cells[timeline, dim, value, Grain.WEEK.value, week, kind, source] += number
        cells[timeline, dim, value, Grain.MONTH.value, month, kind, source] += number
    return cells


def _add(cells: Cells) -> None:
    """Add to the stored counts; in one order, so that nobody waits for one who waits for him."""
    wanted = sorted((key, number) for key, number in cells.items() if number)
    if not wanted:
        return
    columns = [list(column) for column in zip(*(key for key, _ in wanted), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [*columns, [number for _, number in wanted]])
