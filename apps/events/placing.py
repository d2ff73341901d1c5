"""Putting each distinct event of an article: with an event that was decided about, or loose, or nowhere.

An article's distinct event is compared as a whole, and so is each of its sentences by what it says itself: the
machine sometimes reads two happenings as one ("the strike", "that attack"), and what a sentence says beats
what it was read together with. Sentences that were read as none of the distinct events may still tell of a
decided one, where they leave no doubt.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from apps.annotations.models import Annotation, Candidate, StoryEvent
from apps.core.plover import QUAD
from apps.events.happenings import Reported
from apps.events.known import World
from apps.events.matching import Match, Matcher
from apps.events.meeting import days_between, keys
from apps.events.models import Event, Placement
from apps.events.neighbours import Decided
from apps.events.proposing import proposed_before, refusal
from apps.events.ruling import is_marked, told_apart
from apps.events.subjects import MATERIAL_CONFLICT, SAYINGS, Subject, Subjects
from apps.events.wording import counts_several

Values = dict[str, Any]
Placed = list[tuple[Candidate | None, Values]]

# A sentence goes to another event than those it was read with where it fits that one better by this much.
BETTER = 0.05
# A sentence outside the distinct events must fit this well.
ALONE = 0.72
AGAIN = "its words tell a known event of those days"


def story_events(annotation: Annotation) -> QuerySet[StoryEvent]:
    """Return the distinct events of an article with their sentences."""
    rows = (
        annotation.story_events.filter(mentions__isnull=False)
        .distinct()
        .select_related("annotation__article_version__article__source")
        .prefetch_related(Prefetch("mentions", _mentions()))
    )
    return rows.order_by("index")


def _mentions() -> QuerySet[Candidate]:
    rows = Candidate.objects.select_related("annotation__article_version__article__source")
    return rows.prefetch_related("claims").order_by("index")


def in_order(rows: Iterable[StoryEvent]) -> list[StoryEvent]:
    """Return story events with sayings last: what they are about must be known by then."""
    return sorted(rows, key=lambda row: row.type in SAYINGS)


def place_all(annotation: Annotation, world: World) -> None:
    """Put every distinct event of the article; loose ones keep the proposal they were in, to be put anew."""
    rows = Placement.objects.of(annotation)
    before = {(row.story_event_id, row.mention_id): row for row in rows}
    for distinct, mention, values in Placing(annotation, world).placed():
        key = distinct.pk if distinct else None, mention.pk if mention else None
        row = before.pop(key, None) or Placement(story_event=distinct, mention=mention)
        if values["loose"]:
            values["event"] = row.event if row.loose else None
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    Placement.objects.filter(pk__in=[row.pk for row in before.values()]).delete()


def _values(**given: Any) -> Values:
    plain: Values = {
        "event": None, "score": None, "why": "", "reason": "", "keys": [], "loose": False,
        "founds": False, "leads": False, "first": None, "last": None,
    }  # fmt: skip
    return plain | given


class Placing:
    """One article's reports on their way to the events they tell."""

    def __init__(self, annotation: Annotation, world: World) -> None:
        """Read what decided events there are."""
        self._annotation = annotation
        self._world = world
        self._subjects = Subjects(annotation, world)
        deeds = annotation.candidates.filter(story_event__isnull=False, modality="actual")
        types = [type_ for type_, quad in QUAD.items() if quad == MATERIAL_CONFLICT]
        named = [
            row
            for row in _mentions() & deeds.filter(type__in=types)
            if not world.mentioned(row).is_bare
        ]
        self._deeds = sorted(named, key=lambda row: (row.start, row.index))
        published = annotation.article_version.article.known_at.date()
        self._decided = Decided(world, published)

    def placed(self) -> list[tuple[StoryEvent | None, Candidate | None, Values]]:
        """Return where each distinct event goes, and each sentence that goes elsewhere (None: all others)."""
        found: list[tuple[StoryEvent | None, Candidate | None, Values]] = []
        for distinct in in_order(story_events(self._annotation)):
            found += [(distinct, mention, values) for mention, values in self._place(distinct)]
        for told, _, put in found:
            if told is not None and put["founds"] and self._tells_again(told):
                put["founds"], put["reason"] = False, AGAIN
        alone = self._annotation.candidates.filter(story_event=None)
        for mention in _mentions() & alone:
            values = self._alone(mention)
            if values is not None:
                found.append((None, mention, values))
        return found

    def _tells_again(self, distinct: StoryEvent) -> bool:
        """Tell whether all sentences were also read as a decided event of the same kind and days."""
        quad, days = QUAD[distinct.type], (distinct.date_from, distinct.date_to)
        return all(
            any(
                other.event and other.quad == quad and other.is_within(*days)
                for other in self._subjects.told_in(mention)
            )
            for mention in distinct.mentions.all()
        )

    def _place(self, distinct: StoryEvent) -> Placed:
        mentions = list(distinct.mentions.all())
        earlier = proposed_before(distinct)
        if earlier is not None:
            return [(None, self._with_earlier(earlier, mentions))]
        reported = self._world.reported(distinct)
        match = self._decided.near(reported).attach(reported)
        elsewhere = self._elsewhere(mentions, match, reported)
        rest = [mention for mention in mentions if mention.pk not in elsewhere]
        placed: Placed = []
        if rest and match is not None:
            pointing = self._pointing_elsewhere(rest)
            rest = [mention for mention in rest if mention.pk not in pointing]
            elsewhere |= dict.fromkeys(pointing)
            placed.append((None, self._with_match(match, rest)))
        elif rest:
            partly = bool(elsewhere)
            placed.append((None, self._without_event(distinct, reported, rest, partly=partly)))
        for mention in mentions:
            if mention.pk in elsewhere:
                placed.append((mention, self._stray(mention, elsewhere[mention.pk])))
        return placed

    def _elsewhere(
        self, mentions: list[Candidate], match: Match | None, reported: Reported
    ) -> dict[int, Match | None]:
        """Return the sentences (ids) that are about another event than the whole, with it; None: with none."""
        found: dict[int, Match | None] = {}
        for mention in mentions:
            told = self._world.mentioned(mention)
            own = self._own(told)
            if match is None:
                if (
                    own is not None
                    and own.known.standing
                    and not _of_another_day(told, reported, own)
                ):
                    found[mention.pk] = own
                continue
            with_rest = None if counts_several(told.text) else self._compared(told, match)
            if own is not None and own.known.id != match.known.id:
                if with_rest is None or own.score > with_rest.score + BETTER:
                    found[mention.pk] = own
            elif with_rest is None and self._may_stray(told, match, len(mentions)):
                found[mention.pk] = None
        return found

    def _may_stray(self, told: Reported, match: Match, together: int) -> bool:
        """Tell whether a sentence that cannot be about the event is read with those that are by mistake."""
        if counts_several(told.text) or (told.type in SAYINGS and told.initiators):
            return True
        nobody = not (told.initiators or told.targets)
        same_day = told.days is not None and told.days.gap(match.known.days) == 0
        return together > 1 and not (nobody and same_day and told.type == match.known.type)

    def _pointing_elsewhere(self, mentions: list[Candidate]) -> set[int]:
        """Return the bare sentences ("the attack") between which and those with a name another deed is told."""
        bare = {m.pk for m in mentions if self._world.mentioned(m).is_bare}
        anchored = [m for m in mentions if m.pk not in bare]
        if not anchored:
            return set()
        mine = {m.pk for m in mentions}
        return {
            m.pk
            for m in mentions
            if m.pk in bare and self._last_deed(m.start, without=bare) not in mine | {None}
        }

    def _last_deed(self, position: int, without: set[int]) -> int | None:
        """Return the sentence (id) that told a deed of conflict last before a place in the text."""
        before = [row for row in self._deeds if row.start < position and row.pk not in without]
        return before[-1].pk if before else None

    def _own(self, told: Reported) -> Match | None:
        """Return the event that a sentence tells by itself; None where it names neither who nor where."""
        if not (told.initiators or told.targets or told.places) or counts_several(told.text):
            return None
        if not told.actual and QUAD[told.type] == MATERIAL_CONFLICT:
            return None
        match = self._decided.near(told).attach(told)
        return match if match is not None and not match.rivals else None

    def _compared(self, told: Reported, match: Match) -> Match | None:
        matcher = Matcher([match.known], self._world.kinship, self._world.counts)
        return next(iter(matcher.ranked(told, limit=1)), None)

    def _stray(self, mention: Candidate, match: Match | None) -> Values:
        if match is None:
            return _values(reason="tells another event than the sentences it was read with")
        return self._with_match(match, [mention], in_passing=True)

    def _alone(self, mention: Candidate) -> Values | None:
        """Put a sentence outside the distinct events, where it leaves no doubt; else None."""
        match = self._own(self._world.mentioned(mention))
        if match is None or not match.known.standing or match.score < ALONE:
            return None
        return self._with_match(match, [mention], in_passing=True)

    def _with_earlier(self, event: Event, mentions: list[Candidate]) -> Values:
        if event.status == Event.Status.REJECTED:
            return _values(reason=f"an editor rejected it as {event.public_id}")
        self._subjects.found(mentions, Subject.of(event))
        return _values(event=event, why="The event was proposed from this article")

    def _with_match(
        self, match: Match, mentions: list[Candidate], *, in_passing: bool = False
    ) -> Values:
        if match.rivals:
            return _values(reason=match.ambiguity[:500])
        if not match.known.standing:
            return _values(reason=f"{match.why}, which an editor rejected"[:500])
        event = Event.objects.get(pk=match.known.id)
        self._subjects.found(mentions, Subject.of(event), in_passing=in_passing)
        return _values(event=event, score=match.score, why=match.why)

    def _without_event(
        self,
        distinct: StoryEvent,
        reported: Reported,
        mentions: list[Candidate],
        *,
        partly: bool,
    ) -> Values:
        """Nothing decided fits: a claim about what was told before, else loose."""
        attack = self._subjects.of_saying(distinct)
        if attack is not None:
            about = attack.event.public_id if attack.event else "what the article told before"
            return _values(reason=f"kept as a claim about {about}")
        reason = refusal(distinct, self._world) or self._doubt(reported, partly=partly)
        if not reason:
            self._subjects.found(mentions, Subject.to_be(distinct))
        first, last = days_between(reported)
        return _values(
            reason=reason,
            loose=True,
            founds=not reason,
            first=first,
            last=last,
            keys=keys(reported, self._world),
        )

    def _doubt(self, reported: Reported, *, partly: bool) -> str:
        """Return why it may be nothing new, though it fits no decided event; empty where it is."""
        if partly:
            return "some of its sentences tell of a known event"
        near = self._decided.near(reported).nearest(reported)
        if near is None:
            return ""
        return f"too near {near.known.label} for an event of its own, and not near enough to be it"


def _of_another_day(told: Reported, reported: Reported, own: Match) -> bool:
    """Tell whether a sentence without a day was read with another day than that of the event it fits.

    Only a name or a rare actor then marks it as the same.
    """
    if told.days is not None or not told_apart(reported, own.known):
        return False
    return not ((told.initiators or told.targets) and is_marked(own.parts))
