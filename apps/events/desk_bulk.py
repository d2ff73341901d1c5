"""One decision about many items: shown before it is taken, and what cannot be done holds up nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import User
from apps.core import history
from apps.events import curate, desk_holding
from apps.events.answering import accept_waiting, refuse_waiting
from apps.events.decide import CurateError, authorise
from apps.events.models import Claim, DeskItem, Event, Evidence
from apps.events.snapshot import difference, snapshot

MOST = 200
ACTIONS = {
    "publish": "Publish, with all that waits",
    "reject": "Reject",
    "attach": "Attach to a known event",
    "recommend": "Recommend for publication",
    "snooze": "Snooze",
    "revise": "Change fields",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to each: `into` for attach, `until` for snooze, `changes` for revise."""

    action: str
    by: User
    reason: str = ""
    into: Event | None = None
    until: date | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False


@dataclass(slots=True)
class Outcome:
    """What becomes of one event, or became of it.

    `changes`: (what, was, is) of the event's values. `made_public`: sentences and claims that become public,
    in words. `refusal`: why nothing is done to it, in a sentence; `asks`: it is refused until confirmed.
    """

    event_id: int
    public_id: str = ""
    title: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    made_public: list[str] = field(default_factory=list)
    note: str = ""
    refusal: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Bulk:
    """All outcomes, and the group that takes them back together ("" for a preview)."""

    outcomes: list[Outcome]
    group: str = ""

    @property
    def done(self) -> list[Outcome]:
        """What is done, or would be."""
        return [outcome for outcome in self.outcomes if not outcome.refusal]

    @property
    def refused(self) -> list[Outcome]:
        """What is not, with the reason."""
        return [outcome for outcome in self.outcomes if outcome.refusal]


def bulk_preview(
    action: str, event_ids: Sequence[int], *, by: User, now: datetime, **values: Any
) -> Bulk:
    """Say what bulk() with the same values would do; nothing is written."""
    order, ids = _checked(action, event_ids, by, values)
    with transaction.atomic():
        outcomes = _all(order, ids, now)
        transaction.set_rollback(True)
    return Bulk(outcomes)


def bulk(action: str, event_ids: Sequence[int], *, by: User, now: datetime, **values: Any) -> Bulk:
    """Do `action` (see ACTIONS) to each event on the desk, as one group of changes that is undone together.

    What is refused for one (its reason is its outcome) does not keep the others back. `values` are those of
    Order: reason, into, until, changes, confirmed. CurateError where nothing can be done at all: no or too
    many events, an unknown action, a missing value.
    """
    order, ids = _checked(action, event_ids, by, values)
    with transaction.atomic(), history.noted(user=by, why=order.reason) as group:
        return Bulk(_all(order, ids, now), group)


def _checked(
    action: str, event_ids: Sequence[int], by: User, values: Mapping[str, Any]
) -> tuple[Order, list[int]]:
    authorise(by, "")
    order, ids = Order(action=action, by=by, **values), list(dict.fromkeys(event_ids))
    if action not in ACTIONS:
        raise CurateError(f"Choose what to do: {', '.join(ACTIONS.values())}.")
    if not 0 < len(ids) <= MOST:
        raise CurateError(f"Choose 1 to {MOST} events; {len(ids)} are chosen.")
    if action == "reject" and not order.reason.strip():
        raise CurateError("Give a reason for the rejection: whoever reads the history needs it.")
    if action == "attach" and order.into is None:
        raise CurateError("Name the event to attach them to by its number.")
    if action == "snooze" and order.until is None:
        raise CurateError("Say until which day they sleep.")
    if action == "revise" and not order.changes:
        raise CurateError("Say which values are to be changed.")
    return order, ids


def _all(order: Order, ids: Sequence[int], now: datetime) -> list[Outcome]:
    events = Event.objects.in_bulk(ids)
    gone = "There is no such event any more."
    return [
        _one(order, events[pk], now) if pk in events else Outcome(pk, refusal=gone) for pk in ids
    ]


