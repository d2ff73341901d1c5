"""Timelines, their events and their index."""

from dataclasses import replace
from datetime import UTC, date, timedelta

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router

from apps.events.models import Event, Participation
from apps.timelines import asof, tension
from apps.timelines.api import asking, paging, schemas, shapes
from apps.timelines.api.problems import RefusedError
from apps.timelines.api.shapes import Addresses
from apps.timelines.asof import AsOf
from apps.timelines.models import Timeline
from apps.timelines.queries import index as queries_index
from apps.timelines.queries import then
from apps.timelines.queries.coverage import coverage
from apps.timelines.queries.lanes import lanes_of
from apps.timelines.queries.readings import readings
from apps.timelines.queries.selection import Selection, select

router = Router(tags=["Timelines"])


@router.get("", url_name="api-timelines", response=schemas.Timelines, summary="All timelines")
def timelines(request: HttpRequest, response: HttpResponse, query: Query[asking.Paged]):  # type: ignore[no-untyped-def]
    """The published timelines by title."""
    to = Addresses(request, asof.read(request))
    page = paging.asked("timelines", query.limit, query.cursor, (str, str))
    rows = Timeline.objects.public().filter(paging.beyond(page, "title", "slug"))
    found = rows.order_by("title", "slug")[: page.limit + 1]
    shown, cursor = page.cut(found, lambda row: (row.title, row.slug))
    return schemas.Timelines(
        items=[_row(row, to) for row in shown],
        next=paging.next_address(request, response, cursor),
        as_of=to.as_of.day,
    )


def _row(row: Timeline, to: Addresses) -> schemas.TimelineRow:
    same = ("slug", "code", "title", "description", "start", "end", "licence")
    return schemas.TimelineRow(
        **{name: getattr(row, name) for name in same},
        focus_start=row.focus_start or row.start,
        focus_end=row.focus_end or row.end,
        formula=row.formula_version,
        page=to.of("timeline", row.slug),
        events=to.of("api-events", row.slug),
        index=to.of("api-index", row.slug),
    )


def _find(slug: str) -> Timeline:
    found = Timeline.objects.public().filter(slug=slug).first()
    if found is None:
        raise Http404(gettext("There is no published timeline “%(slug)s”.") % {"slug": slug[:60]})
    return found


@router.get(
    "/{slug:slug}", url_name="api-timeline", response=schemas.Timeline, summary="One timeline"
)
def timeline(request: HttpRequest, slug: str, query: Query[asking.AsOf]):  # type: ignore[no-untyped-def]
    """A timeline with its lanes and what its rule of membership starts from."""
    to = Addresses(request, asof.read(request))
    chosen = select(_find(slug), request.GET, to.as_of)
    return schemas.Timeline(
        **_row(chosen.timeline, to).dict(),
        event_count=chosen.members.count(),
        actors=[
            to.named(actor)
            for actor in chosen.timeline.actors.all()
            if actor.slug in chosen.bounds.actors
        ],
        places=[place.slug for place in chosen.timeline.places.all()],
        lanes=[schemas.Lane(slug=lane.slug, label=lane.label) for lane in chosen.scope.lanes],
    )


def chosen_by(request: HttpRequest, slug: str, as_of: AsOf) -> Selection:
    """Read the view that the address asks for; RefusedError where a part of it makes no sense.

    The page leaves such parts out and says so; a program that got more than it asked for would not notice.
    """
    chosen = select(_find(slug), request.GET, as_of)
    if chosen.faults:
        detail = gettext(
            "A part of the address makes no sense here, and an answer without it would be another one."
        )
        errors = [{"parameter": "", "detail": fault} for fault in chosen.faults]
        raise RefusedError("bad-parameter", " ".join([detail, *chosen.faults]), errors)
    return chosen


@router.get(
    "/{slug:slug}/events",
    url_name="api-events",
    response=schemas.Events,
    summary="Events of a timeline",
)
def events(request: HttpRequest, response: HttpResponse, slug: str, query: Query[asking.View]):  # type: ignore[no-untyped-def]
    """The events that answer to the filters, oldest first: the same words as in the page's address."""
    to = Addresses(request, asof.read(request))
    page = paging.asked("events", query.limit, query.cursor, (date, str))
    chosen = chosen_by(request, slug, to.as_of)
    shown, cursor = _page_of(chosen, page)
    told = chosen.scope.told.by_event
    later = _written_later(chosen, shown)
    return schemas.Events(
        items=[
            schemas.EventRow(
                **shapes.event(row, to, hindsight=row.pk in later),
                lane=row.drawn_in,  # type: ignore[attr-defined]  # annotated by of_events()
                reports=told.get(row.pk, row.reports),
            )
            for row in shown
        ],
        total=chosen.events.count(),
        next=paging.next_address(request, response, cursor),
        page=page_of(chosen, to),
        licence=chosen.timeline.licence,
        as_of=to.as_of.day,
    )


