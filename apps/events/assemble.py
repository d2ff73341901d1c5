"""The stage that turns one annotation into proposed evidence, claims and events. Editors decide about them."""

import logging
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.annotations.models import Annotation, StoryEvent
from apps.core.stages import StageStatus, attempt, wake
from apps.events import corrections, curate
from apps.events.attaching import attach_claim, attach_evidence, attach_toll
from apps.events.known import World, read_world
from apps.events.matching import Match
from apps.events.models import Assembly, Event, Evidence
from apps.events.numbering import lock_events
from apps.events.proposing import propose, proposed_before, refusal
from apps.events.subjects import SAYINGS, Subjects

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """What became of the distinct events of one article."""

    attached: int = 0
    proposed: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)


def waiting() -> QuerySet[Annotation]:
    """Finished annotations that are not assembled yet, and due."""
    due = Assembly.objects.due(timezone.now()).values("pk")
    return Annotation.objects.filter(status=StageStatus.DONE).filter(
        Q(assembly__isnull=True) | Q(assembly__in=due)
    )


def assemble(annotation: Annotation) -> Assembly:
    """Assemble one annotation; what is there already is found again and left as it is.

    Returns the stage's row, whose status tells whether it worked.
    """
    assembly, _ = Assembly.objects.get_or_create(annotation=annotation)
    outcome = attempt(assembly, lambda: _assemble(annotation))
    if outcome is not None:
        Assembly.objects.filter(pk=assembly.pk).update(
            attached=outcome.attached, proposed=outcome.proposed, skipped=outcome.skipped
        )
        if annotation.article_version.number > 1:
            # What rests on the version before is held against this one, now that it was read.
            wake("events.propagate_waiting")
    assembly.refresh_from_db()
    return assembly


def _assemble(annotation: Annotation) -> Outcome:
    # One article at a time: two that report the same new event must not both propose it.
    lock_events()
    article = annotation.article_version.article
    if article.retracted_at is not None:
        return Outcome(skipped=[{"event": str(article), "reason": "the article was retracted"}])
    world, outcome, subjects = read_world(), Outcome(), Subjects(annotation)
    # Sayings come last: what they are about must be known by then.
    for distinct in sorted(_story_events(annotation), key=lambda row: row.type in SAYINGS):
        event = _settle(distinct, world, subjects, outcome)
        if event is not None:
            subjects.found(distinct, event)
    _attach_claims(annotation, subjects, world, outcome)
    for event in subjects.events:
        _record_proposal(event, annotation)
    # A newer version, say, may have come and been dealt with while this one waited.
    corrections.again(article)
    return outcome


def _story_events(annotation: Annotation) -> QuerySet[StoryEvent]:
    return (
        annotation.story_events.filter(mentions__isnull=False)
        .distinct()
        .order_by("index")
        .select_related("annotation__article_version__article__source")
        .prefetch_related("mentions__claims", "mentions__annotation__article_version__article")
    )


def _settle(
    distinct: StoryEvent, world: World, subjects: Subjects, outcome: Outcome
) -> Event | None:
    """Find or propose the event of one story event and attach its sentences; None where it becomes nothing."""
    earlier = proposed_before(distinct)
    match = None if earlier else world.matcher.attach(world.reported(distinct))
    reason = _objection(earlier, match)
    if not reason and earlier is None and match is None:
        attack = subjects.of_saying(distinct)
        about = f"kept as a claim about {attack.public_id}" if attack else ""
        reason = about or refusal(distinct, world)
    if reason:
        outcome.skipped.append({"event": str(distinct), "reason": reason})
        return None
    if match is not None:
        event = Event.objects.get(pk=match.known.id)
        why, score = match.why, match.score
    else:
        event = earlier or _propose(distinct, world)
        why, score = "The event was proposed from this article", None
    if match is None:
        outcome.proposed += 1
    else:
        outcome.attached += 1
    for mention in distinct.mentions.all():
        attach_evidence(event, mention, why, score)
    return event


def _objection(earlier: Event | None, match: Match | None) -> str:
    """Return why nothing may be attached, although something fits."""
    if earlier is not None and earlier.status == Event.Status.REJECTED:
        return f"an editor rejected it as {earlier.public_id}"
    if match is None:
        return ""
    if match.rivals:
        several = ", ".join((match.known.label, *match.rivals))
        return f"fits several events alike, and tells no day: {several}"
    if not match.known.standing:
        return f"{match.why}, which an editor rejected"
    return ""


def _propose(distinct: StoryEvent, world: World) -> Event:
    event = propose(distinct, world)
    parts = event.participations.values_list("role", "actor__slug")
    sentences = " ".join(mention.surface for mention in distinct.mentions.all())
    world.matcher.add(world.known(event, parts, sentences))
    return event


def _record_proposal(event: Event, annotation: Annotation) -> None:
    """Write the first decision of a new proposal, once its evidence and claims are there."""
    if event.status == Event.Status.PROPOSED and not event.decisions.exists():
        curate.propose(
            event,
            by_label=f"pipeline {annotation.pipeline_version}",
            reason=f"No known event fits what “{annotation.article_version.title}” reports."[:400],
        )


def _attach_claims(
    annotation: Annotation, subjects: Subjects, world: World, outcome: Outcome
) -> None:
    claimed: dict[int, set[str]] = {}
    for said in subjects.claims:
        event = subjects.of_claim(said)
        if event is None:
            reason = "claim about what is attached to no event"
            outcome.skipped.append({"event": str(said)[:200], "reason": reason})
            continue
        claim = attach_claim(event, said, world)
        claimed.setdefault(event.pk, set()).add(claim.field)
    for distinct in _story_events(annotation):
        event = subjects.event_of(distinct)
        evidence = _first_evidence(event, distinct) if event else None
        if event is not None and evidence is not None:
            attach_toll(event, distinct, evidence, claimed.get(event.pk, set()))


def _first_evidence(event: Event, distinct: StoryEvent) -> Evidence | None:
    """Return the evidence that tells the toll: of the mention that has the figures, else of the first one."""
    mentions = sorted(
        distinct.mentions.all(), key=lambda m: (m.killed is None and m.wounded is None, m.start)
    )
    version = distinct.annotation.article_version
    for mention in mentions:
        row = event.evidence.filter(
            article_version=version, start__lt=mention.end, end__gt=mention.start
        ).first()
        if row is not None:
            return row
    return None
