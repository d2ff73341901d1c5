"""The lanes of a chart: by dyad, by actor, by type or by place; what is rare shares one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, CharField, Count, Expression, F, Q, Value, When

from apps.actors.models import Actor
from apps.core import plover
from apps.events.models import EventQuerySet
from apps.places.models import Place
from apps.timelines.drawing.chart_frame import LaneSpec
from apps.timelines.filters import OTHER_LANE, Filters
from apps.timelines.queries import placing, stored
from apps.timelines.queries.scope import Scope
from apps.timelines.vocabulary import NO_LANE
from apps.timelines.wording import TYPE_WORDS

# So many lanes can be told apart at a glance.
MOST: Final = {"actor": 10, "place": 12}
_NONE: Final = Value(OTHER_LANE, output_field=CharField())


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a view in order, and the expression that says in which of them an event stands."""

    by: str
    specs: tuple[LaneSpec, ...]
    of: Expression | F

    def of_events(self, events: EventQuerySet) -> EventQuerySet:
        """Annotate `drawn_in`: the slug of the lane in which each event is drawn."""
        return events.annotate(drawn_in=self.of)

    def label(self, slug: str) -> str:
        """Return a lane's label."""
        return next((lane.label for lane in self.specs if lane.slug == slug), "") or str(NO_LANE)

    def shown(self, used: Collection[str], wanted: Collection[str] = ()) -> list[LaneSpec]:
        """Return the lanes to draw: all dyads (or those `wanted`), of others those in which something is.

        A view without an event has no lane: the reader should see what to do about it, not eight empty ones.
        """
        if not used:
            return []
        fixed = self.by == "dyad"
        return [
            lane
            for lane in self.specs
            if lane.slug in used
            or (fixed and lane.slug != OTHER_LANE and (not wanted or lane.slug in wanted))
        ]


def lanes_of(scope: Scope, filters: Filters) -> Lanes:
    """Return the lanes that a view asks for. Their order does not depend on the days or on other filters."""
    if filters.lanes == "type":
        order = sorted(plover.QUAD.items(), key=lambda item: (-item[1], item[0]))
        types = tuple(LaneSpec(type_, str(TYPE_WORDS[type_])) for type_, _ in order)
        return Lanes("type", types, F("type"))
    if filters.lanes in MOST:
        return _most_frequent(scope, filters.lanes)
    dyads = (LaneSpec(lane.slug, lane.label) for lane in scope.lanes)
    return Lanes("dyad", (*dyads, LaneSpec(OTHER_LANE, str(NO_LANE))), F("lane"))


def _most_frequent(scope: Scope, by: str) -> Lanes:
    """Return the lanes of the actors or places with the most events of the timeline, and one for the rest."""
    column = f"{by}_lane"
    conditions = None if scope.version else _LIVE[by](scope.laned)
    every: Expression | F = F(column) if conditions is None else _case(conditions)

    def count() -> list[str]:
        rows = scope.laned.order_by().annotate(found=every).values_list("found")
        counts = dict(rows.annotate(count=Count("pk")))
        found = sorted((-n, slug) for slug, n in counts.items() if slug != OTHER_LANE)
        return [slug for _, slug in found[: MOST[by]]]

    top = stored.kept(scope.version_now, f"top {by}", count)
    if conditions is None:
        conditions = {slug: Q(**{column: slug}) for slug in top}
    model = Actor if by == "actor" else Place
    labels = dict(model.objects.filter(slug__in=top).values_list("slug", "name"))  # type: ignore[attr-defined]
    specs = (
        *(LaneSpec(slug, labels.get(slug, slug)) for slug in top),
        LaneSpec(OTHER_LANE, str(NO_LANE)),
    )
    return Lanes(by, specs, _case({slug: conditions[slug] for slug in top}))


def _case(conditions: Mapping[str, Q]) -> Expression:
    if not conditions:
        return _NONE
    whens = (When(condition, then=Value(slug)) for slug, condition in conditions.items())
    return Case(*whens, default=_NONE, output_field=CharField())


def _actors_live(events: EventQuerySet) -> dict[str, Q]:
    found: dict[str, list[int]] = defaultdict(list)
    for pk, slug in placing.actors_of(events).items():
        if slug != OTHER_LANE:
            found[slug].append(pk)
    return {slug: Q(pk__in=ids) for slug, ids in found.items()}


def _places_live(_: EventQuerySet) -> dict[str, Q]:
    found: dict[str, list[int]] = defaultdict(list)
    for pk, slug in placing.tops_of_places().items():
        found[slug].append(pk)
    return {slug: Q(place__in=ids) for slug, ids in found.items()}


_LIVE: Final = {"actor": _actors_live, "place": _places_live}
