"""How many events stand behind each filter option: all other filters applied, its own left out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Q

from apps.actors.models import Actor
from apps.core import plover
from apps.core.replica import reading
from apps.events.models import EventQuerySet, Participation
from apps.timelines import filter_words, wording
from apps.timelines.filters import OTHER_LANE, PRECISIONS, Filters
from apps.timelines.kinship import Parts
from apps.timelines.queries.keeping import kept
from apps.timelines.queries.narrowing import matching
from apps.timelines.queries.scope import Scope

# Filters whose options are the values of one column; `lane` is annotated.
_COLUMNS: Final = {"dyads": "lane", "types": "type", "precisions": "precision", "places": "place"}
SEVERITY_STEPS: Final = (4, 8, 10)
REPORT_STEPS: Final = (2, 3, 5)
# What stands first of a long list; the rest is folded.
SHOWN_FIRST: Final = 8


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick: its value in the address, its words, its events, and whether it is ticked."""

    value: str
    label: str
    count: int
    checked: bool
    quad: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The options of one filter: its key in the address, and how many are shown before the rest is folded."""

    key: str
    options: list[Option]
    first: int = SHOWN_FIRST

    @property
    def shown(self) -> list[Option]:
        """The options that stand first: the ticked ones and those with the most events."""
        return self.options[: max(self.first, self.ticked)]

    @property
    def folded(self) -> list[Option]:
        """The other ones."""
        return self.options[max(self.first, self.ticked) :]

    @property
    def ticked(self) -> int:
        """How many are ticked."""
        return sum(option.checked for option in self.options)

    def __bool__(self) -> bool:
        return bool(self.options)


@dataclass(frozen=True, slots=True)
class Facets:
    """The options of each filter, those that would show nothing left out unless they are ticked."""

    dyads: list[Option]
    actors: list[Option]
    types: list[Option]
    places: list[Option]
    precisions: list[Option]
    severities: list[Option]
    reports: list[Option]
    contested: int

    @property
    def actor_group(self) -> Group:
        """Actors as a list that folds."""
        return Group("actor", self.actors)

    @property
    def place_group(self) -> Group:
        """Places as a list that folds."""
        return Group("place", self.places)


def facets(scope: Scope, filters: Filters, actors: Mapping[str, Actor]) -> Facets:
    """Count the options of a view; `actors` holds every actor by slug.

    Three queries that go once over the matching events, and one more for each kind of filter in force.
    """
    ids = {slug: actor.pk for slug, actor in actors.items()}
    counts = kept(scope, filters, "columns", lambda: _by_column(scope, filters, ids))
    least = kept(scope, filters, "conditions", lambda: _by_condition(scope, filters, ids))
    return Facets(
        dyads=_dyads(scope, filters, counts["dyads"]),
        actors=_actors(scope, filters, actors, ids),
        types=_types(filters, counts["types"]),
        places=_places(scope, filters, counts["places"]),
        precisions=[
            Option(value, filter_words.PRECISIONS[value], counts["precisions"][value], ticked)
            for value in PRECISIONS
            if (ticked := value in filters.precisions) or counts["precisions"][value]
        ],
        severities=_steps(least, "severity", filters.severity, SEVERITY_STEPS),
        reports=_steps(least, "reports", filters.reports, REPORT_STEPS),
        contested=least["contested", 1],
    )


def _by_column(
    scope: Scope, filters: Filters, ids: Mapping[str, int]
) -> dict[str, Counter[str | int | None]]:
    """Count events by the values of each column of `_COLUMNS`: one query for all that no filter is set on."""
    free = [name for name in _COLUMNS if not getattr(filters, name)]
    found: dict[str, Counter[str | int | None]] = {}
    for names in [free, *([name] for name in _COLUMNS if name not in free)]:
        if not names:
            continue
        ignoring = "" if names is free else names[0]
        events = matching(scope, filters, ignoring=ignoring, actor_ids=ids).order_by()
        rows = events.values_list(*(_COLUMNS[name] for name in names)).annotate(count=Count("pk"))
        found |= {name: Counter() for name in names}
        for *values, count in rows:
            for name, value in zip(names, values, strict=True):
                found[name][value] += count
    return found


def _by_condition(
    scope: Scope, filters: Filters, ids: Mapping[str, int]
) -> dict[tuple[str, int], int]:
    """Count events by least severity, least reports, and contested: one query for all not asked for."""
    steps: dict[str, dict[int, Q]] = {
        "severity": {n: scope.then.severe(n) for n in {*SEVERITY_STEPS, filters.severity} if n},
        "reports": {n: scope.told.at_least(n) for n in {*REPORT_STEPS, filters.reports} if n},
        "contested": {1: scope.then.contested},
    }
    free = [name for name in steps if not getattr(filters, name)]
    found: dict[tuple[str, int], int] = {}
    for names in [free, *([name] for name in steps if name not in free)]:
        if not names:
            continue
        ignoring = "" if names is free else names[0]
        events = matching(scope, filters, ignoring=ignoring, actor_ids=ids).order_by()
        asked = {f"{name}_{n}": (name, n) for name in names for n in steps[name]}
        counts: dict[str, Any] = events.aggregate(
            **{alias: Count("pk", filter=steps[name][n]) for alias, (name, n) in asked.items()}
        )
        found |= {asked[alias]: count for alias, count in counts.items()}
    return found


def _steps(
    counts: Mapping[tuple[str, int], int], name: str, asked: int, steps: Iterable[int]
) -> list[Option]:
    words = getattr(filter_words, name)
    return [
        Option(str(n), words(n), counts[name, n], n == asked)
        for n in sorted({*steps, asked} - {0})
        if counts[name, n] or n == asked
    ]


def _dyads(scope: Scope, filters: Filters, counts: Counter[str | int | None]) -> list[Option]:
    slugs = [*(lane.slug for lane in scope.lanes), OTHER_LANE]
    return [
        Option(slug, scope.lane_label(slug), counts[slug], slug in filters.dyads)
        for slug in slugs
        if counts[slug] or slug in filters.dyads
    ]


def _types(filters: Filters, counts: Counter[str | int | None]) -> list[Option]:
    return [
        Option(type_, wording.TYPE_WORDS[type_], counts[type_], type_ in filters.types, quad)
        for type_, quad in sorted(plover.QUAD.items(), key=lambda item: (-item[1], item[0]))
        if counts[type_] or type_ in filters.types
    ]


def _places(scope: Scope, filters: Filters, counts: Counter[str | int | None]) -> list[Option]:
    """A place counts for every place that it lies in."""
    places = {place.pk: place for place in scope.gazetteer.values()}
    options = [
        Option(place.slug, place.name, count, place.slug in filters.places)
        for pk, place in places.items()
        if (count := sum(counts[inner] for inner in scope.inside.with_parts([pk]).always))
        or place.slug in filters.places
    ]
    return _most_first(options)


def _actors(
    scope: Scope, filters: Filters, actors: Mapping[str, Actor], ids: Mapping[str, int]
) -> list[Option]:
    """Count for each actor the events in which it, or unless alone somebody who acts for it, takes part."""
    kin = {
        actor.pk: Parts(frozenset([actor.pk]))
        if filters.alone
        else scope.kinship.with_parts([actor.pk])
        for actor in actors.values()
    }
    counts = kept(
        scope,
        filters,
        "actors",
        lambda: _taking_part(matching(scope, filters, ignoring="actors", actor_ids=ids), kin),
    )
    return _most_first(
        [
            Option(slug, actor.name, counts.get(actor.pk, 0), slug in filters.actors)
            for slug, actor in actors.items()
            if counts.get(actor.pk) or slug in filters.actors
        ]
    )


def _taking_part(events: EventQuerySet, kin: Mapping[int, Parts]) -> dict[int, int]:
    """Return for each whole of `kin` in how many of the events one of its parts takes part, on its days."""
    rows = [
        (whole, part, since, until)
        for whole, parts in kin.items()
        for part, since, until in [*((part, None, None) for part in parts.always), *parts.spells]
    ]
    if not rows:
        return {}
    try:
        chosen, values = events.order_by().values("pk", "start", "end").query.sql_with_params()
    except EmptyResultSet:  # the filters rule everything out without asking the database
        return {}
    # Who acts for whom is no table: it goes along as arrays, and the database joins and counts. The only
    # text put into the statement is the query set's own SQL; its values stay parameters.
    statement = f"""
        SELECT kin.whole, count(DISTINCT part.event_id)
        FROM {Participation._meta.db_table} part
        JOIN ({chosen}) AS event(id, first, last) ON event.id = part.event_id
        JOIN unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[])
            AS kin(whole, part, since, until)
            ON kin.part = part.actor_id
            AND (kin.since IS NULL OR event.last >= kin.since)
            AND (kin.until IS NULL OR event.first <= kin.until)
        GROUP BY kin.whole
    """  # noqa: S608
    with reading().cursor() as cursor:
        cursor.execute(statement, [*values, *(list(column) for column in zip(*rows, strict=True))])
        return dict(cursor.fetchall())


def _most_first(options: list[Option]) -> list[Option]:
    return sorted(options, key=lambda option: (not option.checked, -option.count, option.label))
