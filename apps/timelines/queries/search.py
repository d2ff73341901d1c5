"""Events, actors and articles that answer to a search, as known at a moment (aware; None: now).

Words are looked up by the indexes of `search_words` (see the migration "search"), never by reading texts
through: whatever is asked, at most MOST events and MOST_ARTICLES articles, the newest, are looked at closer.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Final

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchQuery,
    SearchRank,
    SearchVectorField,
)
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from apps.articles.models import ArticleVersion
from apps.events.models import Event, EventQuerySet, Participation
from apps.timelines.models import Timeline
from apps.timelines.queries import then
from apps.timelines.queries.articles import public_articles
from apps.timelines.queries.names import Named
from apps.timelines.queries.scope import in_scope, read_scopes
from apps.timelines.search.asked import Asked, Term, plain

MOST: Final = 2_000
MOST_ARTICLES: Final = 500
# Spellings of one name that are looked for, and actors that one name may mean.
MOST_SPELLINGS, MOST_OWNERS = 8, 5
# Several names in one search: those beyond are words like others.
MOST_NAMED = 3
# Whoever takes part in an event is what it is about, more than whoever its text names.
PART_BONUS = 0.5

Words = SearchQuery | CombinedSearchQuery
EVENT_WORDS = Func(
    F("title"), F("summary"), function="search_words", output_field=SearchVectorField()
)
TITLE_WORDS = Func(F("title"), Value(""), function="search_words", output_field=SearchVectorField())
ARTICLE_WORDS = Func(
    F("title"), F("text"), function="search_words", output_field=SearchVectorField()
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is wanted, as the database looks for it; `owners`: the actors that it names."""

    words: Words
    owners: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as the database reads it."""

    units: tuple[Unit, ...]
    unwanted: tuple[Words, ...] = ()  # turned round: true of what does not have it

    def words(self, units: Iterable[Unit], unwanted: bool = True) -> Words | None:
        """All of these units and, unless `unwanted` is false, nothing unwanted; None where there is neither."""
        chosen = [unit.words for unit in units]
        chosen += self.unwanted if unwanted else ()
        return reduce(operator.and_, chosen) if chosen else None

    @property
    def any(self) -> Words:
        """Whatever is to be marked in a text that was found."""
        return reduce(operator.or_, [unit.words for unit in self.units])


def wanted(asked: Asked, named: Named) -> Wanted:
    """Turn a search into what the database reads: a name stands for all its spellings."""
    units, place = [], 0
    starts = {one.first: one for one in named.meant[:MOST_NAMED]}
    while place < len(asked.wanted):
        one = starts.get(place)
        if one is None:
            units.append(Unit(_term(asked.wanted[place])))
            place += 1
            continue
        owners = one.owners[:MOST_OWNERS]
        asked_for = [_term(term) for term in asked.wanted[one.first : one.last + 1]]
        spelt = [
            name for owner in owners for name in named.spellings.get(owner, ())[:MOST_SPELLINGS]
        ]
        spelt += [last for owner in owners for last in named.last_names.get(owner, ())]
        words = [reduce(operator.and_, asked_for), *(_phrase(name) for name in spelt)]
        units.append(Unit(reduce(operator.or_, words), owners))
        place = one.last + 1
    return Wanted(tuple(units), tuple(_phrase(term.text, invert=True) for term in asked.unwanted))


def _term(term: Term) -> Words:
    if term.phrase:
        return _phrase(term.text)
    words: Words = SearchQuery(plain(term.text), config="english", search_type="plain")
    if term.prefix:
        # The beginning of a word as it is written; its tokens hold letters and digits only, so nothing in them
        # is an operator.
        begun = " & ".join(term.tokens) + ":*"
        words = words | SearchQuery(begun, config="simple", search_type="raw")
    return words


def _phrase(text: str, invert: bool = False) -> Words:
    return SearchQuery(plain(text), config="english", search_type="phrase", invert=invert)


# --- events -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """An event that was found; `timelines` are the published ones that it belongs to, by slug."""

    pk: int
    type: str
    start: date
    end: date
    part: bool  # an actor that the search names takes part in it
    timelines: tuple[str, ...] = ()

    @property
    def years(self) -> range:
        """The years in which it happened."""
        return range(self.start.year, self.end.year + 1)


def hits(search: Wanted, moment: datetime | None, timelines: Sequence[Timeline]) -> list[Hit]:
    """Return at most MOST events that were found, the newest. The number of queries is bounded."""
    part: dict[int, bool] = {}
    for found, takes_part in _ways(search, moment):
        for pk in newest(found):
            part[pk] = part.get(pk, False) or takes_part
    scopes = read_scopes(list(timelines), moment) if part else []
    inside = {
        f"in_{place}": ExpressionWrapper(in_scope(scope), output_field=BooleanField())
        for place, scope in enumerate(scopes)
    }
    rows = Event.objects.filter(pk__in=list(part)).order_by("-start", "-pk").annotate(**inside)
    return [
        Hit(
            row["pk"],
            row["type"],
            row["start"],
            row["end"],
            part[row["pk"]],
            tuple(scope.timeline.slug for place, scope in enumerate(scopes) if row[f"in_{place}"]),
        )
        for row in rows.values("pk", "type", "start", "end", *inside)[:MOST]
    ]


def newest(found: EventQuerySet) -> QuerySet[Event, int]:
    """Return the ids of the newest MOST of these events."""
    return found.order_by(_apart("start", "end").desc(), "-pk").values_list("pk", flat=True)[:MOST]


def _apart(field: str, other: str) -> Coalesce:
    """Return a column that is never empty, as no index holds it: none but that of the words is to be read."""
    return Coalesce(field, other)


def _ways(search: Wanted, moment: datetime | None) -> list[tuple[EventQuerySet, bool]]:
    """Return what finds events: all units as words; each named actor by its part, the other units as words;
    all named actors by their parts."""
    events = Event.objects.as_of(moment)
    if not search.units:
        return []
    named = [unit for unit in search.units if unit.owners]
    together = [named] if len(named) > 1 else []
    ways = [(_telling(events, search, search.units, moment), False)]
    for parts in [*([unit] for unit in named), *together]:
        rest = [unit for unit in search.units if unit not in parts]
        ways.append((_telling(_with(events, parts), search, rest, moment), True))
    return ways


def _with(events: EventQuerySet, units: Iterable[Unit]) -> EventQuerySet:
    for unit in units:
        parts = Participation.objects.filter(actor__in=unit.owners)
        events = events.filter(pk__in=parts.values("event"))
    return events


def _telling(
    events: EventQuerySet, search: Wanted, units: Sequence[Unit], moment: datetime | None
) -> EventQuerySet:
    """Events whose words answer; a summary that may tell of later things is not shown, so it is not read."""
    words = search.words(units)
    if words is None:
        return events
    found = events.alias(words=EVENT_WORDS)
    if moment is None:
        return found.filter(words=words)
    # By the index first: words in the title are among all words.
    read = found.filter(words=search.words(units, unwanted=False)).alias(title_words=TITLE_WORDS)
    return read.filter(Q(title_words=words) | Q(words=words) & ~then.hindsight(moment))


def ranked(found: Iterable[Hit], search: Wanted, by_day: bool, page: slice) -> list[Event]:
    """Return one page of the events, the best first: by their words and by who takes part, then the newest."""
    rows = {hit.pk: hit.part for hit in found}
    events = Event.objects.filter(pk__in=list(rows)).select_related("place")
    if by_day:
        return list(events.order_by("-start", "-pk")[page])
    parts = [pk for pk, part in rows.items() if part]
    bonus = Case(When(pk__in=parts, then=Value(PART_BONUS)), default=Value(0.0))
    words = SearchRank(EVENT_WORDS, search.any, normalization=1)
    rank = ExpressionWrapper(words + bonus, output_field=FloatField())
    return list(events.annotate(found=rank).order_by("-found", "-start", "-pk")[page])


# --- facets -------------------------------------------------------------------------------

BY: Final[dict[str, Callable[[Hit], Iterable[str]]]] = {
    "timeline": lambda hit: hit.timelines,
    "type": lambda hit: (hit.type,),
    "year": lambda hit: map(str, hit.years),
}


def chosen(found: Iterable[Hit], choice: dict[str, str], ignoring: str = "") -> list[Hit]:
    """Return the events that have what is chosen of each facet; `ignoring` names one to leave out."""
    asked = [(BY[name], value) for name, value in choice.items() if value and name != ignoring]
    return [hit for hit in found if all(value in of(hit) for of, value in asked)]


def counts(found: Sequence[Hit], choice: dict[str, str]) -> dict[str, dict[str, int]]:
    """Count the events of each value of each facet, the other facets applied."""
    told: dict[str, dict[str, int]] = {name: {} for name in BY}
    for name, of in BY.items():
        for hit in chosen(found, choice, ignoring=name):
            for value in of(hit):
                told[name][value] = told[name].get(value, 0) + 1
    return told


# --- articles -----------------------------------------------------------------------------


def articles(search: Wanted, moment: datetime | None) -> list[int]:
    """Return the versions, by id, of at most MOST_ARTICLES public articles that were found, each in its newest
    version of the moment."""
    words = search.words(search.units)
    if words is None or not search.units:
        return []
    there = ArticleVersion.objects.as_of(moment)
    later = there.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    found = there.alias(words=ARTICLE_WORDS).filter(words=words)
    found = found.filter(~Exists(later), article__in=public_articles(moment))
    latest = found.order_by(_apart("article_id", "pk").desc())
    return list(latest.values_list("pk", flat=True)[:MOST_ARTICLES])


def ranked_articles(found: Sequence[int], search: Wanted, page: slice) -> list[ArticleVersion]:
    """Return one page of the versions: those that say it in their title first, then the newest."""
    versions = (
        ArticleVersion.objects.filter(pk__in=found)
        .select_related("article__source")
        .defer("text", "raw")
        .annotate(found=SearchRank(TITLE_WORDS, search.any))
    )
    order = F("article__published_at").desc(nulls_last=True)
    return list(versions.order_by("-found", order, "-pk")[page])
