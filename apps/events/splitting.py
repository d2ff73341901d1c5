"""Taking one event apart into two."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.events.decide import (
    CurateError,
    authorise_publishing,
    close,
    decision,
    locked,
    reasoned,
    refuse_closed,
)
from apps.events.models import Claim, Decision, Event, Evidence, Participation, Standing
from apps.events.numbering import lock_events, next_public_id
from apps.events.snapshot import snapshot

# What the new event does not take over: its identity, what is derived, and what machine proposed it from.
_COPIED = (
    "title", "summary", "type", "mode", "type_fit", "start", "end", "precision", "edtf", "date_note", "place",
    "geo_precision", "rank", "soil", "confidence", "names", "status",
)  # fmt: skip


@decision
def split(
    event: Event,
    *,
    evidence: Collection[int],
    claims: Collection[int] = (),
    by: User,
    reason: str,
) -> Event:
    """Move evidence and claims (by pk) of an event to a new one, and return it; it stands as the old one does.

    Claims that rest on moved evidence go with it. Fields and participants are copied, to be edited next.
    Both keep evidence that supports them: published evidence, where the event is published; CurateError says
    which of them would not. Splitting a published event takes the right to publish.
    The decision stands with both: the new event's history begins with it.
    """
    reason = reasoned(reason)
    lock_events()
    (row,) = locked(event)
    refuse_closed(row)
    if row.status == Event.Status.PUBLISHED:
        authorise_publishing(by)
    before = snapshot(row)
    moved = row.evidence.filter(pk__in=evidence)
    of_claims = row.claims.filter(pk__in=claims) | row.claims.filter(evidence__in=moved)
    _refuse_foreign(row, evidence, claims)
    new = _copy(row)
    stays = row.evidence.exclude(pk__in=evidence)
    leaving = {row.pk: _first_report(moved), new.pk: _first_report(stays)}
    chosen = list(of_claims.values_list("pk", flat=True))
    moved.update(event=new)
    Claim.objects.filter(pk__in=chosen).update(event=new)
    _loosen(row, new)
    for one in (row, new):
        _refuse_bare(one)
        _known_since(one, leaving[one.pk])
    close(new, Decision.Action.SPLIT, {}, by, "", reason, split_from=row.public_id)
    close(row, Decision.Action.SPLIT, before, by, "", reason, split=new.public_id)
    event.refresh_from_db()
    new.refresh_from_db()
    return new


def _refuse_foreign(event: Event, evidence: Collection[int], claims: Collection[int]) -> None:
    if not evidence:
        raise CurateError(
            "Choose the evidence that tells the other event: an event without any is none."
        )
    if event.evidence.filter(pk__in=evidence).count() != len(set(evidence)):
        raise CurateError(
            f"Some of the chosen evidence is no longer that of {event.public_id}; look again."
        )
    if event.claims.filter(pk__in=claims).count() != len(set(claims)):
        raise CurateError(
            f"Some of the chosen claims are no longer those of {event.public_id}; look again."
        )


def _copy(event: Event) -> Event:
    new = Event(**{name: getattr(event, name) for name in _COPIED})
    new.public_id = next_public_id(event.start)
    new.first_public_at = event.first_public_at
    new.save()
    Participation.objects.bulk_create(
        Participation(event=new, actor_id=part.actor_id, role=part.role, position=part.position)
        for part in event.participations.all()
    )
    return new


def _loosen(event: Event, new: Event) -> None:
    """What ties rows of one event to rows of the other would say something untrue."""
    for one, other in ((event, new), (new, event)):
        one.claims.filter(evidence__event=other).update(evidence=None)
        one.claims.filter(answers__event=other).update(answers=None)
        one.links_out.filter(evidence__event=other).update(evidence=None)


def _refuse_bare(event: Event) -> None:
    rows = event.evidence.exclude(standing=Standing.REJECTED)
    if event.status == Event.Status.PUBLISHED:
        rows = rows.filter(standing=Standing.PUBLISHED)
    if not rows.exclude(stance=Evidence.Stance.CONTRADICTS).exists():
        raise CurateError(
            "Both events must keep evidence that supports them"
            f"{', published' if event.status == Event.Status.PUBLISHED else ''}: choose some of it, not all."
        )


def _first_report(rows: QuerySet[Evidence]) -> datetime | None:
    return rows.order_by("known_at").values_list("known_at", flat=True).first()


def _known_since(event: Event, reported: datetime | None) -> None:
    """Take the known time that came with the first report (`reported`) from whom that report left."""
    known = event.first_public_at
    if known is None or reported is None or reported > known:
        return
    rows = event.evidence.exclude(standing=Standing.REJECTED)
    if event.status == Event.Status.PUBLISHED:
        rows = rows.filter(standing=Standing.PUBLISHED)
    first = _first_report(rows)
    if first is not None and first > known:
        event.first_public_at = first
        event.save(update_fields=["first_public_at", "updated_at"])
