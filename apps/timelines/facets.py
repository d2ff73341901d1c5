"""How many events stand behind each filter option: all other filters applied, its own left out."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from apps.actors.models import Actor
from apps.core import plover
from apps.events.models import Participation
from apps.timelines import wording
from apps.timelines.filters import OTHER_LANE, Filters
from apps.timelines.kinship import Days
from apps.timelines.queries import Scope, matching


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick: its value in the address, its words, its events, and whether it is ticked."""

    value: str
    label: str
    count: int
    checked: bool
    quad: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """The options of each filter, those that would show nothing left out unless they are ticked."""

    dyads: list[Option]
    actors: list[Option]
    types: list[Option]
    contested: int


def facets(scope: Scope, filters: Filters, actors: Mapping[str, Actor]) -> Facets:
    """Count the options of a view; `actors` holds every actor by slug. Four queries, whatever there is."""
    ids = {slug: actor.pk for slug, actor in actors.items()}
    return Facets(
        dyads=_dyads(scope, filters, ids),
        actors=_actors(scope, filters, actors, ids),
        types=_types(scope, filters, ids),
        contested=matching(scope, filters, ignoring="contested", actor_ids=ids)
        .filter(scope.then.contested)
        .count(),
    )


def _dyads(scope: Scope, filters: Filters, ids: Mapping[str, int]) -> list[Option]:
    rows = (
        matching(scope, filters, ignoring="dyads", actor_ids=ids)
        .order_by()
        .values_list("lane")  # type: ignore[misc]  # annotated by matching()
        .annotate(count=Count("pk"))
    )
    counts = dict(rows)
    labelled = [(lane.slug, lane.label) for lane in scope.lanes] + [(OTHER_LANE, "Other")]
    return [
        Option(slug, label, counts.get(slug, 0), slug in filters.dyads)
        for slug, label in labelled
        if counts.get(slug) or slug in filters.dyads
    ]


def _types(scope: Scope, filters: Filters, ids: Mapping[str, int]) -> list[Option]:
    rows = (
        matching(scope, filters, ignoring="types", actor_ids=ids)
        .order_by()
        .values_list("type")
        .annotate(count=Count("pk"))
    )
    counts = dict(rows)
    return [
        Option(type_, wording.TYPE_WORDS[type_], counts.get(type_, 0), type_ in filters.types, quad)
        for type_, quad in sorted(plover.QUAD.items(), key=lambda item: (-item[1], item[0]))
        if counts.get(type_) or type_ in filters.types
    ]


def _actors(
    scope: Scope, filters: Filters, actors: Mapping[str, Actor], ids: Mapping[str, int]
) -> list[Option]:
    """Count for each actor the events it or somebody who acts for it takes part in, most first."""
    events_of: dict[int, dict[int, Days]] = defaultdict(dict)
    events = matching(scope, filters, ignoring="actors", actor_ids=ids).order_by().values("pk")
    parts = Participation.objects.filter(event__in=events).order_by()
    for event, actor, *days in parts.values_list(
        "event_id", "actor_id", "event__start", "event__end"
    ):
        events_of[actor][event] = (days[0], days[1])
    options = []
    for slug, found in actors.items():
        together = scope.kinship.with_parts([found.pk]).acting(events_of)
        if together or slug in filters.actors:
            options.append(Option(slug, found.name, len(together), slug in filters.actors))
    return sorted(options, key=lambda option: (not option.checked, -option.count, option.label))
