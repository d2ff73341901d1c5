"""For whom an actor speaks: the government it belongs to, or itself."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from apps.actors.models import Actor, Relation
from apps.events.headline import ClaimValue
from apps.events.models import Claim, Event

# An armed group answers for itself, whatever it is formally part of.
_OWN_VOICE = (Actor.Kind.ARMED_GROUP, Actor.Kind.POPULATION, Actor.Kind.MEDIA)


class Voices:
    """The actors' chains up to their governments, read once and used for many claims."""

    @cached_property
    def _actors(self) -> dict[int, Actor]:
        return {actor.pk: actor for actor in Actor.objects.all()}

    @cached_property
    def _above(self) -> dict[int, list[int]]:
        above: dict[int, list[int]] = defaultdict(list)
        pairs = Relation.objects.upward().order_by("pk").values_list("source_id", "target_id")
        for source, target in pairs:
            above[source].append(target)
        return above

    def of(self, actor_id: int) -> str:
        """Return the slug of the government the actor speaks for, else the actor's own."""
        seen, queue = {actor_id}, [actor_id]
        while queue:
            actor = self._actors[queue.pop(0)]
            if actor.kind in (Actor.Kind.GOVERNMENT, Actor.Kind.STATE):
                return actor.slug
            if actor.kind in _OWN_VOICE:
                continue
            fresh = [pk for pk in self._above[actor.pk] if pk not in seen]
            seen.update(fresh)
            queue.extend(fresh)
        return self._actors[actor_id].slug

    def affected(self, event: Event) -> set[str]:
        """Return the voices of the affected side: of the targets, and of the government of the place."""
        parts = event.participations.all()  # whole: they may be loaded already
        voices = {self.of(part.actor_id) for part in parts if part.role == "target"}
        if event.place is not None:
            voices |= {
                actor.slug
                for actor in self._actors.values()
                if actor.kind in (Actor.Kind.GOVERNMENT, Actor.Kind.STATE)
                and actor.country == event.place.country
            }
        return voices

    def values(self, event: Event, claims: Iterable[Claim]) -> list[ClaimValue]:
        """Turn claims (with speaker and source loaded) into what the headline rule reads."""
        affected = self.affected(event)
        values = []
        for claim in claims:
            voice = self.of(claim.speaker_id) if claim.speaker_id else claim.speaker_name
            values.append(
                ClaimValue(
                    field=claim.field,
                    act=claim.act,
                    voice=voice,
                    speaker=claim.speaker_name,
                    number=claim.number,
                    known_at=claim.known_at,
                    official=claim.speaker_id is not None and voice in affected,
                )
            )
        return values
