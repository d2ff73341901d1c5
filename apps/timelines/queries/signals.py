"""The signals behind a view: how many there were when, from counts or, for rarer questions, from their rows.

What one count holds (everything in scope, dyads, places, one actor with who acts for it; of any classes) is
read from counts; other views, and words, are counted row by row, within a limit of time. Either way the
number is exact.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any, Final

from django.db import OperationalError, transaction
from django.db.models import Count, DateField, F, Q
from django.db.models.functions import Trunc
from django.utils.translation import gettext

from apps.core import plover
from apps.core.replica import reading
from apps.signals.formats.row import KINDS, SEVERITY, kinds_of
from apps.signals.models import SignalFile
from apps.timelines import tension
from apps.timelines.filters import OTHER_LANE, Filters
from apps.timelines.models import Dyad
from apps.timelines.queries import stored
from apps.timelines.queries.narrowing import narrow, places_inside
from apps.timelines.queries.selection import Selection
from apps.timelines.queries.signal_layer import SIGNALS
from apps.timelines.signal_models import Dim, Grain

MOST_BUCKETS: Final = 400
_DAY: Final = timedelta(days=1)
_LIMIT_MS: Final = 4000
_CANCELLED: Final = "57014"
_UNITS: Final = {Grain.DAY: "day", Grain.WEEK: "week", Grain.MONTH: "month"}
_QUADS: Final = [plover.QUAD[type_] for type_, _ in KINDS]
# Whether the counts are exact, and whose signals pages show; see signal_counts.py.
_STATE: Final = """SELECT r.version::text, NOT EXISTS (
  SELECT FROM timelines_touch t WHERE (t.event IS NULL OR t.event = -1) AND t.id <> ALL(r.seen)),
