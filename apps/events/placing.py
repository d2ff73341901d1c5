"""Putting each distinct event of an article: with an event that was decided about, or loose, or nowhere."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet

from apps.annotations.models import Annotation, Candidate, StoryEvent
from apps.events.happenings import Reported
from apps.events.known import World
from apps.events.matching import RECENT_DAYS, Match, Matcher, reach
from apps.events.models import Event, Placement
from apps.events.neighbours import decided
from apps.events.proposing import proposed_before, refusal
from apps.events.subjects import SAYINGS, Subject, Subjects
from apps.events.wording import words
from apps.places.models import Place

# Words in no more than this share of the decided events say which event it may be.
_TELLING = 0.02
_KEYS, _KEY_LENGTH = 60, 100


def story_events(annotation: Annotation) -> QuerySet[StoryEvent]:
    """Return the distinct events of an article with their sentences."""
    mentions = Candidate.objects.select_related("annotation__article_version__article")
    rows = (
        annotation.story_events.filter(mentions__isnull=False)
        .distinct()
        .select_related("annotation__article_version__article__source")
        .prefetch_related(Prefetch("mentions", mentions.prefetch_related("claims")))
    )
    return rows.order_by("index")


def in_order(rows: Sequence[StoryEvent]) -> list[StoryEvent]:
    """Return story events with sayings last: what they are about must be known by then."""
    return sorted(rows, key=lambda row: row.type in SAYINGS)


def place_all(annotation: Annotation, world: World) -> None:
    """Put every distinct event of the article; loose ones keep the proposal they were in, to be put anew."""
    subjects = Subjects(annotation)
    before = {
        (row.story_event_id, row.mention_id): row
        for row in Placement.objects.filter(story_event__annotation=annotation)
    }
    for distinct in in_order(story_events(annotation)):
        for mention, values in _place(distinct, subjects, world):
            row = before.pop((distinct.pk, mention and mention.pk), None) or Placement(
                story_event=distinct, mention=mention
            )
            if values["loose"]:
                values["event"] = row.event if row.loose else None
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    Placement.objects.filter(pk__in=[row.pk for row in before.values()]).delete()


def _values(**given: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "event": None, "score": None, "why": "", "reason": "", "keys": [], "loose": False,
        "founds": False, "leads": False, "first": None, "last": None,
    }  # fmt: skip
    return plain | given


def _place(
    distinct: StoryEvent, subjects: Subjects, world: World
) -> list[tuple[Candidate | None, dict[str, Any]]]:
    """Decide where a story event goes, and each sentence of it that tells another event (None: the rest)."""
    mentions = list(distinct.mentions.all())
    earlier = proposed_before(distinct)
    if earlier is not None:
        return [(None, _with_earlier(earlier, mentions, subjects))]
    reported = world.reported(distinct)
    match = decided(reported, world).attach(reported)
    if match is None:
        return [(None, _without_event(distinct, reported, subjects, world))]
    strays = _strays(distinct, mentions, match, world)
    rest = [mention for mention in mentions if mention not in strays]
    placed: list[tuple[Candidate | None, dict[str, Any]]] = [
        (None, _with_match(match, rest, subjects))
    ]
    for mention in strays:
        told = world.mentioned(mention, distinct)
        own = decided(told, world).attach(told)
        values = _values(reason=f"tells another event than {match.known.label}, and none known")
        placed.append((mention, _with_match(own, [mention], subjects) if own else values))
    return placed


def _with_earlier(event: Event, mentions: list[Candidate], subjects: Subjects) -> dict[str, Any]:
    if event.status == Event.Status.REJECTED:
        return _values(reason=f"an editor rejected it as {event.public_id}")
    subjects.found(mentions, Subject.of(event))
    return _values(event=event, why="The event was proposed from this article")


def _with_match(match: Match, mentions: list[Candidate], subjects: Subjects) -> dict[str, Any]:
    if match.rivals:
        return _values(reason=match.ambiguity[:500])
    if not match.known.standing:
        return _values(reason=f"{match.why}, which an editor rejected"[:500])
    event = Event.objects.get(pk=match.known.id)
    subjects.found(mentions, Subject.of(event))
    return _values(event=event, score=match.score, why=match.why)


def _strays(
    distinct: StoryEvent, mentions: list[Candidate], match: Match, world: World
) -> list[Candidate]:
    """Return the sentences that cannot be about the event that the story event as a whole tells."""
    if len(mentions) < 2:
        return []
    matcher = Matcher([match.known], world.kinship, world.counts)
    strays = [m for m in mentions if not matcher.ranked(world.mentioned(m, distinct))]
    return strays if len(strays) < len(mentions) else []


def _without_event(
    distinct: StoryEvent, reported: Reported, subjects: Subjects, world: World
) -> dict[str, Any]:
    """Nothing decided fits: a claim about what was told before, else loose."""
    attack = subjects.of_saying(distinct)
    if attack is not None:
        about = attack.event.public_id if attack.event else "what the article told before"
        return _values(reason=f"kept as a claim about {about}")
    reason = refusal(distinct, world)
    if not reason:
        subjects.found(list(distinct.mentions.all()), Subject.to_be(distinct))
    first, last = (
        reach(reported.days)
        if reported.days
        else (reported.published - timedelta(days=RECENT_DAYS), reported.published)
    )
    return _values(
        reason=reason,
        loose=True,
        founds=not reason,
        first=first,
        last=last,
        keys=_keys(reported, world),
    )


def _keys(reported: Reported, world: World) -> list[str]:
    """Return who, where and in which rare words: two reports of one event have some of these in common."""
    on = reported.days.start if reported.days else reported.published
    named = reported.initiators | reported.targets
    actors = {f"a:{above}" for one in named for above in world.kinship.chain(one, on)}
    places = [slug for slug in reported.places if slug in world.places]
    local = [slug for slug in places if world.places[slug].kind != Place.Kind.COUNTRY]
    few = _TELLING * world.counts.events
    rare = sorted(
        (world.counts.words.get(word, 0), word)
        for word in words(reported.text)
        if world.counts.words.get(word, 0) <= few
    )
    keys = [*sorted(actors), *(f"p:{slug}" for slug in local or places)]
    return [key[:_KEY_LENGTH] for key in [*keys, *(f"w:{word}" for _, word in rare)][:_KEYS]]
