"""Which events a timeline has, and in which lane."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from apps.actors.models import Actor, Relation
from apps.events.models import Event, EventQuerySet, Participation
from apps.places.models import Place
from apps.timelines.filters import OTHER_LANE, Bounds, Query
from apps.timelines.kinship import Kinship, Parts
from apps.timelines.models import Dyad, Membership, Timeline
from apps.timelines.queries import stored, then, told
from apps.timelines.vocabulary import NO_LANE

# actor -> event -> the event's first and last day
DaysOf = dict[int, dict[int, tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Lane:
    """A dyad with both sides' actors and everybody who acts for them."""

    slug: str
    label: str
    side_a: Parts
    side_b: Parts


@dataclass(frozen=True)
class Scope:
    """What a timeline's rule needs to know, read once for each request; `moment`: known by then, None: now."""

    timeline: Timeline
    kinship: Kinship
    lanes: tuple[Lane, ...]
    actors: Parts
    places: frozenset[int]
    inside: Kinship  # which places lie in which
    moment: datetime | None = None
    # What a request needs more than once, by name.
    made: dict[str, Any] = field(default_factory=dict, compare=False)

    def lane_label(self, slug: str) -> str:
        """Return a lane's label; events of no lane are "Other"."""
        return next((lane.label for lane in self.lanes if lane.slug == slug), str(NO_LANE))

    @cached_property
    def laned(self) -> EventQuerySet:
        """The timeline's public events with their lane: as kept, or worked out once for each request."""
        if self.version:
            return stored.laned(self.timeline, Event.objects.as_of(self.moment))
        return with_lane(members(self), self)

    @cached_property
    def version(self) -> str:
        """The version of the entries that are kept of the timeline; empty where they are not exact."""
        return stored.versions([self.timeline]).get(self.timeline.pk, "")

    @property
    def public(self) -> EventQuerySet:
        """The timeline's public events known at the moment, by the shortest way."""
        return self.laned if self.version else members(self)

    @property
    def version_now(self) -> str:
        """That version where the timeline is asked for as known now; what was made of it may be kept."""
        return "" if self.moment else self.version

    @cached_property
    def gazetteer(self) -> dict[str, Place]:
        """Every place by its slug; those of merged places lead to what they became."""
        fields = ("slug", "name", "parent_id", "merged_into_id")
        return Place.objects.only(*fields).by_slug()

    @cached_property
    def told(self) -> told.Told:
        """How many independent reports told of the timeline's events at the moment."""
        return told.read(self.public, self.moment)

    @cached_property
    def then(self) -> then.Then:
        """How the timeline's public events read at the moment, where otherwise than now."""
        return then.read(self.public, self.moment)


def read_scopes(timelines: Sequence[Timeline], moment: datetime | None = None) -> list[Scope]:
    """Read the rule of each timeline: its actors and places with their parts, and its lanes in order.

    Its events are those known at `moment` (aware); None: now.
    """
    kinship = Kinship(
        Relation.objects.upward().values_list("source_id", "target_id", "since", "until")
    )
    inside = Kinship(Place.objects.filter(parent__isnull=False).values_list("pk", "parent_id"))
    prefetch_related_objects(timelines, "actors", "places", "dyads__side_a", "dyads__side_b")
    return [
        Scope(
            timeline=timeline,
            kinship=kinship,
            lanes=tuple(_lane(dyad, kinship) for dyad in timeline.dyads.all()),
            actors=kinship.with_parts(actor.pk for actor in timeline.actors.all()),
            places=inside.with_parts(place.pk for place in timeline.places.all()).always,
            inside=inside,
            moment=moment,
        )
        for timeline in timelines
    ]


def read_scope(timeline: Timeline, moment: datetime | None = None) -> Scope:
    """Read the rule of one timeline, as `read_scopes`; kept while its entries are exact, which rest on it."""
    version = stored.versions([timeline]).get(timeline.pk, "")
    rule = stored.kept(version, "rule", lambda: read_scopes([timeline])[0])
    scope = replace(rule, timeline=timeline, moment=moment, made={})
    scope.__dict__["version"] = version  # asked for once
    return scope


def _lane(dyad: Dyad, kinship: Kinship) -> Lane:
    return Lane(
        dyad.slug,
        dyad.label,
        kinship.with_parts(actor.pk for actor in dyad.side_a.all()),
        kinship.with_parts(actor.pk for actor in dyad.side_b.all()),
    )


def takes_part(actors: Parts, *roles: str) -> Exists:
    """A condition on events: one of `actors` takes part, in one of `roles` if given, on days when it counts."""
    spells: dict[tuple[date | None, date | None], list[int]] = defaultdict(list)
    for actor, since, until in actors.spells:
        spells[since, until].append(actor)
    who = Q(actor_id__in=actors.always)
    # Compared with the event itself, which the parts are looked up for: no join, and one condition a spell.
    for (since, until), acting in spells.items():
        begun = Q(GreaterThanOrEqual(OuterRef("end"), since)) if since else Q()
        ended = Q(LessThanOrEqual(OuterRef("start"), until)) if until else Q()
        who |= Q(actor_id__in=acting) & begun & ended
    parts = Participation.objects.filter(who, event=OuterRef("pk"))
    return Exists(parts.filter(role__in=roles) if roles else parts)


