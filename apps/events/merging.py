"""Moving what hangs on one event to another, without doubling what is there already."""

from apps.events.decide import CurateError
from apps.events.models import Claim, Event, Evidence, Link, Participation, Standing
from apps.events.models.link import link_fault


def linked_to(event: Event) -> list[int]:
    """Return the events (ids) whose links lead to `event`."""
    return list(event.links_in.values_list("source_id", flat=True))


def move_all(event: Event, target: Event, *, participants: bool = True) -> None:
    """Move evidence, claims, links and (if told) participations of `event` to `target`; drop duplicates."""
    _move_evidence(event, target)
    _move_claims(event, target)
    if participants:
        _move_participations(event, target)
    _move_links(event, target)


def _evidence_key(row: Evidence) -> tuple[object, ...]:
    return (row.url,) if row.url else (row.article_version_id, row.start, row.end)


def _move_evidence(event: Event, target: Event) -> None:
    known = {_evidence_key(row): row for row in target.evidence.all()}
    for row in event.evidence.all():
        kept = known.get(_evidence_key(row))
        if kept is None:
            row.event = target
            row.save(update_fields=["event"])
            continue
        row.claims.update(evidence=kept)
        Link.objects.filter(evidence=row).update(evidence=kept)
        if row.standing == Standing.PUBLISHED and kept.standing == Standing.PROPOSED:
            Evidence.objects.filter(pk=kept.pk).update(standing=Standing.PUBLISHED)
        row.delete()


def claim_key(row: Claim) -> tuple[object, ...]:
    """Return what makes two claims of an event the same."""
    return (
        row.speaker_id,
        row.source_id,
        row.speaker_text,
        row.act,
        row.field,
        row.value,
        row.number,
        row.evidence_id,
    )


def _move_claims(event: Event, target: Event) -> None:
    known = {claim_key(row): row for row in target.claims.all()}
    keys = set(target.claims.exclude(key="").values_list("key", flat=True))
    for row in event.claims.all():
        kept = known.get(claim_key(row))
        if kept is not None:
            row.answered_by.filter(known_at__gte=kept.known_at).update(answers=kept)
            row.delete()
            continue
        row.event = target
        row.key = "" if row.key in keys else row.key
        row.save(update_fields=["event", "key"])


def _move_participations(event: Event, target: Event) -> None:
    known = set(target.participations.values_list("actor_id", "role"))
    for row in event.participations.all():
        if (row.actor_id, row.role) in known:
            row.delete()
        else:
            Participation.objects.filter(pk=row.pk).update(event=target)


def _move_links(event: Event, target: Event) -> None:
    """Links between the two become links of an event to itself, which there are none of: dropped.

    So are proposed ones that the target cannot have; for published ones CurateError tells the reason.
    """
    for row in [*event.links_out.all(), *event.links_in.all()]:
        source = target if row.source_id == event.pk else row.source
        goal = target if row.target_id == event.pk else row.target
        known = Link.objects.filter(source=source, target=goal, kind=row.kind)
        fault = "" if row.standing == Standing.REJECTED else _fault(source, goal, row)
        if fault and row.standing == Standing.PUBLISHED:
            raise CurateError(
                f"A link of {event.public_id} cannot go to {target.public_id}: {fault}"
            )
        if source == goal or known.exists() or fault:
            row.delete()
        else:
            Link.objects.filter(pk=row.pk).update(source=source, target=goal)


def _fault(source: Event, goal: Event, row: Link) -> str:
    return "" if source == goal else link_fault(source, goal, row.kind, but=row.pk)