def page_of(chosen: Selection, to: Addresses, name: str = "timeline") -> str:
    """Return the address of a view on a page for readers."""
    path, query = reverse(name, args=[chosen.timeline.slug]), chosen.filters.query()
    return to.whole(f"{path}?{query}" if query else path)


def _page_of(chosen: Selection, page: paging.Page) -> tuple[list[Event], str]:
    parts = Participation.objects.select_related("actor")
    lanes = lanes_of(chosen.scope, chosen.filters)
    rows = lanes.of_events(chosen.events).filter(paging.beyond(page, "start", "public_id"))
    rows = rows.select_related("place__parent").prefetch_related(
        Prefetch("participations", queryset=parts)
    )
    found = rows.order_by("start", "public_id")[: page.limit + 1]
    shown, cursor = page.cut(found, lambda row: (row.start, row.public_id))
    chosen.scope.then.onto(shown)
    return shown, cursor


def _written_later(chosen: Selection, shown: list[Event]) -> set[int]:
    """Return which of the events have a summary that may tell of what became known later."""
    moment = chosen.as_of.moment
    if moment is None:
        return set()
    rows = chosen.members.filter(then.hindsight(moment), pk__in=[row.pk for row in shown])
    return set(rows.values_list("pk", flat=True))


@router.get(
    "/{slug:slug}/index", url_name="api-index", response=schemas.Index, summary="Index by day"
)
def index(request: HttpRequest, response: HttpResponse, slug: str, query: Query[asking.Series]):  # type: ignore[no-untyped-def]
    """The tension index of the timeline, one value a day; it ends with the day as of which is asked."""
    to = Addresses(request, asof.read(request))
    page = paging.asked("index", query.limit, query.cursor, (date,))
    chosen = chosen_by(request, slug, to.as_of)
    days = _series(chosen, page)
    shown, cursor = page.cut(days, lambda found: (found.day,))
    return schemas.Index(
        items=[shapes.day(found, to.of("api-day", slug, found.day.isoformat())) for found in shown],
        formula=tension.VERSION,
        next=paging.next_address(request, response, cursor),
        page=page_of(chosen, to),
        licence=chosen.timeline.licence,
        as_of=to.as_of.day,
    )


def _series(chosen: Selection, page: paging.Page) -> list[tension.Day]:
    """Return the days after the cursor, one more than the page has room for."""
    start = page.after[0] + timedelta(days=1) if page.after else chosen.filters.start
    start = max(start, chosen.filters.start)
    end = min(chosen.as_of.until(chosen.filters.end), start + timedelta(days=page.limit))
    if end < start:
        return []
    days = replace(chosen.filters, start=start, end=end)
    return queries_index.index(chosen.scope, days, chosen.as_of, chosen.actor_ids)[0]


@router.get(
    "/{slug:slug}/index/{day}",
    url_name="api-day",
    response=schemas.DayApart,
    summary="What made one day",
)
def index_day(request: HttpRequest, slug: str, day: asking.IsoDay, query: Query[asking.AsOf]):  # type: ignore[no-untyped-def]
    """One day of the index with what every event adds to it."""
    to = Addresses(request, asof.read(request))
    chosen = select(_find(slug), request.GET, to.as_of)
    last = to.as_of.until(chosen.bounds.end)
    if not chosen.bounds.start <= day <= last:
        told = {"first": chosen.bounds.start.isoformat(), "last": last.isoformat()}
        raise Http404(gettext("The index goes from %(first)s to %(last)s here.") % told)
    read = readings(chosen.members, chosen.scope.then.by_event)
    added = tension.contributions(read, day)
    rows = chosen.members.in_bulk([found.key for found in added], field_name="public_id")
    return schemas.DayApart(
        timeline=slug,
        day=day,
        formula=tension.VERSION,
        as_of=to.as_of.day,
        **shapes.scaled(tension.series(read, day, day)[0]),
        contributions=[
            schemas.Contribution(
                event=schemas.EventBrief(**shapes.brief(rows[found.key], to)),
                load=round(found.load, 6),
                share=round(found.share, 6),
            )
            for found in added
        ],
    )


@router.get(
    "/{slug:slug}/coverage",
    url_name="api-coverage",
    response=schemas.Coverage,
    summary="What was read",
)
def covered(request: HttpRequest, slug: str, query: Query[asking.Days]):  # type: ignore[no-untyped-def]
    """Which feeds were alive and how many articles were seen: quiet is not the same as blind."""
    to = Addresses(request, asof.read(request))
    chosen = chosen_by(request, slug, to.as_of)
    today = timezone.now().astimezone(UTC).date()
    start, end = chosen.filters.start, to.as_of.until(min(chosen.filters.end, today))
    found = coverage(chosen.timeline, start, end, to.as_of.moment)
    names = ("start", "end", "alive", "feeds", "articles", "undated")
    return schemas.Coverage(
        words=found.words,
        as_of=to.as_of.day,
        items=[
            schemas.Covered(**{name: getattr(part, name) for name in names}) for part in found.parts
        ],
    )
