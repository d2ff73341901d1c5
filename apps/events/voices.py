"""For whom an actor speaks: the government it belongs to, the group it leads, or itself."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet

from apps.actors.models import Actor, Alias, Relation
from apps.actors.upward import held
from apps.events.ledger import ClaimValue
from apps.events.lineages import HEAVY, RELATED, Lineages
from apps.events.models import Claim, Event, Standing

# An armed group answers for itself, whatever it is formally part of.
_OWN_VOICE = (Actor.Kind.ARMED_GROUP, Actor.Kind.POPULATION, Actor.Kind.MEDIA)


def claims_with_lineage(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Load with the claims what `Voices.values` needs, in the order in which they were recorded.

    Two of one moment supersede in that order.
    """
    return (
        claims.select_related("speaker", "source", *(f"evidence__{name}" for name in RELATED))
        .defer(*(f"evidence__{name}" for name in HEAVY))
        .order_by("known_at", "id")
    )


class Voices:
    """The actors' chains up to their governments, read once and used for many claims.

    Reports that became known after `moment` (aware; None: now) tell nothing of what a claim rests on.
    """

    def __init__(self, moment: datetime | None = None) -> None:
        self._moment = moment

    @cached_property
    def _actors(self) -> dict[int, Actor]:
        return {actor.pk: actor for actor in Actor.objects.all()}

    @cached_property
    def _above(self) -> dict[int, list[tuple[int, date | None, date | None]]]:
        above: dict[int, list[tuple[int, date | None, date | None]]] = defaultdict(list)
        rows = Relation.objects.upward().order_by("pk")
        for source, target, since, until in rows.values_list(
            "source_id", "target_id", "since", "until"
        ):
            above[source].append((target, since, until))
        return above

    def of(self, actor_id: int, on: date) -> str:
        """Return the slug of the government an actor speaks for on a day, of the group it leads, or its own."""
        seen, queue, groups = {actor_id}, [actor_id], []
        while queue:
            actor = self._actors[queue.pop(0)]
            if actor.kind in (Actor.Kind.GOVERNMENT, Actor.Kind.STATE):
                return actor.slug
            if actor.kind in _OWN_VOICE:
                groups.append(actor.slug)
                continue
            above = [pk for pk, since, until in self._above[actor.pk] if held(since, until, on)]
            fresh = [pk for pk in above if pk not in seen]
            seen.update(fresh)
            queue.extend(fresh)
        return groups[0] if groups else self._actors[actor_id].slug

    def affected(self, event: Event) -> set[str]:
        """Return the voices of the affected side: of the targets, and of the government of the place."""
        parts = event.participations.all()  # whole: they may be loaded already
        voices = {self.of(part.actor_id, event.start) for part in parts if part.role == "target"}
        if event.place is not None:
            voices |= {
                actor.slug
                for actor in self._actors.values()
                if actor.kind in (Actor.Kind.GOVERNMENT, Actor.Kind.STATE)
                and actor.country == event.place.country
                and actor.merged_into_id is None
            }
        return voices

    def values(self, event: Event, claims: Iterable[Claim]) -> list[ClaimValue]:
        """Turn claims (loaded by `claims_with_lineage`) into what the ledger and the headline rule read.

        A speaker speaks for whom it belonged to when it spoke; on the event's day where that is not known.
        """
        affected = self.affected(event)
        return [self._value(claim, affected, claim.said_from or event.start) for claim in claims]

    def _value(self, claim: Claim, affected: set[str], said: date) -> ClaimValue:
        voice = self.of(claim.speaker_id, said) if claim.speaker_id else claim.speaker_name
        evidence = claim.evidence
        told = evidence is not None and evidence.standing == Standing.PUBLISHED
        if evidence is not None and self._moment is not None:
            told = told and evidence.known_at <= self._moment
        return ClaimValue(
            field=claim.field,
            act=claim.act,
            voice=voice,
            speaker=claim.speaker_name,
            known_at=claim.known_at,
            number=claim.number,
            official=claim.speaker_id is not None and voice in affected,
            id=claim.pk,
            value=claim.value,
            accused=self._accused(claim, said),
            answers=claim.answers_id,
            pieces=(self._lineages.piece(evidence),) if evidence is not None and told else (),
        )

    @cached_property
    def _lineages(self) -> Lineages:
        return Lineages()

    @cached_property
    def _named(self) -> dict[str, int]:
        """Actors by slug, name and alias, in lower case; a name that several bear is nobody's."""
        named: dict[str, set[int]] = defaultdict(set)
        for actor in self._actors.values():
            named[actor.slug].add(actor.pk)
            named[actor.name.lower()].add(actor.pk)
        for name, actor_id in Alias.objects.values_list("name", "actor_id"):
            named[name.lower()].add(actor_id)
        return {name: next(iter(ids)) for name, ids in named.items() if len(ids) == 1}

    def _accused(self, claim: Claim, said: date) -> str:
        """Return the voice that the claim blames; "" where its value names no known actor."""
        if claim.field != Claim.Field.RESPONSIBLE or claim.act != Claim.Act.ACCUSES:
            return ""
        actor_id = self._named.get(claim.value.lower())
        return self.of(actor_id, said) if actor_id is not None else ""
