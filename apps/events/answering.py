"""Deciding about what hangs on an event: evidence, claims and links, one by one or all that waits at once."""

from typing import Any

from apps.accounts.models import User
from apps.events.decide import (
    CurateError,
    close,
    decision,
    first_public,
    locked,
    reasoned,
    refuse_closed,
    refuse_without_support,
)
from apps.events.models import Claim, Decision, Event, Evidence, Link, Standing
from apps.events.models.link import link_fault
from apps.events.snapshot import snapshot


def _set_standing(row: Evidence | Claim | Link, standing: Standing) -> None:
    row.standing = standing
    row.save(update_fields=["standing"])


def _open(
    row: Evidence | Claim | Link, event: Event, standing: Standing, by: User | None, by_label: str
) -> tuple[Event, dict[str, Any]]:
    """Lock the event of a row that is to take `standing`; return it with its state."""
    (locked_event,) = locked(event)
    if standing == Standing.PUBLISHED:
        refuse_closed(locked_event)
    row.refresh_from_db()
    if row.standing == standing:
        raise CurateError(f"This {row._meta.verbose_name} is {row.get_standing_display()} already.")
    return locked_event, snapshot(locked_event)


@decision
def publish_evidence(
    evidence: Evidence, *, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Accept a piece of evidence for its event; it is public where the event is."""
    event, before = _open(evidence, evidence.event, Standing.PUBLISHED, by, by_label)
    _set_standing(evidence, Standing.PUBLISHED)
    first_public(event)
    return close(
        event, Decision.Action.ATTACH, before, by, by_label, reason, row=f"evidence {evidence.pk}"
    )


@decision
def reject_evidence(
    evidence: Evidence, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Refuse a piece of evidence, and with it the claims and links that rest on it."""
    event, before = _open(evidence, evidence.event, Standing.REJECTED, by, by_label)
    reason = reasoned(reason)
    refuse_without_support(event, [evidence.pk])
    _set_standing(evidence, Standing.REJECTED)
    evidence.claims.update(standing=Standing.REJECTED)
    Link.objects.filter(evidence=evidence).update(standing=Standing.REJECTED)
    return close(
        event, Decision.Action.DETACH, before, by, by_label, reason, row=f"evidence {evidence.pk}"
    )


@decision
def publish_claim(
    claim: Claim, *, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Accept a claim, and with it the sentence it rests on."""
    event, before = _open(claim, claim.event, Standing.PUBLISHED, by, by_label)
    if claim.evidence is not None and claim.evidence.standing == Standing.REJECTED:
        raise CurateError("The evidence of this claim was rejected; accept the evidence first.")
    if claim.evidence is not None:
        _set_standing(claim.evidence, Standing.PUBLISHED)
        first_public(event)
    _set_standing(claim, Standing.PUBLISHED)
    return close(
        event, Decision.Action.ATTACH, before, by, by_label, reason, row=f"claim {claim.pk}"
    )


@decision
def reject_claim(
    claim: Claim, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Refuse a claim; its evidence stays as it is."""
    event, before = _open(claim, claim.event, Standing.REJECTED, by, by_label)
    reason = reasoned(reason)
    _set_standing(claim, Standing.REJECTED)
    return close(
        event, Decision.Action.DETACH, before, by, by_label, reason, row=f"claim {claim.pk}"
    )


@decision
def publish_link(
    link: Link, *, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Accept a link, and with it the sentence it rests on.

    The decision stands in the history of the event it starts from.
    """
    event, before = _open(link, link.source, Standing.PUBLISHED, by, by_label)
    fault = link_fault(link.source, link.target, link.kind, but=link.pk)
    if fault:
        raise CurateError(fault)
    if link.evidence is not None and link.evidence.standing == Standing.REJECTED:
        raise CurateError("The evidence of this link was rejected; accept the evidence first.")
    if link.evidence is not None and link.evidence.event_id == event.pk:
        _set_standing(link.evidence, Standing.PUBLISHED)
    _set_standing(link, Standing.PUBLISHED)
    return close(event, Decision.Action.ATTACH, before, by, by_label, reason, row=f"link {link.pk}")


@decision
def reject_link(link: Link, *, by: User | None = None, by_label: str = "", reason: str) -> Decision:
    """Refuse a link between two events."""
    event, before = _open(link, link.source, Standing.REJECTED, by, by_label)
    reason = reasoned(reason)
    _set_standing(link, Standing.REJECTED)
    return close(event, Decision.Action.DETACH, before, by, by_label, reason, row=f"link {link.pk}")


@decision
def accept_waiting(
    event: Event, *, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Publish the evidence, claims and links that wait on a published event, as one decision.

    What rests on rejected evidence stays as it is, and so does a link to an event that does not stand. A link
    that cannot stand refuses it all: CurateError says which.
    """
    row, before = _published(event)
    waits = {"standing": Standing.PROPOSED}
    evidence = row.evidence.filter(**waits)
    claims = row.claims.filter(**waits).exclude(evidence__standing=Standing.REJECTED)
    links = row.links_out.filter(
        **waits, target__status__in=[Event.Status.PROPOSED, Event.Status.PUBLISHED]
    ).exclude(evidence__standing=Standing.REJECTED)
    for link in links.select_related("source", "target"):
        if fault := link_fault(link.source, link.target, link.kind, but=link.pk):
            raise CurateError(fault)
    done = sum(rows.update(standing=Standing.PUBLISHED) for rows in (links, claims, evidence))
    _refuse_nothing(row, done)
    first_public(row)
    return close(row, Decision.Action.ATTACH, before, by, by_label, reason, row=f"{done} rows")


@decision
def refuse_waiting(
    event: Event, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Reject the evidence, claims and links that wait on a published event; what is public stays."""
    reason = reasoned(reason)
    row, before = _published(event)
    done = sum(
        rows.filter(standing=Standing.PROPOSED).update(standing=Standing.REJECTED)
        for rows in (row.claims.all(), row.evidence.all(), row.links_out.all())
    )
    _refuse_nothing(row, done)
    return close(row, Decision.Action.DETACH, before, by, by_label, reason, row=f"{done} rows")


def _published(event: Event) -> tuple[Event, dict[str, Any]]:
    (row,) = locked(event)
    if row.status != Event.Status.PUBLISHED:
        raise CurateError(
            f"{row.public_id} is {row.get_status_display()}: what waits on it is decided with the event itself."
        )
    return row, snapshot(row)


def _refuse_nothing(event: Event, done: int) -> None:
    if not done:
        raise CurateError(f"Nothing waits on {event.public_id} any more: it was decided meanwhile.")
