"""Everything the timeline page shows of one view, read in a number of queries that does not grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, F, Sum
from django.utils.safestring import SafeString, mark_safe

from apps.core import plover
from apps.events import lineages
from apps.events.models import Event, EventQuerySet
from apps.timelines import charts, ranges, tension, wording
from apps.timelines.asof import NOW, AsOf
from apps.timelines.facets import Facets, facets
from apps.timelines.filters import (
    OTHER_LANE,
    Bounds,
    Chip,
    Filters,
    Query,
    chips,
    cleared,
    parse,
)
from apps.timelines.models import Timeline
from apps.timelines.packing import MOST_MARKS, DayCount, Fold, Mark, fold
from apps.timelines.queries import (
    Scope,
    bounds_of,
    matching,
    members,
    narrowed,
    read_scope,
)
from apps.timelines.queries_actors import known_actors
from apps.timelines.readings import readings

PAGE_SIZE = MOST_MARKS
_SAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the event, its lane's label, its reports, and the view that opens it."""

    event: Event
    lane: str
    reports: int
    href: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the list is cut; an empty address where there is no such page."""

    number: int
    count: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class View:
    """One view of one timeline, ready for its template."""

    timeline: Timeline
    filters: Filters
    bounds: Bounds
    faults: list[str]
    facets: Facets
    chips: list[Chip]
    drops: list[tuple[Chip, int]]  # where nothing matches: what leaving one filter out would show
    rows: list[Row]
    total: int
    pages: Pages
    figure: str
    summary: str
    steps: list[ranges.Step]
    presets: list[tuple[str, str, bool]]
    selected: Event | None

    @property
    def figure_json(self) -> SafeString:
        """The figure as a data block of the page: no character of it can end the block."""
        return mark_safe(self.figure.translate(_SAFE_IN_SCRIPT))  # noqa: S308

    @property
    def cleared_href(self) -> str:
        """The same days without other filters."""
        return cleared(self.filters).href

    @property
    def closed_href(self) -> str:
        """The same view without an open event."""
        return replace(self.filters, event="").href

    @property
    def now_href(self) -> str:
        """The same view as known now."""
        return replace(self.filters, as_of=None).href

    @property
    def whole_href(self) -> str:
        """All days of the timeline with the same filters."""
        return self.filters.changed(start=self.bounds.start, end=self.bounds.end).href


def read_view(timeline: Timeline, query: Query, as_of: AsOf = NOW) -> View:
    """Read one view of `timeline`; values in `query` that make no sense are left out and told."""
    actors = known_actors(as_of.moment).in_bulk(field_name="slug")
    scope = read_scope(timeline, as_of.moment)
    bounds = bounds_of(scope, actors.keys())
    filters, faults = parse(query, bounds, as_of.day)
    selected = _selected(scope, filters, faults)
    if selected is None:
        filters = replace(filters, event="")
    ids = {slug: actor.pk for slug, actor in actors.items()}
    events = matching(scope, filters, actor_ids=ids)
    total = events.count()
    filters, pages = _paged(filters, total, faults)
    shown = _page_of(events, scope, filters)
    index, part = _index(scope, filters, as_of, ids)
    marks = _marks(shown) if total <= MOST_MARKS else []
    folds = _folds(events, scope, filters) if total > MOST_MARKS else []
    lanes = _lanes(scope, filters, {m.lane for m in marks} | {f.lane for f in folds})
    chart = charts.Chart(
        filters.start, filters.end, index, lanes, marks, folds, part, selected=filters.event
    )
    found = chips(filters, lambda slug: actors[slug].name, scope.lane_label)
    return View(
        timeline=timeline,
        filters=filters,
        bounds=bounds,
        faults=faults,
        facets=facets(scope, filters, actors),
        chips=found,
        drops=[] if total else _drops(scope, found, ids),
        rows=_rows(scope, filters, shown),
        total=total,
        pages=pages,
        figure=charts.figure_json(chart),
        summary=_summary(index, total),
        steps=ranges.steps(filters, bounds),
        presets=ranges.presets(filters, bounds),
        selected=selected,
    )


def _drops(scope: Scope, found: Sequence[Chip], ids: Mapping[str, int]) -> list[tuple[Chip, int]]:
    """Return the filters whose leaving would show something, with how much."""
    counts = [(c, matching(scope, c.without, actor_ids=ids).count()) for c in found]
    return [(chip, count) for chip, count in counts if count]


def _selected(scope: Scope, filters: Filters, faults: list[str]) -> Event | None:
    if not filters.event:
        return None
    found = members(scope).select_related("place").filter(public_id=filters.event).first()
    if found is None:
        known = f" known by {wording.day(filters.as_of)}" if filters.as_of else ""
        faults.append(f"This timeline has no published event “{filters.event}”{known}.")
    else:
        scope.then.onto([found])
    return found


def _paged(filters: Filters, total: int, faults: list[str]) -> tuple[Filters, Pages]:
    count = max(1, -(-total // PAGE_SIZE))
    if filters.page > count:
        faults.append(f"There is no page {filters.page:,}; the last one is shown.")
        filters = replace(filters, page=count)
    page = filters.page
    before = replace(filters, page=page - 1).href if page > 1 else ""
    after = replace(filters, page=page + 1).href if page < count else ""
    return filters, Pages(page, count, before, after)


def _page_of(events: EventQuerySet, scope: Scope, filters: Filters) -> list[Event]:
    first = (filters.page - 1) * PAGE_SIZE
    shown = list(events.order_by("start", "public_id")[first : first + PAGE_SIZE])
    scope.then.onto(shown)
    return shown


def _rows(scope: Scope, filters: Filters, shown: Sequence[Event]) -> list[Row]:
    counts = lineages.counts(shown, scope.moment)
    return [
        Row(
            event=event,
            lane=scope.lane_label(event.lane),  # type: ignore[attr-defined]  # with_lane()
            reports=counts[event.pk].reports if event.pk in counts else 0,
            href=replace(filters, event=event.public_id).href,
            selected=event.public_id == filters.event,
        )
        for event in shown
    ]


def _index(
    scope: Scope, filters: Filters, as_of: AsOf, ids: Mapping[str, int]
) -> tuple[list[tension.Day], list[tension.Day]]:
    """Return the dossier's index on the days shown, and that of the matching events where filters are set.

    It ends with the day as of which is asked: of later days nothing is known, which is not the same as calm.
    """
    days = filters.start, as_of.until(filters.end)
    if days[1] < days[0]:
        return [], []
    otherwise = scope.then.by_event
    index = tension.series(readings(members(scope), otherwise), *days)
    if not filters.narrowed:
        return index, []
    matched = readings(narrowed(scope, filters, actor_ids=ids), otherwise)
    return index, tension.series(matched, *days)


def _lanes(scope: Scope, filters: Filters, used: set[str]) -> list[charts.LaneSpec]:
    """Return the lanes in order: those asked for, or all; "Other" only where something is in it.

    A view without an event has no lane: the reader should see what to do about it, not eight empty ones.
    """
    if not used:
        return []
    lanes = [charts.LaneSpec(lane.slug, lane.label) for lane in scope.lanes]
    if filters.dyads:
        lanes = [lane for lane in lanes if lane.slug in filters.dyads]
    if OTHER_LANE in used:
        lanes.append(charts.LaneSpec(OTHER_LANE, "Other"))
    return lanes


def _marks(shown: Sequence[Event]) -> list[Mark]:
    return [
        Mark(
            key=event.public_id,
            title=event.title,
            lane=event.lane,  # type: ignore[attr-defined]  # with_lane()
            start=event.start,
            end=event.end,
            precision=event.precision,
            type=event.type,
            quad=event.quad,
            severity=event.severity,
            contested=event.contested,
            words=_toll(event),
        )
        for event in shown
    ]


def _toll(event: Event) -> str:
    killed = f"{event.killed:,} killed" if event.killed else ""
    wounded = f"{event.wounded:,} wounded" if event.wounded else ""
    return ", ".join(filter(None, [killed, wounded]))


def _folds(events: EventQuerySet, scope: Scope, filters: Filters) -> list[Fold]:
    rows = (
        events.order_by()
        .values_list("lane", "start", "type")  # type: ignore[misc]  # annotated by matching()
        .annotate(count=Count("pk"), total=Sum(F("severity")))
    )
    counts = [
        DayCount(lane, max(day, filters.start), plover.QUAD[type_], count, total)
        for lane, day, type_, count, total in [*rows, *_corrections(events, scope)]
    ]
    return fold(counts, filters.start, filters.end, len(scope.lanes) + 1)


def _corrections(events: EventQuerySet, scope: Scope) -> list[tuple[str, date, str, int, float]]:
    """Return what the severity of each event that read otherwise then was more or less, as rows of `_folds`."""
    then = scope.then.by_event
    if not then:
        return []
    rows = events.filter(pk__in=list(then)).values_list("lane", "start", "type", "pk", "severity")  # type: ignore[misc]
    return [
        (lane, day, type_, 0, then[pk]["severity"] - severity)
        for lane, day, type_, pk, severity in rows
    ]


def _summary(index: Sequence[tension.Day], total: int) -> str:
    """Say in words what the chart shows, for those who do not see it."""
    events = wording.counted(total, "event")
    if not index:
        return events
    peak = max(index, key=lambda day: day.value)
    last = index[-1]
    since = last.day - timedelta(days=30)
    before = next((day for day in index if day.day >= since), last)
    trend = _trend(last.value - before.value)
    return (
        f"{events}. Tension is highest on {wording.day(peak.day)} at {peak.value:.0f} of 100, and stands at "
        f"{last.value:.0f} on {wording.day(last.day)}, {trend} within 30 days."
    )


def _trend(change: float) -> str:
    if abs(change) < 1:
        return "level"
    return f"{'up' if change > 0 else 'down'} {abs(change):.0f}"
