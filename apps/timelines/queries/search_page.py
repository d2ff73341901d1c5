"""One page of search results: what was found of each kind, its facets, and the words that are marked in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from apps.actors.models import Actor
from apps.articles.models import ArticleVersion
from apps.core import plover
from apps.events.models import Event, Participation
from apps.timelines import wording
from apps.timelines.models import Timeline
from apps.timelines.queries import actors as queries_actors
from apps.timelines.queries import highlights, names, search, then
from apps.timelines.queries.highlights import Run
from apps.timelines.search.asked import Asked

KINDS: Final = ("events", "actors", "articles")
PER_PAGE: Final = 20
# On the page of all kinds, so many of each.
FEW: Final = {"actors": 4, "events": 10, "articles": 5}


@dataclass(frozen=True, slots=True)
class Look:
    """How the reader looks at what was found; "" and 1 where nothing else is asked for."""

    kind: str = ""
    choice: Mapping[str, str] = field(default_factory=dict)  # facet: value
    newest: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event that was found, what to mark in it, and who of those meant takes part in it."""

    event: Event
    title: list[Run]
    summary: list[Run]
    parts: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article that was found, in the version that says it, and what to mark in it."""

    version: ArticleVersion
    title: list[Run]
    text: list[Run]


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet: its words, its events, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found."""

    asked: Asked
    look: Look
    meant: tuple[Actor, ...] = ()  # whom the words name
    totals: Mapping[str, int] = field(default_factory=dict)  # by kind
    events: tuple[EventRow, ...] = ()
    actors: tuple[Actor, ...] = ()
    articles: tuple[ArticleRow, ...] = ()
    facets: Mapping[str, list[Option]] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    capped: bool = False  # there may be more, older ones

    @property
    def total(self) -> int:
        """How many were found of all kinds."""
        return sum(self.totals.values())

    @property
    def pages(self) -> int:
        """How many pages the kind that is looked at has."""
        return max(1, -(-self.totals.get(self.look.kind, 0) // PER_PAGE)) if self.look.kind else 1


def results(
    asked: Asked, look: Look, moment: datetime | None, timelines: list[Timeline]
) -> Results:
    """Return what is found at `moment` (aware; None: now). The number of queries does not grow with it."""
    if not asked.wanted:
        return Results(asked, look)
    named = names.named(asked, moment)
    wanted = search.wanted(asked, named)
    hits = search.hits(wanted, moment, timelines)
    chosen = search.chosen(hits, dict(look.choice))
    versions = search.articles(wanted, moment)
    actors = _actors(named.actors, moment)
    totals = {"events": len(chosen), "actors": len(actors), "articles": len(versions)}
    meant = {owner for one in named.meant for owner in one.owners}
    found = sum(totals.values()) + len(hits)
    return Results(
        asked=asked,
        look=look,
        meant=tuple(actor for actor in actors if actor.pk in meant),
        totals=totals,
        events=_event_rows(chosen, wanted, look, moment, meant),
        actors=tuple(actors[_page("actors", look)]),
        articles=_article_rows(versions, wanted, look),
        facets=_facets(hits, look, timelines),
        suggestions=() if found else tuple(names.likely(asked, moment)),
        capped=len(hits) >= search.MOST or len(versions) >= search.MOST_ARTICLES,
    )


def _page(kind: str, look: Look) -> slice:
    if look.kind == "":
        return slice(FEW[kind])
    if look.kind != kind:
        return slice(0)
    return slice((look.page - 1) * PER_PAGE, look.page * PER_PAGE)


def _actors(ids: Sequence[int], moment: datetime | None) -> list[Actor]:
    """Load actors with their `event_count`, in the order given."""
    if not ids:
        return []
    listed = queries_actors.actor_list(queries_actors.Filters(), moment).filter(pk__in=ids)
    return sorted(listed, key=lambda actor: ids.index(actor.pk))


def _event_rows(
    hits: Sequence[search.Hit],
    wanted: search.Wanted,
    look: Look,
    moment: datetime | None,
    meant: set[int],
) -> tuple[EventRow, ...]:
    page = _page("events", look)
    events = search.ranked(hits, wanted, look.newest, page) if hits and page.stop else []
    if not events:
        return ()
    marked = highlights.of_events(events, wanted.any)
    pks = [event.pk for event in events]
    hidden = set(_later_told(pks, moment))
    parts: dict[int, dict[str, None]] = {}
    of = Participation.objects.filter(event__in=pks, actor__in=meant).order_by("position", "pk")
    for event, name in of.values_list("event_id", "actor__name"):
        parts.setdefault(event, {})[name] = None
    return tuple(
        EventRow(
            event,
            marked[event.pk][0],
            [] if event.pk in hidden else marked[event.pk][1],
            ", ".join(parts.get(event.pk, ())),
        )
        for event in events
    )


def _later_told(pks: Sequence[int], moment: datetime | None) -> list[int]:
    """Return those of the events whose summary may tell of what became known later."""
    if moment is None:
        return []
    told = Event.objects.filter(then.hindsight(moment), pk__in=pks)
    return list(told.values_list("pk", flat=True))


def _article_rows(
    versions: Sequence[int], wanted: search.Wanted, look: Look
) -> tuple[ArticleRow, ...]:
    page = _page("articles", look)
    rows = search.ranked_articles(versions, wanted, page) if versions and page.stop else []
    marked = highlights.of_articles(rows, wanted.any) if rows else {}
    return tuple(ArticleRow(row, *marked[row.pk]) for row in rows)


def _facets(
    hits: Sequence[search.Hit], look: Look, timelines: Sequence[Timeline]
) -> dict[str, list[Option]]:
    """Return the values of each facet that has any: timelines and types by how many, years in order."""
    counts = search.counts(hits, dict(look.choice))
    titles = {timeline.slug: timeline.title for timeline in timelines}
    label = {
        "timeline": lambda value: titles.get(value, value),
        "type": lambda value: wording.TYPE_WORDS.get(value, value),
        "year": lambda value: value,
    }
    found = {}
    for name, told in counts.items():
        chosen = look.choice.get(name, "")
        told = {**told, **({chosen: told.get(chosen, 0)} if chosen else {})}
        options = [
            Option(value, label[name](value), count, value == chosen)
            for value, count in told.items()
        ]
        options.sort(key=lambda o: (o.value,) if name == "year" else (-o.count, o.label))  # type: ignore[arg-type,return-value]
        if options:
            found[name] = options
    return found


def look_of(query: Mapping[str, str], slugs: Sequence[str]) -> tuple[Look, list[str]]:
    """Read how the reader wants to look; return it, and a sentence for each value that was left out."""
    faults: list[str] = []
    kind, page = query.get("kind", ""), query.get("page", "") or "1"
    if kind and kind not in KINDS:
        faults.append(_left_out(kind))
        kind = ""
    if not (page.isascii() and page.isdigit() and 1 <= int(page[:6]) <= 1000):
        faults.append(_left_out(page))
        page = "1"
    known = {"timeline": slugs, "type": list(plover.TYPES), "year": _YEARS}
    choice = {}
    for name, values in known.items():
        value = query.get(name, "")
        if value in values:
            choice[name] = value
        elif value:
            faults.append(_left_out(value))
    return Look(kind, choice, query.get("sort") == "new", int(page[:6])), faults


_YEARS: Final = [str(year) for year in range(1900, 2101)]


def _left_out(value: str) -> str:
    return gettext("“%(value)s” is nothing to choose here; it was left out.") % {
        "value": value[:40]
    }