def _one(order: Order, event: Event, now: datetime) -> Outcome:
    """Do it to one event in a savepoint of its own, and say what changed."""
    outcome = Outcome(event.pk, event.public_id, event.title)
    try:
        with transaction.atomic():
            before, rows = snapshot(event), _rows(event)
            public = _public(rows)
            desk_holding.hold(event, order.by, now)
            outcome.note = _DO[order.action](order, event, now)
            # What the database checks at the end of a transaction it checks now, for this event alone.
            connection.check_constraints()
            event.refresh_from_db()
            outcome.changes = difference(before, snapshot(event))
            outcome.made_public = [text for key, text in _public(rows).items() if key not in public]
    except curate.NeedsConfirmation as question:
        outcome.refusal, outcome.asks = str(question), True
    except (CurateError, PermissionDenied) as refusal:
        outcome.refusal = str(refusal)
    except DatabaseError as error:
        outcome.refusal = f"The database refuses it: {_first(error)}"
    return outcome


def _first(error: BaseException) -> str:
    """Return what the database said first: what fails after that fails because of it."""
    while isinstance(error.__context__, DatabaseError):
        error = error.__context__
    return str(error).partition("\n")[0]


def _rows(event: Event) -> dict[str, list[int]]:
    return {
        "evidence": list(event.evidence.values_list("pk", flat=True)),
        "claims": list(event.claims.values_list("pk", flat=True)),
    }


def _public(rows: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
    """Return what of the rows anybody may see, in words."""
    evidence = Evidence.objects.public().filter(pk__in=rows["evidence"]).defer("why")
    claims = Claim.objects.public().filter(pk__in=rows["claims"])
    told = {("evidence", row.pk): f"“{str(row)[:200]}”" for row in evidence}
    return told | {
        ("claim", row.pk): str(row)[:200] for row in claims.select_related("speaker", "source")
    }


def _publish(order: Order, event: Event, now: datetime) -> str:
    who: dict[str, Any] = {"by": order.by, "reason": order.reason}
    if event.status == Event.Status.PUBLISHED:
        accept_waiting(event, **who)
        return "What waits on it becomes public."
    curate.publish(event, confirmed=order.confirmed, **who)
    return "It becomes public."


def _reject(order: Order, event: Event, now: datetime) -> str:
    who: dict[str, Any] = {"by": order.by, "reason": order.reason}
    if event.status == Event.Status.PUBLISHED:
        refuse_waiting(event, **who)
        return "What waits on it is rejected; the event stays public."
    curate.reject(event, **who)
    return "It is rejected and will not be proposed again."


def _attach(order: Order, event: Event, now: datetime) -> str:
    if order.into is None:
        raise CurateError("Name the event to attach it to by its number.")
    curate.attach(event, to=order.into, by=order.by, reason=order.reason)
    return f"Its evidence and claims go to {order.into.public_id}."


def _recommend(order: Order, event: Event, now: datetime) -> str:
    desk_holding.recommend(event, order.by)
    return f"{order.by} recommends it for publication."


def _snooze(order: Order, event: Event, now: datetime) -> str:
    item = DeskItem.objects.filter(event=event).first()
    if item is None or order.until is None:
        raise CurateError(f"Nothing waits on {event.public_id} any more: it was decided meanwhile.")
    desk_holding.snooze(item, order.until, order.by, order.reason, now)
    return f"It sleeps until {order.until}."


def _revise(order: Order, event: Event, now: datetime) -> str:
    done = curate.revise(
        event, order.changes, confirmed=order.confirmed, by=order.by, reason=order.reason
    )
    for item in DeskItem.objects.filter(event=event):
        desk_holding.release(item, order.by)
    return "Its values are changed." if done else "Nothing changes: it has these values."


_DO: dict[str, Callable[[Order, Event, datetime], str]] = {
    "publish": _publish,
    "reject": _reject,
    "attach": _attach,
    "recommend": _recommend,
    "snooze": _snooze,
    "revise": _revise,
}
