"""All that waits on a published event, accepted or refused as one decision."""

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.events.decide import CurateError, close, decision, locked, reasoned
from apps.events.models import Decision, Event, Standing
from apps.events.snapshot import snapshot


@decision
def accept_waiting(
    event: Event, *, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Publish the evidence, claims and links that wait on a published event.

    A claim whose evidence was rejected stays as it is, and so does a link to an event that does not stand.
    """
    row, before = _published(event)
    stands = [Event.Status.PROPOSED, Event.Status.PUBLISHED]
    waits = {"standing": Standing.PROPOSED}
    claims = row.claims.filter(**waits).exclude(evidence__standing=Standing.REJECTED)
    done = claims.update(standing=Standing.PUBLISHED)
    done += row.evidence.filter(**waits).update(standing=Standing.PUBLISHED)
    try:
        with transaction.atomic():
            links = row.links_out.filter(**waits, target__status__in=stands)
            done += links.update(standing=Standing.PUBLISHED)
    except IntegrityError as refused:
        told = str(refused).partition("\n")[0]
        raise CurateError(
            f"A link cannot stand: {told}. Decide about the links one by one."
        ) from refused
    _refuse_nothing(row, done)
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


def _published(event: Event) -> tuple[Event, dict[str, object]]:
    (row,) = locked(event)
    if row.status != Event.Status.PUBLISHED:
        raise CurateError(
            f"{row.public_id} is {row.get_status_display()}: what waits on it is decided with the event itself."
        )
    return row, snapshot(row)


def _refuse_nothing(event: Event, done: int) -> None:
    if not done:
        raise CurateError(f"Nothing waits on {event.public_id} any more: it was decided meanwhile.")
