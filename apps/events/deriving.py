"""The proposed evidence and claims of one article, from where its reports were put: written, and none too many.

Safe to repeat. What editors decided about stays; what the machine once proposed from this article and would
not propose any more is taken away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from apps.annotations.models import Annotation, Candidate, StoryEvent
from apps.events.attaching import attach_claim, attach_evidence, attach_toll
from apps.events.known import World
from apps.events.models import Claim, Event, Evidence, Placement, Standing
from apps.events.placing import in_order, story_events
from apps.events.proposing import end_of_merges
from apps.events.subjects import Subject, Subjects


@dataclass(slots=True)
class Derived:
    """What an article gives: rows that stand for it now, and what became nothing, with the reason."""

    evidence: set[int] = field(default_factory=set)
    claims: set[int] = field(default_factory=set)
    events: set[int] = field(default_factory=set)
    attached: int = 0
    proposed: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)


def derive(annotation: Annotation, world: World) -> Derived:
    """Write what the article says about the events its reports were put with; remove what it no longer says."""
    derived, subjects = Derived(), Subjects(annotation, world)
    distinct = in_order(story_events(annotation))
    told: dict[int, Event] = {}
    placements = list(Placement.objects.of(annotation).select_related("event", "mention"))
    alone = [(row, [row.mention]) for row in placements if row.mention and not row.story_event_id]
    for row, mentions in [*_with_mentions(distinct, placements), *alone]:
        event = _evidence(row, mentions, subjects, derived)
        if event is not None and row.story_event_id and row.mention_id is None:
            told[row.story_event_id] = event
    _claims(distinct, told, subjects, world, derived)
    _remove_the_rest(annotation, derived)
    return derived


def _with_mentions(
    distinct: list[StoryEvent], placements: Iterable[Placement]
) -> list[tuple[Placement, list[Candidate]]]:
    """Return each placement with its sentences, in the order of `distinct`."""
    of_story: dict[int, list[Placement]] = {}
    for row in placements:
        if row.story_event_id:
            of_story.setdefault(row.story_event_id, []).append(row)
    found = []
    for one in distinct:
        rows = of_story.get(one.pk, [])
        strays = {row.mention_id for row in rows if row.mention_id}
        for row in sorted(rows, key=lambda row: row.mention_id or 0):
            mentions = [
                mention
                for mention in one.mentions.all()
                if (mention.pk == row.mention_id if row.mention_id else mention.pk not in strays)
            ]
            row.story_event = one
            found.append((row, mentions))
    return found


def _evidence(
    row: Placement, mentions: list[Candidate], subjects: Subjects, derived: Derived
) -> Event | None:
    """Write the sentences as evidence of the event they were put with; None where there is none."""
    event = end_of_merges(row.event) if row.event else None
    if event is None or event.status == Event.Status.REJECTED:
        what = str(row.story_event or row.mention)
        derived.skipped.append({"event": what[:200], "reason": row.why or row.reason})
        return None
    subjects.found(mentions, Subject.of(event), in_passing=row.mention_id is not None)
    for mention in mentions:
        written = attach_evidence(event, mention, row.why, row.score, derived.evidence)
        derived.evidence.add(written.pk)
    derived.events.add(event.pk)
    if row.score is None:
        derived.proposed += 1
    else:
        derived.attached += 1
    return event


def _claims(
    distinct: list[StoryEvent],
    told: dict[int, Event],
    subjects: Subjects,
    world: World,
    derived: Derived,
) -> None:
    claimed: dict[int, set[str]] = {}
    for said in subjects.claims:
        subject = subjects.of_claim(said)
        if subject is None or subject.event is None:
            reason = "claim about what is attached to no event"
            derived.skipped.append({"event": str(said)[:200], "reason": reason})
            continue
        claim = attach_claim(subject.event, said, world, derived.claims)
        claimed.setdefault(subject.event.pk, set()).add(claim.field)
        _keep(claim, derived)
    for one in distinct:
        event = told.get(one.pk)
        evidence = _first_evidence(event, one) if event else None
        if event is not None and evidence is not None:
            for claim in attach_toll(event, one, evidence, claimed.get(event.pk, set())):
                _keep(claim, derived)


def _keep(claim: Claim, derived: Derived) -> None:
    derived.claims.add(claim.pk)
    if claim.evidence_id:
        derived.evidence.add(claim.evidence_id)


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


def _remove_the_rest(annotation: Annotation, derived: Derived) -> None:
    """Take away what the machine proposed from this article, nobody decided about, and it proposes no more."""
    article = annotation.article_version.article_id
    stands = Q(event__status__in=[Event.Status.PROPOSED, Event.Status.PUBLISHED])
    mine = Q(event__settled_at=None) | stands
    proposed = {"origin": Evidence.Origin.MACHINE, "standing": Standing.PROPOSED}
    claims = Claim.objects.filter(
        mine, **proposed, evidence__article_version__article=article
    ).exclude(pk__in=derived.claims)
    evidence = Evidence.objects.filter(mine, **proposed, article_version__article=article).exclude(
        pk__in=derived.evidence
    )
    derived.events |= set(claims.values_list("event_id", flat=True))
    derived.events |= set(evidence.values_list("event_id", flat=True))
    claims.delete()
    # What an editor rests a claim on stays.
    evidence.filter(claims=None).delete()
