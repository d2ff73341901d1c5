"""Every decision about an event: the only code that writes `Event.status` and `standing`.

Each function takes its row first and the rest by keyword: `by` (the user; must hold events.curate_event, and
events.publish_event for what changes which events are public) or `by_label` (what acted where it was no user),
and `reason`. It locks the event, does its work in one transaction, writes a Decision with the state before and
after, derives the headline again and wakes the timelines. What makes no sense is refused with a CurateError
whose sentence tells the editor why.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, QuerySet

from apps.accounts.models import User
from apps.events import desk_items
from apps.events.answering import (
    accept_waiting,
    publish_claim,
    publish_evidence,
    publish_link,
    refuse_waiting,
    reject_claim,
    reject_evidence,
    reject_link,
)
from apps.events.correcting import keep, remove, restore, reword, take_over, withdraw
from apps.events.decide import (
    CurateError,
    authorise_publishing,
    close,
    decision,
    first_public,
    locked,
    reasoned,
    refresh_headline,
    refuse_closed,
)
from apps.events.merging import linked_to, move_all
from apps.events.models import Decision, Event, Evidence, Link, Standing
from apps.events.revising import (
    InvalidError,
    NeedsConfirmation,
    StaleError,
    newest_change,
    refuse_outside,
    refuse_stale,
    revise,
)
from apps.events.snapshot import snapshot
from apps.events.splitting import split
from apps.events.undoing import last_undoable, take_back, undo

__all__ = [
    "CurateError",
    "InvalidError",
    "NeedsConfirmation",
    "StaleError",
    "accept_waiting",
    "attach",
    "edited",
    "keep",
    "last_undoable",
    "load",
    "merge",
    "newest_change",
    "propose",
    "publish",
    "publish_claim",
    "publish_evidence",
    "publish_link",
    "refresh_headline",
    "refuse_outside",
    "refuse_stale",
    "refuse_waiting",
    "reject",
    "reject_claim",
    "reject_evidence",
    "reject_link",
    "remove",
    "reopen",
    "restore",
    "revise",
    "reword",
    "split",
    "take_back",
    "take_over",
    "undo",
    "withdraw",
]
Action = Decision.Action
Status = Event.Status


def _set_status(event: Event, status: Event.Status, into: Event | None = None) -> None:
    event.status = status
    event.merged_into = into
    event.save(update_fields=["status", "merged_into", "updated_at"])


def _publish_rows(rows: Iterable[QuerySet[Any]]) -> int:
    return sum(
        row.filter(standing=Standing.PROPOSED).update(standing=Standing.PUBLISHED) for row in rows
    )


@decision
def load(
    event: Event,
    *,
    before: dict[str, Any] | None = None,
    links: Iterable[Link] = (),
    by: User | None = None,
    by_label: str = "",
    reason: str = "",
) -> Decision | None:
    """Publish an event of a dossier with its dossier evidence, claims and the `links` that start from it.

    `before` is snapshot() as it was before the loader wrote what the files say, {} for a new event; the
    decision then records that. None where nothing was left to do. An editor's rejection or merge stands:
    CurateError tells the loader to report it.
    """
    (row,) = locked(event)
    refuse_closed(row)
    rewritten = before is not None
    if before is None:
        before = snapshot(row)
    of_dossier = {"origin": Evidence.Origin.DOSSIER}
    of_files = row.links_out.filter(pk__in=[link.pk for link in links])
    changed = _publish_rows(
        [row.evidence.filter(**of_dossier), row.claims.filter(**of_dossier), of_files]
    )
    if not changed and not rewritten and row.status == Status.PUBLISHED:
        return None
    _refuse_without_evidence(row, standing=Standing.PUBLISHED)
    if row.first_public_at is None:  # what the files say stands
        first_public(row)
    _set_status(row, Status.PUBLISHED)
    taken = close(row, Action.LOAD, before, by, by_label, reason)
    event.refresh_from_db()
    return taken


@decision
def propose(
    event: Event, *, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Record that a saved event was proposed, by what and why, and how sure the machine was (0 to 1)."""
    (row,) = locked(event)
    if row.status != Status.PROPOSED:
        raise CurateError(f"{row.public_id} is {row.get_status_display()}, no longer a proposal.")
    sure = row.evidence.aggregate(sure=Max("candidate__confidence"))["sure"]
    return close(row, Action.PROPOSE, {}, by, by_label, reason, sure=sure)


def _refuse_without_evidence(event: Event, **condition: Any) -> None:
    """A contradiction alone is no reason to believe that something happened."""
    usable = event.evidence.filter(**condition).exclude(standing=Standing.REJECTED)
    if not usable.exclude(stance=Evidence.Stance.CONTRADICTS).exists():
        raise CurateError(
            f"{event.public_id} has no evidence that supports it: "
            "attach an article's sentence or a cited source before publishing."
        )