def in_scope(scope: Scope, *, any_day: bool = False) -> Q:
    """A condition on events, public or not: they belong to the timeline, on whatever day if `any_day`.

    Those that share a day with it and have an actor or a place in scope, and pinned ones; never excluded ones.
    """
    timeline = scope.timeline
    chosen = Membership.objects.filter(timeline=timeline, event=OuterRef("pk"))
    days = Q() if any_day else Q(start__lte=timeline.end, end__gte=timeline.start)
    rule = days & (Q(takes_part(scope.actors)) | Q(place_id__in=scope.places))
    pinned = Q(Exists(chosen.filter(kind=Membership.Kind.PINNED)))
    return (pinned | rule) & ~Q(Exists(chosen.filter(kind=Membership.Kind.EXCLUDED)))


def members(scope: Scope) -> EventQuerySet:
    """Public events of a timeline, known at its moment."""
    return Event.objects.as_of(scope.moment).filter(in_scope(scope))


def with_lane(events: EventQuerySet, scope: Scope) -> EventQuerySet:
    """Annotate `lane`: the first lane whose two sides act on one another in the event, else "other".

    One query reads who takes part; the events that are returned are told by their ids from then on, because
    a view asks for them many times and the rule of every lane, with its days, is a long condition.
    """
    of_lanes, found = by_lane(events, scope)
    cases = [When(pk__in=inside, then=Value(slug)) for slug, inside in of_lanes.items() if inside]
    chosen = Event.objects.as_of(scope.moment).filter(pk__in=found)
    if not cases:
        return chosen.annotate(lane=Value(OTHER_LANE))
    return chosen.annotate(lane=Case(*cases, default=Value(OTHER_LANE), output_field=CharField()))


def by_lane(events: EventQuerySet, scope: Scope) -> tuple[dict[str, set[int]], set[int]]:
    """Return the ids of the events in each lane, and of all events; one query."""
    parts = events.order_by().values_list(
        "pk", "start", "end", "participations__role", "participations__actor"
    )
    acting: dict[str, DaysOf] = defaultdict(lambda: defaultdict(dict))
    found: set[int] = set()
    for event, start, end, role, actor in parts:
        found.add(event)
        if actor is not None:
            acting[role][actor][event] = (start, end)
    of_lanes, left = {}, set(found)
    for lane in scope.lanes:
        of_lanes[lane.slug] = _between(lane, acting) & left
        left -= of_lanes[lane.slug]
    return of_lanes, found


def _between(lane: Lane, acting: Mapping[str, DaysOf]) -> set[int]:
    """Return the events in which one side of the lane acts on the other."""
    by, at = (acting[role] for role in (Participation.Role.INITIATOR, Participation.Role.TARGET))
    there = lane.side_a.acting(by) & lane.side_b.acting(at)
    return there | lane.side_b.acting(by) & lane.side_a.acting(at)


def bounds_of(scope: Scope, actors: Collection[str], query: Query | None = None) -> Bounds:
    """Return what may be asked of a timeline; `actors` are all known slugs.

    Places and what merged ones became are looked up only where `query` asks for such.
    """
    timeline = scope.timeline
    told = query.getlist("actor") if query else []
    # No slug holds a NUL, and the database takes no text with one.
    asked = [slug for slug in told if slug not in actors and "\0" not in slug]
    merged = Actor.objects.filter(slug__in=asked, merged_into__slug__in=actors)
    places = known_places(scope) if query and query.getlist("place") else {}
    return Bounds(
        start=timeline.start,
        end=timeline.end,
        focus_start=timeline.focus_start or timeline.start,
        focus_end=timeline.focus_end or timeline.end,
        actors=actors,
        dyads=frozenset(lane.slug for lane in scope.lanes),
        actors_became=dict(merged.values_list("slug", "merged_into__slug")) if asked else {},
        places=set(places.values()),
        places_became=places,
    )


def known_places(scope: Scope) -> dict[str, str]:
    """Return the places where something of the timeline happened, and those around them.

    Slug -> slug of the place it is now.
    """
    by_pk = {place.pk: place for place in scope.gazetteer.values()}
    waiting = {place for (place,) in members(scope).order_by().values_list("place").distinct()}
    found: set[int] = set()
    while waiting:
        found |= waiting & by_pk.keys()
        around = {by_pk[pk].parent_id for pk in waiting if pk in by_pk}
        waiting = {pk for pk in around if pk is not None} - found
    return {slug: place.slug for slug, place in scope.gazetteer.items() if place.pk in found}
