"""What the database knows, as the values that matching compares."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from apps.actors.models import Actor, Relation
from apps.annotations.models import StoryEvent
from apps.events.kinship import Kinship
from apps.events.matching import Days, Known, Matcher, Reported, slugs
from apps.events.models import Event, Evidence, Participation
from apps.places.models import Place


@dataclass(frozen=True, slots=True)
class World:
    """The known events, actors and places, read once for one article."""

    matcher: Matcher
    actors: dict[str, Actor]
    places: dict[str, Place]
    parents: dict[int, Place]
    named: set[str]  # slugs of actors that are somebody: no placeholders

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
            initiators=slugs((slug for role, slug in parts if role == "initiator"), self.named),
            targets=slugs((slug for role, slug in parts if role == "target"), self.named),
            places=self.place_chain(event.place),
            killed=event.killed,
            wounded=event.wounded,
            text=f"{event.title} {event.summary} {quotes}",
            names=tuple(event.names),
            standing=event.status != Event.Status.REJECTED,
            title=event.title,
        )

    def reported(self, distinct: StoryEvent) -> Reported:
        """Turn a distinct event of an article into what matching compares."""
        version = distinct.annotation.article_version
        article = version.article
        days = None
        if distinct.date_from is not None and distinct.date_to is not None:
            days = Days(distinct.date_from, distinct.date_to, distinct.precision or "day")
        return Reported(
            type=distinct.type,
            mode=distinct.mode,
            days=days,
            initiators=slugs(distinct.initiators, self.named),
            targets=slugs(distinct.targets, self.named),
            places=self.place_chain(self.places.get(distinct.place)),
            published=(article.published_at or article.first_seen_at).date(),
            killed=distinct.killed,
            wounded=distinct.wounded,
            text=" ".join(mention.surface for mention in distinct.mentions.all()),
            alleged=bool(distinct.attribution_speaker),
        )

    def as_reported(
        self, event: Event, parts: Iterable[tuple[str, str]], sentences: str
    ) -> Reported:
        """Turn a proposal back into a report, to see what else it fits."""
        parts = list(parts)
        return Reported(
            type=event.type,
            mode=event.mode,
            days=Days(event.start, event.end, event.precision),
            initiators=slugs((slug for role, slug in parts if role == "initiator"), self.named),
            targets=slugs((slug for role, slug in parts if role == "target"), self.named),
            places=self.place_chain(event.place),
            published=max(event.end, (event.first_public_at or event.created_at).date()),
            killed=event.killed,
            wounded=event.wounded,
            text=f"{event.title} {sentences}",
        )


def read_world() -> World:
    """Read events (but the merged), actors, relations and places: six queries, whatever their number."""
    actors = {actor.slug: actor for actor in Actor.objects.all()}
    places = list(Place.objects.all())
    relations = Relation.objects.values_list("source__slug", "kind", "target__slug")
    kinship = Kinship(relations, {actor.slug: actor.kind for actor in actors.values()})
    world = World(
        matcher=Matcher([], kinship),
        actors=actors,
        places={place.slug: place for place in places},
        parents={place.pk: place for place in places},
        named={slug for slug, actor in actors.items() if actor.kind != Actor.Kind.PLACEHOLDER},
    )
    parts, quotes = _parts(), _quotes()
    for event in Event.objects.exclude(status=Event.Status.MERGED).select_related("place"):
        world.matcher.add(world.known(event, parts[event.pk], " ".join(quotes[event.pk])))
    return world


def _parts() -> dict[int, list[tuple[str, str]]]:
    parts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Participation.objects.values_list("event_id", "role", "actor__slug")
    for event_id, role, slug in rows:
        parts[event_id].append((role, slug))
    return parts


def _quotes() -> dict[int, list[str]]:
    """A proposal has no summary yet: its sentences say what it is."""
    quotes: dict[int, list[str]] = defaultdict(list)
    rows = Evidence.objects.exclude(event__fingerprint="").exclude(quote="")
    for event_id, quote in rows.values_list("event_id", "quote"):
        quotes[event_id].append(quote)
    return quotes