ARRAY(SELECT s.id FROM signals_signalsource s WHERE s.public ORDER BY s.name),
ARRAY(SELECT s.name FROM signals_signalsource s WHERE s.public ORDER BY s.name)
FROM timelines_signalrun r WHERE r.timeline_id = %s"""
_PART: Final = """SELECT grain, period, kind, source_id, count FROM timelines_signalcount
WHERE timeline_id = %s AND dim = %s AND value = ANY(%s) AND grain = %s AND period BETWEEN %s AND %s
AND kind = ANY(%s) AND source_id = ANY(%s)"""
_SUMS: Final = """SELECT period, (%s::smallint[])[kind + 1] AS quad, source_id, sum(count)::bigint,
sum(count * (%s::float8[])[kind + 1]) FROM ({parts}) c GROUP BY period, quad, source_id"""

# What is left on a day of what happened before: of conflict, and of cooperation. Both are sums of one sign.
_LEFT: Final = """SELECT sum(amount * power(%s::float8, %s - period)) FILTER (WHERE amount >= 0),
sum(amount * power(%s::float8, %s - period)) FILTER (WHERE amount < 0)
FROM (SELECT period, count * (%s::float8[])[kind + 1] AS amount FROM ({part}) c) a"""
# What is this many half-lives old is a part of 10^18 of itself, which no sum of floats can hold.
_HALF_LIVES: Final = 60


@dataclass(frozen=True, slots=True)
class Bucket:
    """Signals that begin on some days: how many of each quad class, 1 to 4, and their summed severity."""

    start: date
    end: date
    counts: tuple[int, int, int, int]
    severity: float

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Background:
    """The signals behind a view; `words` say why there are none to tell of, or are empty."""

    buckets: Sequence[Bucket] = ()
    sources: Sequence[str] = ()  # the names of those who coded them
    unit: str = "day"
    words: str = ""

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(bucket.count for bucket in self.buckets)


@dataclass(frozen=True, slots=True)
class State:
    """Which version of the counts stands, whether they are exact, and whose signals pages show."""

    version: str
    exact: bool
    sources: Mapping[int, str]  # by id


def state_of(chosen: Selection) -> State | None:
    """Return how the counts of a timeline stand; None where there are none, or no source that pages show."""
    with reading().cursor() as cursor:
        cursor.execute(_STATE, [chosen.timeline.pk])
        found = cursor.fetchone()
    if found is None or not found[2]:
        return None
    return State(found[0], found[1], dict(zip(found[2], found[3], strict=True)))


def signals_kept() -> bool:
    """Tell whether there are signals that pages show."""
    return SignalFile.objects.filter(source__public=True, new__gt=0).exists()


def background(chosen: Selection, most: int = MOST_BUCKETS) -> Background | None:
    """Return the signals behind a view in at most `most` parts; None where nobody brought any."""
    state = state_of(chosen)
    if state is None:
        return None
    if not state.exact:
        return Background(words=gettext("Signals are being counted anew; look again in a moment."))
    filters = chosen.filters.changed(arcs=False, sort="", day=None, event="", lanes="dyad")
    name = f"signals {most} {filters.query()} {chosen.as_of.day}"
    version = f"{state.version} {sorted(state.sources)}"
    return stored.kept(version, name, lambda: _counted(chosen, state, most))


def _counted(chosen: Selection, state: State, most: int) -> Background:
    filters = chosen.filters
    first, last = filters.start, chosen.as_of.until(filters.end)
    if last < first:
        return Background()
    grain = _grain(first, last, most)
    asked = _asked(chosen)
    try:
        if asked is None:
            rows = _from_rows(chosen, first, last, grain)
        else:
            rows = from_counts(chosen, state, asked, first, last, grain)
            if chosen.as_of.moment is not None:
                rows += known_later(chosen, first, last, grain)
    except OperationalError as fault:
        return Background(words=too_much(fault))
    told = sorted({source for _, _, source, number, _ in rows if number})
    names = [state.sources[source] for source in told if source in state.sources]
    return Background(_buckets(rows, first, last, grain), names, _UNITS[grain])


def too_much(fault: OperationalError) -> str:
    """Say that a question took too long; another fault is raised again."""
    if getattr(fault.__cause__, "sqlstate", "") != _CANCELLED:
        raise fault
    return gettext("Too many signals to count for these filters together: show fewer days.")


def _grain(first: date, last: date, most: int) -> Grain:
    days = (last - first).days + 1
    if days <= most:
        return Grain.DAY
    return Grain.WEEK if days <= 7 * most else Grain.MONTH


# --- what counts hold ------------------------------------------------------------------------

Asked = tuple[Dim, list[int]]
# (first day of a period, quad class, source, how many, their severity)
Row = tuple[date, int, int, int, float]


def _asked(chosen: Selection) -> Asked | None:
    """Return which counts answer a view; None where none do."""
    filters = chosen.filters
    if filters.text or filters.precisions or filters.reports or filters.contested:
        return None
    ways: list[Asked] = []
    if filters.actors:
        if len(filters.actors) > 1 or filters.alone:
            return None
        ways.append((Dim.ACTOR, [chosen.actor_ids[filters.actors[0]]]))
    if filters.dyads:
        ways.append((Dim.LANE, _lanes(chosen, filters)))
    if filters.places:
        ways.append((Dim.PLACE, sorted(places_inside(chosen.scope, filters))))
    if len(ways) > 1:
        return None
    return ways[0] if ways else (Dim.ALL, [0])


def _lanes(chosen: Selection, filters: Filters) -> list[int]:
    dyads = Dyad.objects.filter(timeline=chosen.timeline, slug__in=filters.dyads)
    other = [0] if OTHER_LANE in filters.dyads else []
    return [*dyads.values_list("pk", flat=True), *other]


def from_counts(
    chosen: Selection, state: State, asked: Asked, first: date, last: date, grain: Grain
) -> list[Row]:
    """Sum the counts of whole periods, and of days where a period is cut."""
    dim, values = asked
    kinds = kinds_of(chosen.filters.types, chosen.filters.severity)
    parts = _parts(first, last, grain)
    same = [chosen.timeline.pk, dim.value, values]
    given: list[list[Any]] = [
        [*same, part.value, since, until, kinds, list(state.sources)]
        for part, since, until in parts
    ]
    sql = _SUMS.format(parts=" UNION ALL ".join([_PART] * len(parts)))
    with reading().cursor() as cursor:
        cursor.execute(sql, [_QUADS, list(SEVERITY), *chain.from_iterable(given)])
        return [(period, *rest) for period, *rest in cursor.fetchall()]


def remembered(chosen: Selection, state: State, day: date) -> tuple[float, float]:
    """Return the load of all signals in scope on `day`: of conflict, and of cooperation (below zero)."""
    since = memory_from(chosen, day)
    keeps = (tension.decay(1), day, tension.decay(-1), day)
    counts = (chosen.timeline.pk, Dim.ALL.value, [0], Grain.DAY.value, since, day, kinds_of())
    with reading().cursor() as cursor:
        sql = _LEFT.format(part=_PART)
        cursor.execute(sql, [*keeps, list(SEVERITY), *counts, list(state.sources)])
        conflict, cooperation = cursor.fetchone()
    return conflict or 0.0, cooperation or 0.0


def memory_from(chosen: Selection, day: date) -> date:
    """Return the first day whose signals the load of `day` may still hold anything of."""
    longest = max(tension.CONFLICT_HALF_LIFE, tension.COOPERATION_HALF_LIFE)
    return max(chosen.bounds.start, day - timedelta(days=_HALF_LIVES * int(longest)))


def _parts(first: date, last: date, grain: Grain) -> list[tuple[Grain, date, date]]:
    """Cut days into whole periods and the days before and after them."""
    if grain == Grain.DAY:
        return [(Grain.DAY, first, last)]
    inner = period_of(first, grain)
    if inner < first:
        inner = after(inner, grain)
    outer = period_of(last + _DAY, grain)  # the first one that is not whole
    if inner >= outer:
        return [(Grain.DAY, first, last)]
    edges = [(Grain.DAY, first, inner - _DAY), (Grain.DAY, outer, last)]
    return [(grain, inner, outer - _DAY), *(edge for edge in edges if edge[1] <= edge[2])]


def period_of(day: date, grain: Grain) -> date:
    """Return the first day of the week or month of a day, or the day."""
    if grain == Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == Grain.MONTH else day


def after(period: date, grain: Grain) -> date:
    """Return the first day of the next period."""
    if grain == Grain.MONTH:
        return (period + timedelta(days=32)).replace(day=1)
    return period + timedelta(days=7 if grain == Grain.WEEK else 1)


# --- what rows tell --------------------------------------------------------------------------


def rows_of(chosen: Selection) -> Any:
    """Return the signals that answer to the filters, on any day, known at the moment."""
    return narrow(SIGNALS, chosen.scope, chosen.filters, chosen.actor_ids).order_by()


def _from_rows(chosen: Selection, first: date, last: date, grain: Grain) -> list[Row]:
    return _summed(rows_of(chosen).filter(start__gte=first, start__lte=last), grain)


def known_later(chosen: Selection, first: date, last: date, grain: Grain) -> list[Row]:
    """Return, as numbers below zero, what the counts hold and nobody had told by the moment.

    What was told within a day of its first day can only be of the last day.
    """
    scope = replace(chosen.scope, moment=None)
    rows = narrow(SIGNALS, scope, chosen.filters, chosen.actor_ids).order_by()
    unknown = rows.filter(
        Q(late=True) | Q(start=last),
        known_at__gt=chosen.as_of.moment,
        start__gte=first,
        start__lte=last,
    )
    return [
        (day, quad, who, -count, -sum_) for day, quad, who, count, sum_ in _summed(unknown, grain)
    ]


def _summed(rows: Any, grain: Grain) -> list[Row]:
    period = F("start") if grain == Grain.DAY else Trunc("start", _UNITS[grain], DateField())
    told = rows.values_list("source", "kind").annotate(period=period, number=Count("pk"))
    with limited():
        return [
            (day, _QUADS[kind], source, number, number * SEVERITY[kind])
            for source, kind, day, number in told
        ]


@contextmanager
def limited() -> Iterator[None]:
    """Open a transaction in which no query takes longer than _LIMIT_MS: OperationalError."""
    with transaction.atomic(using=reading().alias):
        with reading().cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(_LIMIT_MS)])
        yield


def _buckets(rows: Iterable[Row], first: date, last: date, grain: Grain) -> list[Bucket]:
    """Return every period of the days shown, cut to them, also those without a signal."""
    counts: Counter[tuple[date, int]] = Counter()
    severities: dict[date, float] = defaultdict(float)
    for day, quad, _, number, severity in rows:
        period = period_of(day, grain)
        counts[period, quad] += number
        severities[period] += severity
    found = []
    period = period_of(first, grain)
    while period <= last:
        following = after(period, grain)
        by_quad = [counts[period, quad] for quad in (1, 2, 3, 4)]
        found.append(
            Bucket(
                max(period, first),
                min(following - _DAY, last),
                (by_quad[0], by_quad[1], by_quad[2], by_quad[3]),
                round(severities[period], 6),
            )
        )
        period = following
    return found
