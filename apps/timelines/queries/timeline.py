"""Everything the timeline page shows of one view, read in a number of queries that does not grow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote_plus

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from apps.events import lineages
from apps.events.models import Event, EventQuerySet
from apps.timelines import ranges, tension, wording
from apps.timelines.drawing.packing import MOST_MARKS
from apps.timelines.filters import Bounds, Chip, Filters
from apps.timelines.models import Timeline
from apps.timelines.queries import order
from apps.timelines.queries.chart import Drawn, chart_of, coverage_of, drawn_of, total_of
from apps.timelines.queries.facets import Facets, facets
from apps.timelines.queries.lanes import Lanes, lanes_of
from apps.timelines.queries.panel import Addresses, address, drops
from apps.timelines.queries.scope import Scope
from apps.timelines.queries.selection import Selection, named_chips
from apps.timelines.queries.signals import Background, background

PAGE_SIZE = MOST_MARKS
# Where the chart counts events instead of marking each, the list need not hold every mark's line.
PAGE_SIZE_OF_MANY = 50
# Parts of the signals behind the index: a picture needs fewer than the API gives.
MOST_BEHIND = 200
# Stands for an event's id in the address of the view that opens it.
_ID = "0EVENT0"


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
class View(Addresses):
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
    drawn: Drawn
    summary: str
    steps: list[ranges.Step]
    presets: list[tuple[str, str, bool]]
    selected: Event | None
    lanes_by: str = "dyad"
    strip: bool = False  # whether the chart has a coverage strip
    coverage_words: str = ""  # days on which no feed was alive, or that none is followed
    behind: Background | None = None  # the signals; None where nobody brought any
    signals_href: str = ""

    @property
    def figure_json(self) -> SafeString:
        """The figure as a data block of the page, which no character of it can end."""
        return mark_safe(self.drawn.figure)  # noqa: S308

    @property
    def still(self) -> SafeString:
        """The chart as an SVG, its text escaped where it was made."""
        return mark_safe(self.drawn.still)  # noqa: S308


def read_view(chosen: Selection) -> View:
    """Read one view of a timeline; values in its address that make no sense are left out and told."""
    scope, faults, ids = chosen.scope, list(chosen.faults), chosen.actor_ids
    filters = chosen.filters
    selected = _selected(scope, filters, faults)
    if selected is None:
        filters = replace(filters, event="")
    lanes = lanes_of(scope, filters)
    events = lanes.of_events(chosen.events)
    total = total_of(events, scope, filters)
    filters, pages = _paged(filters, total, faults)
    shown = _page_of(events, scope, filters, _page_size(total))
    covered = coverage_of(chosen)
    marked = shown if total <= MOST_MARKS else []
    behind = background(chosen, MOST_BEHIND)
    chart = chart_of(chosen, filters, lanes, events, marked, covered, behind)
    found = named_chips(chosen, filters)
    return View(
        timeline=chosen.timeline,
        filters=filters,
        bounds=chosen.bounds,
        faults=faults,
        facets=facets(scope, filters, chosen.actors),
        chips=found,
        drops=[] if total else drops(scope, found, ids),
        rows=_rows(scope, filters, shown, lanes),
        total=total,
        pages=pages,
        drawn=drawn_of(chart),
        summary=_summary(chart.index, total),
        steps=ranges.steps(filters, chosen.bounds),
        presets=ranges.presets(filters, chosen.bounds),
        selected=selected,
        lanes_by=lanes.by,
        strip=bool(covered.parts),
        coverage_words=covered.words,
        behind=behind,
        signals_href=address("signals", chosen, replace(filters, event="", day=None, page=1)),
    )


def _selected(scope: Scope, filters: Filters, faults: list[str]) -> Event | None:
    if not filters.event:
        return None
    found = scope.public.select_related("place").filter(public_id=filters.event).first()
    if found is None:
        faults.append(_missing(filters))
    else:
        scope.then.onto([found])
    return found


def _missing(filters: Filters) -> str:
    if filters.as_of is None:
        words = gettext("This timeline has no published event “%(event)s”.")
        return words % {"event": filters.event}
    return gettext("This timeline has no published event “%(event)s” known by %(day)s.") % {
        "event": filters.event,
        "day": wording.day(filters.as_of),
    }


def _paged(filters: Filters, total: int, faults: list[str]) -> tuple[Filters, Pages]:
    count = max(1, -(-total // _page_size(total)))
    if filters.page > count:
        words = gettext("There is no page %(page)s; the last one is shown.")
        faults.append(words % {"page": f"{filters.page:,}"})
        filters = replace(filters, page=count)
    page = filters.page
    before = replace(filters, page=page - 1).href if page > 1 else ""
    after = replace(filters, page=page + 1).href if page < count else ""
    return filters, Pages(page, count, before, after)


def _page_size(total: int) -> int:
    return PAGE_SIZE if total <= MOST_MARKS else PAGE_SIZE_OF_MANY


def _page_of(events: EventQuerySet, scope: Scope, filters: Filters, size: int) -> list[Event]:
    shown = order.page(events, scope, filters, size)
    scope.then.onto(shown)
    return shown


def _rows(scope: Scope, filters: Filters, shown: Sequence[Event], lanes: Lanes) -> list[Row]:
    # The kept count is exact where nothing was decided about the event since it was made.
    live = [event for event in shown if event.stale or not scope.version_now]
    counts = lineages.counts(live, scope.moment) if live else {}
    told = {event.pk: event.reports for event in shown}
    told |= {event.pk: counts[event.pk].reports if event.pk in counts else 0 for event in live}
    href = replace(filters, event=_ID).href
    return [
        Row(
            event=event,
            lane=lanes.label(event.drawn_in),  # type: ignore[attr-defined]  # of_events()
            reports=told[event.pk],
            href=href.replace(f"event={_ID}", f"event={quote_plus(event.public_id)}"),
            selected=event.public_id == filters.event,
        )
        for event in shown
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
    return gettext(
        "%(events)s. Tension is highest on %(peak_day)s at %(peak)s of 100, and stands at %(last)s on "
        "%(last_day)s, %(trend)s within 30 days."
    ) % {
        "events": events,
        "peak_day": wording.day(peak.day),
        "peak": f"{peak.value:.0f}",
        "last": f"{last.value:.0f}",
        "last_day": wording.day(last.day),
        "trend": _trend(last.value - before.value),
    }


def _trend(change: float) -> str:
    points = {"points": f"{abs(change):.0f}"}
    if abs(change) < 1:
        return pgettext("the index", "level")
    if change > 0:
        return pgettext("the index", "up %(points)s") % points
    return pgettext("the index", "down %(points)s") % points
