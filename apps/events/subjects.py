"""Which event a claim of an article is about.

"The Pentagon blamed the militia" names no event: it is about the attack told just before, and a threat or a
plain statement ("Tehran said its response was concluded") about whatever was told just before. Such a saying
belongs into the ledger of that event and is no event of its own.
"""

import re
from dataclasses import dataclass
from datetime import date

from apps.annotations.models import Annotation, Candidate, ClaimCandidate, Mention, StoryEvent
from apps.core.plover import QUAD
from apps.events.comparing import place_agrees
from apps.events.known import World
from apps.events.models import Claim, Event
from apps.events.ruling import ELSEWHERE

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
# A time of day leads to no other day.
_CLOCK = r"[ap]\.?m\.?$|o.clock|noon|midnight"
# A saying points back to an attack where it names one, or nothing but blame.
_POINTS_BACK = re.compile(
    r"\b(attacks?|strikes?|airstrikes?|raids?|assaults?|rockets?|missiles?|bomb(s|ing|ings)?|blasts?"
    r"|explosions?|shelling|killings?|shooting|drones?|mortars?|firing|fired|blam\w+|responsib\w+"
    r"|involve\w+|behind (it|them)|board\w+|seiz\w+|accus\w+ [^.]*\bof\b|den(y|ies|ied))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a story event turned out to be: an event, or one that is still to be proposed (None)."""

    event: Event | None
    quad: int
    published: bool
    days: tuple[date, date] | None

    def is_within(self, first: date | None, last: date | None) -> bool:
        """Tell whether it shares a day with a stretch of days; not where one of them has none."""
        if self.days is None or first is None or last is None:
            return False
        return self.days[0] <= last and first <= self.days[1]

    @classmethod
    def of(cls, event: Event) -> "Subject":
        """An event that is there."""
        public = event.status == Event.Status.PUBLISHED
        return cls(event, event.quad, public, (event.start, event.end))

    @classmethod
    def to_be(cls, distinct: StoryEvent) -> "Subject":
        """The proposal that a story event will make or be part of."""
        first, last = distinct.date_from, distinct.date_to
        days = (first, last) if first and last else None
        return cls(None, QUAD[distinct.type], False, days)


@dataclass(frozen=True, slots=True)
class _Day:
    """Days that the text names, and where."""

    at: int
    first: date
    last: date
    precision: str

    def is_outside(self, first: date, last: date) -> bool:
        """Tell whether no day is in common with another stretch."""
        return self.last < first or self.first > last


class Subjects:
    """The events found for one article so far, by where its text tells them."""

    def __init__(self, annotation: Annotation, world: World) -> None:
        """Read the article's claims and mentions."""
        self._world = world
        self.claims = list(
            annotation.claim_candidates.select_related(
                "candidate", "annotation__article_version__article"
            ).order_by("index")
        )
        self._mentions = list(
            annotation.candidates.filter(story_event__isnull=False)
            .order_by("start", "-index")
            .values_list("start", "end", "pk", "type")
        )
        self._found: dict[int, Subject] = {}
        self._passing: set[int] = set()
        days = annotation.mentions.filter(kind=Mention.Kind.DATE, date_from__isnull=False)
        rows = days.exclude(surface__iregex=_CLOCK).order_by("start")
        self._days = [
            _Day(row.start, row.date_from, row.date_to, row.precision)
            for row in rows
            if row.date_from and row.date_to
        ]

    def found(
        self, mentions: list[Candidate], subject: Subject, *, in_passing: bool = False
    ) -> None:
        """Note what some sentences turned out to tell; what they tell in passing, no later one goes on with."""
        self._found.update({mention.pk: subject for mention in mentions})
        if in_passing:
            self._passing |= {mention.pk for mention in mentions}

    def told_in(self, mention: Candidate) -> list[Subject]:
        """Return what other readings of the same sentence turned out to tell."""
        here = mention.start, mention.end
        return [
            self._found[pk]
            for start, end, pk, _ in self._mentions
            if (start, end) == here and pk in self._found and pk != mention.pk
        ]

    def of_claim(self, said: ClaimCandidate) -> Subject | None:
        """Return the event a claim is about; None where the article's events give none."""
        told = said.candidate
        named = self._found.get(told.pk) if told else None
        if told is not None and told.type in SAYINGS:
            if named is None:
                return next(iter(self.told_in(told)), None) or self._told_before(said)
            # Of a known event that is itself the saying, the evidence tells all.
            return None if named.published else named
        if said.field not in _OF_ATTACKS:
            if named is None and _POINTS_BACK.search(said.value[:24]):
                named = self._told_before(said, attack=True)
            return named or (None if self._is_own(said) else self._told_before(said))
        if named is not None and (told is None or QUAD[told.type] == MATERIAL_CONFLICT):
            return named
        return self._attack_meant(said) or named

    def of_saying(self, distinct: StoryEvent) -> Subject | None:
        """Return the event that an accusation, denial or threat is a claim about; None where it is more."""
        if distinct.type not in SAYINGS:
            return None
        spans = [(mention.start, mention.end) for mention in distinct.mentions.all()]
        for said in self.claims:
            if any(said.start < end and start < said.end for start, end in spans):
                subject = self.of_claim(said)
                if subject is not None:
                    return subject
        return None

    def _is_own(self, said: ClaimCandidate) -> bool:
        """The sentence itself is a saying that stands as an event: the claim adds nothing."""
        return any(
            start < said.end and said.start < end and mention in self._found and type_ in SAYINGS
            for start, end, mention, type_ in self._mentions
        )

    def _attack_meant(self, said: ClaimCandidate) -> Subject | None:
        """Return the attack told shortly before, where the claim is a toll or points back to it."""
        toll = said.field in (Claim.Field.KILLED, Claim.Field.WOUNDED)
        if not toll and _POINTS_BACK.search(said.surface) is None:
            return None
        return self._told_before(said, attack=True)

    def _told_before(self, said: ClaimCandidate, *, attack: bool = False) -> Subject | None:
        """Return the event told last before a claim and not too far from it."""
        told = said.candidate
        position = told.start if told is not None and told.type in SAYINGS else said.start
        near = [
            (end, self._found[mention])
            for start, end, mention, _ in self._mentions
            if position - REACH <= start < position
            and mention in self._found
            and mention not in self._passing
        ]
        for end, subject in reversed(near):
            if attack and (subject.quad != MATERIAL_CONFLICT or self._elsewhere(said, subject)):
                continue
            if self._another_day(end, position, subject) or self._said_another_day(said, subject):
                return None
            return subject
        return None

    def _another_day(self, end: int, position: int, subject: Subject) -> bool:
        """Tell whether the text went on to another day in between, which the event has nothing to do with."""
        between = [
            day
            for day in self._days
            if end <= day.at < position and day.precision != Event.Precision.YEAR
        ]
        if not between or subject.days is None:
            return False
        return all(day.is_outside(*subject.days) for day in between)

    def _said_another_day(self, said: ClaimCandidate, subject: Subject) -> bool:
        """Tell whether the claim names its day, and none that fits: before the event nobody spoke of it.

        A threat with a day of its own is news of that day.
        """
        told = said.candidate
        start = min(said.start, told.start) if told else said.start
        days = [day for day in self._days if start <= day.at < said.end]
        if not days or subject.days is None:
            return False
        if told is not None and told.type == "THREATEN":
            return all(day.is_outside(*subject.days) for day in days)
        return all(day.last < subject.days[0] for day in days)

    def _elsewhere(self, said: ClaimCandidate, subject: Subject) -> bool:
        """Tell whether the claim's own words name another place than the attack's."""
        told = said.candidate
        if told is None or subject.event is None or subject.event.place_id is None:
            return False
        named = self._world.place_chain(self._world.places.get(told.place))
        held = self._world.place_chain(self._world.parents.get(subject.event.place_id))
        return place_agrees(named, held) < ELSEWHERE
