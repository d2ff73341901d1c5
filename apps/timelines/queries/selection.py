"""Which events a view asks for: what every page, file and answer made of a timeline starts from."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from apps.actors.models import Actor
from apps.events.models import EventQuerySet
from apps.timelines.asof import NOW, AsOf
from apps.timelines.filters import Bounds, Chip, Filters, Query, chips, parse
from apps.timelines.models import Timeline
from apps.timelines.queries.actors import known_actors
from apps.timelines.queries.narrowing import matching, narrowed
from apps.timelines.queries.scope import Scope, bounds_of, members, read_scope


@dataclass(frozen=True)
class Selection:
    """A timeline, the filters that its address asks for, and the events that answer to them.

    `faults` holds a sentence for each value of the address that made no sense and was left out. Events are
    those known at `as_of`; their derived columns (tolls, contested, severity) read as then once they passed
    `scope.then.onto`.
    """

    timeline: Timeline
    as_of: AsOf
    scope: Scope
    bounds: Bounds
    filters: Filters
    faults: list[str]
    actors: dict[str, Actor]  # every actor that is known, by slug

    @cached_property
    def actor_ids(self) -> dict[str, int]:
        """The pk of every known actor by slug."""
        return {slug: actor.pk for slug, actor in self.actors.items()}

    @property
    def members(self) -> EventQuerySet:
        """All public events of the timeline, on whatever day and whatever the filters."""
        return members(self.scope)

    @property
    def events(self) -> EventQuerySet:
        """The events that answer to the filters and share a day with the days shown; `lane` is annotated."""
        return self.but_for("")

    @property
    def on_any_day(self) -> EventQuerySet:
        """The events that answer to the filters, on whatever day; `lane` is annotated."""
        return narrowed(self.scope, self.filters, actor_ids=self.actor_ids)

    def but_for(self, name: str) -> EventQuerySet:
        """Return `events` as they were without the filter of that name."""
        return matching(self.scope, self.filters, actor_ids=self.actor_ids, ignoring=name)

    def changed(self, filters: Filters) -> Self:
        """Return the selection of other filters of the same timeline."""
        return replace(self, filters=filters)


def select(timeline: Timeline, query: Query, as_of: AsOf = NOW) -> Selection:
    """Read what `query` asks of `timeline`; a few queries, none of which grows with what matches."""
    actors = known_actors(as_of.moment).in_bulk(field_name="slug")
    scope = read_scope(timeline, as_of.moment)
    bounds = bounds_of(scope, actors.keys(), query)
    filters, faults = parse(query, bounds, as_of.day)
    return Selection(timeline, as_of, scope, bounds, filters, faults, actors)


def named_chips(chosen: Selection, filters: Filters) -> list[Chip]:
    """Return a chip for each of `filters` in force, with the names that the timeline has for them."""
    return chips(
        filters,
        lambda slug: chosen.actors[slug].name,
        chosen.scope.lane_label,
        lambda slug: chosen.scope.gazetteer[slug].name,
    )
