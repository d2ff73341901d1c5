"""What the database knows, as the values that matching compares."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.actors.models import Actor, Relation
from apps.annotations.models import Candidate, StoryEvent
from apps.events.counting import counts
from apps.events.happenings import Days, Known, Reported
from apps.events.kinship import Bond, Kinship
from apps.events.models import Event, Evidence, Participation, Standing
from apps.events.wording import Counts
from apps.places.models import Place

Row = TypeVar("Row", Actor, Place)
_STATE = (Actor.Kind.STATE, Actor.Kind.GOVERNMENT, Actor.Kind.ARMED_FORCES)
# Sentences that say what a proposal is: the first ones do.
_SENTENCES = 10


@dataclass(frozen=True, slots=True)
class World:
    """What events are compared by: actors, places, who belongs to whom, what is rare."""

    actors: dict[str, Actor]  # by slug; one that was merged is found as the one it is now
    places: dict[str, Place]
    parents: dict[int, Place]
    kinship: Kinship
    counts: Counts
    states: dict[str, frozenset[str]]  # country -> slugs of its government and forces

    def named(self, names: Iterable[str]) -> frozenset[str]:
        """Return the slugs of those of `names` that are known and somebody: no placeholders."""
        known = (self.actors[name] for name in names if name in self.actors)
        return frozenset(actor.slug for actor in known if actor.kind != Actor.Kind.PLACEHOLDER)

    def place_chain(self, place: Place | None) -> tuple[str, ...]:
        """Return the place's slug and those it lies in, its country's code last."""
        if place is None:
            return ()
        chain, country = [], place.country
        step: Place | None = place
        while step is not None and step.slug not in chain:
            chain.append(step.slug)
            step = self.parents.get(step.parent_id) if step.parent_id else None
        return (*chain, country)

    def known(self, event: Event, parts: Iterable[tuple[str, str]], quotes: str = "") -> Known:
        """Turn an event with its (role, actor slug) pairs into what matching compares."""
        parts = list(parts)
        return Known(
            id=event.pk,
            label=event.public_id,
            type=event.type,
            mode=event.mode,
            days=Days(event.start, event.end, event.precision),
            initiators=self.named(slug for role, slug in parts if role == "initiator"),
            targets=self.named(slug for role, slug in parts if role == "target"),
            places=self.place_chain(event.place),
            killed=event.killed,
            wounded=event.wounded,
            text=f"{event.title} {event.summary} {quotes}",
            names=tuple(event.names),
            standing=event.status != Event.Status.REJECTED,
            title=event.title,
            status=event.status,
            hosts=self._hosts(event.place),
        )

    def reported(self, distinct: StoryEvent) -> Reported:
        """Turn a distinct event of an article into what matching compares."""
        mentions = list(distinct.mentions.all())
        told = any(mention.date_from is not None for mention in mentions)
        sentences = " ".join(mention.surface for mention in mentions)
        # The day of an article's own news is its day, though no word says so.
        assumed = not told and distinct.role == StoryEvent.Role.BACKGROUND
        return self._reported(distinct, sentences, assumed=assumed)

    def mentioned(self, mention: Candidate) -> Reported:
        """Turn one sentence into what matching compares, as if its article told no more."""
        return self._reported(mention, mention.surface)

    def _reported(
        self,
        coded: StoryEvent | Candidate,
        sentences: str,
        *,
        assumed: bool = False,
    ) -> Reported:
        article = coded.annotation.article_version.article
        return Reported(
            type=coded.type,
            mode=coded.mode,
            days=days_of(coded),
            initiators=self.named(coded.initiators),
            targets=self.named(coded.targets),
            places=self.place_chain(self.places.get(coded.place)),
            published=article.known_at.date(),
            killed=coded.killed,
            wounded=coded.wounded,
            text=sentences,
            alleged=bool(coded.attribution_speaker),
            actual=coded.modality in (Candidate.Modality.ACTUAL, Candidate.Modality.NEGATED),
            assumed=assumed,
        )

    def as_known(self, distinct: StoryEvent, key: int, label: str) -> Known:
        """Turn a distinct event of an article into an event that others may be the same as."""
        told = self.reported(distinct)
        if told.days is None:
            raise ValueError(f"story event {distinct.pk} has no day: nothing can be the same as it")
        return Known(
            id=key,
            label=label,
            type=told.type,
            mode=told.mode,
            days=told.days,
            initiators=told.initiators,
            targets=told.targets,
            places=told.places,
            killed=told.killed,
            wounded=told.wounded,
            text=told.text,
            hosts=self._hosts(self.places.get(distinct.place)),
        )

    def _hosts(self, place: Place | None) -> frozenset[str]:
        return self.states.get(place.country, frozenset()) if place else frozenset()


def days_of(coded: StoryEvent | Candidate) -> Days | None:
    """Return the days that were read; None where none were."""
    if coded.date_from is None or coded.date_to is None:
        return None
    return Days(coded.date_from, coded.date_to, coded.precision or "day")


def as_reported(known: Known, published: date) -> Reported:
    """Turn an event back into a report published on a day, to see what else it fits."""
    return Reported(
        type=known.type,
        mode=known.mode,
        days=known.days,
        initiators=known.initiators,
        targets=known.targets,
        places=known.places,
        published=published,
        killed=known.killed,
        wounded=known.wounded,
        text=known.text,
    )


def read_world() -> World:
    """Read actors, relations, places and counts: four queries, whatever the number of events."""
    actors = {actor.pk: actor for actor in Actor.objects.all()}
    places = {place.pk: place for place in Place.objects.all()}
    bonds = Relation.objects.values_list("source__slug", "kind", "target__slug", "since", "until")
    return World(
        actors={actor.slug: _standing(actor, actors) for actor in actors.values()},
        places={place.slug: _standing(place, places) for place in places.values()},
        parents=places,
        kinship=Kinship(
            (Bond(*bond) for bond in bonds), {actor.slug: actor.kind for actor in actors.values()}
        ),
        counts=counts(),
        states=_states(actors.values()),
    )


def _states(actors: Iterable[Actor]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for actor in actors:
        if actor.kind in _STATE:
            found[actor.country].add(actor.slug)
    return {country: frozenset(slugs) for country, slugs in found.items()}


def _standing(row: Row, rows: dict[int, Row]) -> Row:
    """Follow merges to the row that stands."""
    seen = set()
    while row.merged_into_id and row.pk not in seen:
        seen.add(row.pk)
        row = rows[row.merged_into_id]
    return row


def read_known(events: QuerySet[Event], world: World) -> list[Known]:
    """Read events as matching compares them: three queries."""
    rows = list(events.select_related("place"))
    ids = [row.pk for row in rows]
    parts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, role, slug in Participation.objects.filter(event__in=ids).values_list(
        "event_id", "role", "actor__slug"
    ):
        parts[pk].append((role, slug))
    quotes = _quotes(ids)
    return [world.known(row, parts[row.pk], " ".join(quotes[row.pk])) for row in rows]


def _quotes(ids: list[int]) -> dict[int, list[str]]:
    """A proposal has no summary: its sentences say what it is.

    Once somebody decided about it, what the machine attaches later says nothing more: else it would matter
    in which order articles came.
    """
    of_then = Q(event__settled_at__isnull=True) | Q(created_at__lte=F("event__settled_at"))
    rows = (
        Evidence.objects.filter(of_then | Q(standing=Standing.PUBLISHED), event__in=ids)
        .exclude(event__fingerprint="")
        .exclude(quote="")
        .annotate(
            place=Window(RowNumber(), partition_by="event_id", order_by=["known_at", "start", "id"])
        )
        .filter(place__lte=_SENTENCES)
    )
    quotes: dict[int, list[str]] = defaultdict(list)
    for pk, quote in rows.order_by("event_id", "place").values_list("event_id", "quote"):
        quotes[pk].append(quote)
    return quotes
