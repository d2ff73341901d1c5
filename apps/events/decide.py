"""What every decision about an event has in common: who may, the lock, the headline, the Decision row."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core import history
from apps.core.stages import wake
from apps.events import desk_items, known_times
from apps.events.derived import columns, headlines
from apps.events.models import Decision, Event, Evidence, Placement, Standing
from apps.events.settling import settles
from apps.events.snapshot import snapshot

P = ParamSpec("P")
R = TypeVar("R")


class CurateError(Exception):
    """A decision that cannot be taken; the message is a sentence for the editor."""


def decision(take: Callable[P, R]) -> Callable[P, R]:
    """Make a function with `by`, `by_label` and `reason` one decision.

    It is refused to who may not decide, runs in one transaction, and its changes stand in the history with
    who and why.
    """

    @wraps(take)
    def taken(*args: P.args, **values: P.kwargs) -> R:
        by = cast("User | None", values.get("by"))
        by_label, reason = str(values.get("by_label", "")), str(values.get("reason", ""))
        authorise(by, by_label)
        with transaction.atomic(), history.noted(user=by, who=by_label, why=reason):
            return take(*args, **values)

    return taken


def authorise(by: User | None, by_label: str) -> None:
    """Refuse a decision without author (CurateError) or without the right to decide (PermissionDenied)."""
    if by is None and not by_label:
        raise CurateError("A decision needs its author: a user, or a label for what acted.")
    if by is not None and not by.has_perm("events.curate_event"):
        raise PermissionDenied(f"{by} may not decide about events.")


def authorise_publishing(by: User | None) -> None:
    """Refuse what changes which events are public to who may not decide that (PermissionDenied)."""
    if by is not None and not by.has_perm("events.publish_event"):
        raise PermissionDenied(
            f"{by} may not publish events or take them back: recommend it to a senior editor."
        )


def reasoned(reason: str) -> str:
    """Return the reason trimmed; CurateError where it is empty."""
    if not reason.strip():
        raise CurateError("Give a reason for the rejection: whoever reads the history needs it.")
    return reason.strip()


def locked(*events: Event) -> list[Event]:
    """Lock the rows in one order, so that two editors never wait for each other; return them as asked."""
    rows = {
        row.pk: row
        for row in Event.objects.select_for_update()
        .filter(pk__in=[event.pk for event in events])
        .order_by("pk")
    }
    return [rows[event.pk] for event in events]


def refuse_closed(event: Event) -> None:
    """CurateError where the event was rejected or merged."""
    if event.status in (Event.Status.REJECTED, Event.Status.MERGED):
        raise CurateError(f"{event.public_id} is {event.get_status_display()}; reopen it first.")


def refuse_without_support(event: Event, falling: Iterable[int]) -> None:
    """CurateError where a published event would lose its last support with the evidence `falling` (ids)."""
    if event.status != Event.Status.PUBLISHED:
        return
    others = event.evidence.exclude(pk__in=falling).filter(
        standing=Standing.PUBLISHED, replaced_by__isnull=True
    )
    if not others.exclude(stance=Evidence.Stance.CONTRADICTS).exists():
        raise CurateError(
            f"{event.public_id} is published and rests on this evidence alone: "
            "attach other evidence first, or reject the event."
        )


def close(
    event: Event,
    action: Decision.Action,
    before: dict[str, Any],
    by: User | None,
    by_label: str,
    reason: str,
    undoes: str = "",
    **noted: Any,
) -> Decision:
    """Derive the headline again, write the decision, mark the event stale, and tell desk and timelines."""
    refresh_headline(event)
    decision = Decision.objects.create(
        event=event,
        by=by,
        by_label=by_label,
        action=action,
        reason=reason,
        group=history.group(),
        undoes=undoes,
        before=before,
        after=snapshot(event) | noted,
    )
    Event.objects.filter(pk=event.pk).update(stale=True)
    if settles(by_label, by_user=by is not None):
        settle(event, decision.at)
    desk_items.refresh([event.pk])
    wake("timelines.refresh_event", event.pk)
    return decision


def first_public(event: Event) -> None:
    """Keep the event's known time in step with its published reports."""
    known = known_times.of_event(event)
    if event.first_public_at != known:
        event.first_public_at = known
        event.save(update_fields=["first_public_at", "updated_at"])


def settle(event: Event, at: datetime) -> None:
    """Note that somebody decided about an event: the machine leaves it, and its reports where they are."""
    Event.objects.filter(pk=event.pk, settled_at=None).update(settled_at=at)
    loose = Placement.objects.filter(event=event.pk, loose=True)
    loose.update(loose=False, founds=False, leads=False)


def refresh_headline(event: Event) -> None:
    """Derive the tolls with their ranges, `contested` and `denied` again from the published claims."""
    values = columns(headlines(Event.objects.filter(pk=event.pk))[event.pk])
    Event.objects.filter(pk=event.pk).update(**values)
    for name, value in values.items():
        setattr(event, name, value)
