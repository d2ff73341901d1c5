"""An actor's record: the claims it made, and which of them were contradicted later.

A claim counts as contradicted, as known at a moment, where after it became known
1. another voice denies it, or replaces it with a claim of its own;
2. the figure of killed or wounded that stands first on the event's page is another one than it gave;
3. its own voice took it back or said otherwise: then it was its own word that contradicted it.
What was only said more often, and what was never answered, is not contradicted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F
from django.utils.translation import gettext

from apps.actors.models import Actor
from apps.events.headline import Headline, derive
from apps.events.ledger import FOR, TOLLS, State, Stated, ledger
from apps.events.models import Claim, Event
from apps.events.voices import Voices, claims_with_lineage
from apps.timelines import wording

# Older claims are listed nowhere and not judged.
MOST_JUDGED: Final = 300


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A claim that was contradicted later, how in a sentence, and whether by its own voice."""

    claim: Claim
    how: str
    by_itself: bool


@dataclass(frozen=True, slots=True)
class Record:
    """How an actor's newest claims fared: how many were looked at, and which were contradicted."""

    judged: int
    contradicted: tuple[Contradicted, ...]

    @property
    def by_others(self) -> int:
        """How many were contradicted by others, or by what stands now."""
        return sum(not row.by_itself for row in self.contradicted)

    @property
    def by_itself(self) -> int:
        """How many its own voice took back or changed."""
        return len(self.contradicted) - self.by_others

    @property
    def how(self) -> dict[int, str]:
        """The sentence of each contradicted claim by the claim's id."""
        return {row.claim.pk: row.how for row in self.contradicted}


def record_of(actor: Actor, moment: datetime | None = None) -> Record:
    """Judge the newest public claims of an actor as known at `moment` (aware; None: now).

    A number of queries that does not grow: the claims of all events concerned are read at once.
    """
    own = Claim.objects.as_of(moment).filter(speaker=actor)
    newest = own.order_by(F("known_at").desc(nulls_last=True), "-pk")
    asked = dict(newest.values_list("pk", "event")[:MOST_JUDGED])
    if not asked:
        return Record(0, ())
    events = Event.objects.filter(pk__in=set(asked.values())).select_related("place")
    said: dict[int, list[Claim]] = defaultdict(list)
    rows = Claim.objects.as_of(moment).filter(event__in=set(asked.values()))
    for claim in claims_with_lineage(rows):
        said[claim.event_id].append(claim)
    voices = Voices(moment)
    found: list[Contradicted] = []
    for event in events.prefetch_related("participations"):
        stated = ledger(voices.values(event, said[event.pk]))
        found += _of_event(event, stated, {c.pk: c for c in said[event.pk] if c.pk in asked})
    order = {pk: number for number, pk in enumerate(asked)}
    found.sort(key=lambda row: order[row.claim.pk])
    return Record(len(asked), tuple(found))


def _of_event(event: Event, stated: Sequence[Stated], own: dict[int, Claim]) -> list[Contradicted]:
    head = derive(stated)
    found = []
    for row in stated:
        if row.claim.id in own and (judged := _judged(row, head)):
            how, by_itself = judged
            claim = own[row.claim.id]
            claim.event = event
            found.append(Contradicted(claim, how, by_itself))
    return found


def _judged(row: Stated, head: Headline) -> tuple[str, bool] | None:
    """Return how a claim was contradicted and whether by its own voice; None where it was not."""
    claim = row.claim
    later = [other for other in row.by if other.known_at > claim.known_at]
    if row.state != State.STANDS and later:
        values = {"speaker": later[-1].speaker, "day": wording.instant(later[-1].known_at)}
        own = later[-1].voice == claim.voice
        if row.state == State.DENIED:
            return gettext("%(speaker)s denied it, known %(day)s.") % values, own
        if own:
            return gettext(
                "Its own side took it back or said otherwise, known %(day)s."
            ) % values, own
        return gettext("%(speaker)s said otherwise, known %(day)s.") % values, own
    if claim.field in TOLLS and claim.act in FOR and claim.number is not None:
        toll = head.killed if claim.field == TOLLS[0] else head.wounded
        after = any(other.known_at > claim.known_at for other in toll.basis)
        if toll.value is not None and toll.value != claim.number and after:
            words = gettext("The figure that stands now is %(figure)s, not %(number)s.")
            return words % {"figure": f"{toll.value:,}", "number": f"{claim.number:,}"}, False
    return None
