"""Which event a claim of an article is about.

"The Pentagon blamed the militia" names no event: it is about the attack told just before, and a threat or a
plain statement ("Tehran said its response was concluded") about whatever was told just before. Such a saying
belongs into the ledger of that event and is no event of its own.
"""

import re

from apps.annotations.models import Annotation, ClaimCandidate, StoryEvent
from apps.core.plover import QUAD
from apps.events.models import Claim, Event

MATERIAL_CONFLICT = 4
# Sayings that may be nothing but a claim about what was told before.
SAYINGS = ("ACCUSE", "REJECT", "THREATEN")
# What is said of an attack; other fields are about the event that the sentence itself tells.
_OF_ATTACKS = (
    Claim.Field.RESPONSIBLE,
    Claim.Field.OCCURRENCE,
    Claim.Field.KILLED,
    Claim.Field.WOUNDED,
)
# Characters between an attack and a later sentence about it: some sentences.
REACH = 700
# A saying points back to an attack where it names one, or nothing but blame.
_POINTS_BACK = re.compile(
    r"\b(attacks?|strikes?|airstrikes?|raids?|assaults?|rockets?|missiles?|bomb(s|ing|ings)?|blasts?"
    r"|explosions?|shelling|killings?|shooting|drones?|mortars?|firing|fired|blam\w+|responsib\w+"
    r"|involve\w+|behind (it|them)|board\w+|seiz\w+|accus\w+ [^.]*\bof\b|den(y|ies|ied))\b",
    re.IGNORECASE,
)


class Subjects:
    """The events found for one article so far, by where its text tells them."""

    def __init__(self, annotation: Annotation) -> None:
        """Read the article's claims and mentions."""
        self.claims = list(
            annotation.claim_candidates.select_related(
                "candidate", "annotation__article_version__article"
            ).order_by("index")
        )
        self._mentions = list(
            annotation.candidates.filter(story_event__isnull=False)
            .order_by("start", "-index")
            .values_list("start", "end", "story_event_id", "type")
        )
        self._found: dict[int, Event] = {}

    def found(self, distinct: StoryEvent, event: Event) -> None:
        """Note which event a story event turned out to be."""
        self._found[distinct.pk] = event

    @property
    def events(self) -> list[Event]:
        """The events found, each once."""
        return list({event.pk: event for event in self._found.values()}.values())

    def event_of(self, distinct: StoryEvent) -> Event | None:
        """Return the event of a story event; None where it became none."""
        return self._found.get(distinct.pk)

    def of_claim(self, said: ClaimCandidate) -> Event | None:
        """Return the event a claim is about; None where the article's events give none."""
        told = said.candidate
        named = self._found.get(told.story_event_id or 0) if told else None
        if told is not None and told.type in SAYINGS:
            if named is None:
                return self._told_before(told.start)
            # Of a known event that is itself the saying, the evidence tells all.
            return named if named.status == Event.Status.PROPOSED else None
        if said.field not in _OF_ATTACKS:
            if named is None and _POINTS_BACK.search(said.value[:24]):
                named = self._told_before(said.start, attack=True)
            return named or (None if self._is_own(said) else self._told_before(said.start))
        if named is not None and (told is None or QUAD[told.type] == MATERIAL_CONFLICT):
            return named
        return self._attack_meant(said) or named

    def of_saying(self, distinct: StoryEvent) -> Event | None:
        """Return the event that an accusation, denial or threat is a claim about; None where it is more."""
        if distinct.type not in SAYINGS:
            return None
        spans = [(mention.start, mention.end) for mention in distinct.mentions.all()]
        for said in self.claims:
            if any(said.start < end and start < said.end for start, end in spans):
                event = self.of_claim(said)
                if event is not None:
                    return event
        return None

    def _is_own(self, said: ClaimCandidate) -> bool:
        """The sentence itself is a saying that stands as an event: the claim adds nothing."""
        return any(
            start < said.end
            and said.start < end
            and story_event in self._found
            and type_ in SAYINGS
            for start, end, story_event, type_ in self._mentions
        )

    def _attack_meant(self, said: ClaimCandidate) -> Event | None:
        """Return the attack told shortly before, where the claim is a toll or points back to it."""
        toll = said.field in (Claim.Field.KILLED, Claim.Field.WOUNDED)
        if not toll and _POINTS_BACK.search(said.surface) is None:
            return None
        return self._told_before(said.start, attack=True)

    def _told_before(self, position: int, *, attack: bool = False) -> Event | None:
        """Return the event told last before a place in the text and not too far from it."""
        near = [
            self._found[story_event]
            for start, _, story_event, _ in self._mentions
            if position - REACH <= start < position and story_event in self._found
        ]
        fitting = (e for e in reversed(near) if not attack or e.quad == MATERIAL_CONFLICT)
        return next(fitting, None)
