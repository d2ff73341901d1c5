"""The search over events, actors and articles, as its page has it."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from ninja import Query, Router

from apps.timelines import asof
from apps.timelines.api import asking, paging, schemas, shapes
from apps.timelines.api.problems import bad_parameter
from apps.timelines.api.shapes import Addresses
from apps.timelines.models import Timeline
from apps.timelines.queries import highlights, search_page
from apps.timelines.queries.search_page import Look, Results
from apps.timelines.search.asked import parse

router = Router(tags=["Search"])


@router.get("", url_name="api-search", response=schemas.Found, summary="Search")
def search(request: HttpRequest, response: HttpResponse, query: Query[asking.SearchAsked]):  # type: ignore[no-untyped-def]
    """Events, actors and articles that answer to words: a name in whatever spelling, “a phrase”, -without.

    A timeline, a type or a year narrows the events alone. Pages hold twenty rows of one kind; of all kinds
    there is one page.
    """
    to = Addresses(request, asof.read(request))
    timelines = list(Timeline.objects.public().order_by("title"))
    if query.timeline and query.timeline not in {timeline.slug for timeline in timelines}:
        detail = gettext("There is no timeline “%(slug)s”.") % {"slug": query.timeline[:60]}
        raise bad_parameter("timeline", detail)
    found = search_page.results(parse(query.q), _look(query), to.as_of.moment, timelines)
    more = found.look.page < found.pages and found.look.page < asking.MOST_PAGES
    return schemas.Found(
        q=found.asked.text,
        totals=schemas.Totals(
            **{kind: found.totals.get(kind, 0) for kind in search_page.KINDS},
        ),
        capped=found.capped,
        meant=[to.named(actor) for actor in found.meant],
        suggestions=list(found.suggestions),
        page=_page(found, to),
        events=[
            schemas.FoundEvent(
                **shapes.brief(row.event, to), text=_runs(row.summary), parts=row.parts
            )
            for row in found.events
        ],
        actors=[schemas.ActorRow(**shapes.actor(row, to)) for row in found.actors],
        articles=[
            schemas.FoundArticle(**shapes.article(row.version.article, to), text=_runs(row.text))
            for row in found.articles
        ],
        next=paging.next_page(request, response, found.look.page + 1) if more else None,
        as_of=to.as_of.day,
    )


def _look(query: asking.SearchAsked) -> Look:
    asked = {"timeline": query.timeline, "type": query.type, "year": query.year}
    choice = {name: str(value) for name, value in asked.items() if value}
    kind = "" if query.kind == "all" else query.kind
    return Look(kind, choice, newest=query.sort == "new", page=query.page if kind else 1)


def _page(found: Results, to: Addresses) -> str:
    """Return the address of the same search for readers."""
    asked = {"q": found.asked.text, "kind": found.look.kind, **found.look.choice}
    asked["sort"] = "new" if found.look.newest else ""
    asked["page"] = str(found.look.page) if found.look.page > 1 else ""
    query = urlencode({name: value for name, value in asked.items() if value})
    return to.whole(f"{reverse('search')}?{query}" if query else reverse("search"))


def _runs(runs: Iterable[highlights.Run]) -> list[schemas.Run]:
    return [schemas.Run(text=run.text, marked=run.marked) for run in runs]