@decision
def publish(
    event: Event,
    *,
    by: User | None = None,
    by_label: str = "",
    reason: str = "",
    confirmed: bool = False,
) -> Decision:
    """Make a proposal public, with the evidence and claims that were proposed with it and not rejected.

    NeedsConfirmation where its days lie outside its dossiers, a user publishes it, and did not confirm that.
    """
    authorise_publishing(by)
    (row,) = locked(event)
    if row.status != Status.PROPOSED:
        raise CurateError(
            f"{row.public_id} is {row.get_status_display()}; only a proposal can be published."
        )
    _refuse_without_evidence(row)
    if by is not None:
        refuse_outside(row, confirmed=confirmed)
    before = snapshot(row)
    _publish_rows([row.evidence.all(), row.claims.all()])
    first_public(row)
    _set_status(row, Status.PUBLISHED)
    taken = close(row, Action.PUBLISH, before, by, by_label, reason)
    event.refresh_from_db()
    return taken


@decision
def reject(event: Event, *, by: User | None = None, by_label: str = "", reason: str) -> Decision:
    """Turn a proposal down, or take a published event back. Its fingerprint keeps it from coming again."""
    reason = reasoned(reason)
    (row,) = locked(event)
    refuse_closed(row)
    if row.status == Status.PUBLISHED:
        authorise_publishing(by)
    before = snapshot(row)
    _set_status(row, Status.REJECTED)
    taken = close(row, Action.REJECT, before, by, by_label, reason)
    event.refresh_from_db()
    return taken


@decision
def reopen(
    event: Event, *, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Make a rejected event a proposal again."""
    (row,) = locked(event)
    if row.status != Status.REJECTED:
        raise CurateError(
            f"{row.public_id} is {row.get_status_display()}; only a rejected event is reopened."
        )
    if _was_taken_back(row):
        authorise_publishing(by)
    before = snapshot(row)
    _set_status(row, Status.PROPOSED)
    taken = close(row, Action.REOPEN, before, by, by_label, reason)
    event.refresh_from_db()
    return taken


def _was_taken_back(event: Event) -> bool:
    """Tell whether the rejected event was public before."""
    last = event.decisions.filter(action=Action.REJECT).first()
    return last is not None and last.before.get("status") == Status.PUBLISHED


@decision
def merge(
    event: Event,
    *,
    into: Event,
    by: User | None = None,
    by_label: str = "",
    reason: str = "",
    participants: bool = True,
) -> Decision:
    """Say that `event` is the same as `into`: move what hangs on it there, and keep the row pointing.

    What the target has already is dropped. Evidence and claims proposed with the merged event take the standing
    that merging into a published event gives them: published. Without `participants` those stay behind.
    """
    if event.pk == into.pk:
        raise CurateError(f"{event.public_id} cannot be merged into itself.")
    row, target = locked(event, into)
    refuse_closed(row)
    if row.status == Status.PUBLISHED:
        authorise_publishing(by)
    if target.status in (Status.REJECTED, Status.MERGED):
        raise CurateError(
            f"{target.public_id} is {target.get_status_display()}; choose an event that stands."
        )
    before, target_before = snapshot(row), snapshot(target)
    if target.status == Status.PUBLISHED:
        _publish_rows([row.evidence.all(), row.claims.all()])
    touched = linked_to(row)
    move_all(row, target, participants=participants)
    if row.status == target.status == Status.PUBLISHED:
        # One happening, known since its first report.
        target.first_public_at = min(filter(None, (row.first_public_at, target.first_public_at)))
        target.save(update_fields=["first_public_at", "updated_at"])
    first_public(target)
    Event.objects.filter(merged_into=row).update(merged_into=target)
    _set_status(row, Status.MERGED, target)
    close(target, Action.MERGE, target_before, by, by_label, reason, merged=row.public_id)
    taken = close(row, Action.MERGE, before, by, by_label, reason, into=target.public_id)
    desk_items.refresh(touched)
    event.refresh_from_db()
    into.refresh_from_db()
    return taken


def attach(
    event: Event, *, to: Event, by: User | None = None, by_label: str = "", reason: str = ""
) -> Decision:
    """Say that a proposal tells of a known event: its evidence and claims go there.

    Unlike merge(), who the machine thinks took part adds nobody to the known event.
    """
    event.refresh_from_db()
    if event.status != Status.PROPOSED:
        raise CurateError(
            f"{event.public_id} is {event.get_status_display()}; only a proposal is attached. Merge it."
        )
    return merge(event, into=to, by=by, by_label=by_label, reason=reason, participants=False)


@decision
def edited(event: Event, *, before: dict[str, Any], by: User, reason: str = "") -> Decision | None:
    """Record an edit made in a form: `before` is snapshot() as it was; None where nothing changed."""
    (row,) = locked(event)
    refresh_headline(row)
    if snapshot(row) == before:
        return None
    return close(row, Action.EDIT, before, by, "", reason)
