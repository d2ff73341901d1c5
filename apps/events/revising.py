"""Editing an event in place: validated, refused where another editor changed it meanwhile, one decision."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.core import plover
from apps.core.dossier.dates import edtf_of
from apps.core.history_words import Told, since
from apps.core.models import Change
from apps.events import periods
from apps.events.decide import CurateError, close, decision, locked
from apps.events.models import Claim, Decision, Event, Participation
from apps.events.models.event import days_out_of_reach
from apps.events.snapshot import snapshot

EDITABLE = (
    "title", "summary", "type", "mode", "type_fit", "start", "end", "precision", "date_note", "place",
    "geo_precision", "confidence", "names", "rank", "soil", "notes",
)  # fmt: skip
_DAYS = {"start", "end", "precision"}
_OF_CLAIM = ("number", "value")
_TABLE = Event._meta.db_table


class StaleError(CurateError):
    """Somebody changed the event since the editor saw it: `changes` says what; `newest` is to be seen next."""

    def __init__(self, event: Event, changes: Sequence[Told], newest: int) -> None:
        who = ", ".join(dict.fromkeys(told.change.who for told in changes))
        super().__init__(
            f"{event.public_id} was changed by {who} since you saw it: look at what was changed, then save."
        )
        self.changes = list(changes)
        self.newest = newest


class InvalidError(CurateError):
    """Values that cannot stand: `fields` is field -> sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{name}: {told}" for name, told in fields.items()))
        self.fields = dict(fields)


class NeedsConfirmation(CurateError):  # noqa: N818  # a question, no error
    """The editor is asked once more; the same call with confirmed=True goes through."""


def newest_change(event: Event) -> int:
    """Return the id of the newest change in the event's history; 0 where there is none."""
    changes = Change.objects.filter(owner_table=_TABLE, owner_id=event.pk)
    return changes.aggregate(newest=Max("pk"))["newest"] or 0


def refuse_stale(event: Event, seen: int, by: User | None) -> None:
    """StaleError where another than `by` changed the event or its participants after the change `seen`."""
    edited = {_TABLE, Participation._meta.db_table, Claim._meta.db_table}
    told = [
        row
        for row in since(_TABLE, event.pk, seen, excluding_user=by)
        if row.change.table in edited and not _is_new_claim(row.change)
    ]
    if told:
        raise StaleError(event, told, newest_change(event))


def _is_new_claim(change: Change) -> bool:
    """What the machine adds meanwhile is in nobody's way."""
    return change.table == Claim._meta.db_table and change.op == Change.Op.INSERT


def refuse_outside(event: Event, *, confirmed: bool) -> None:
    """NeedsConfirmation where the event's days lie outside all of its dossiers and nobody confirmed that."""
    asked = "" if confirmed else periods.outside(event)
    if asked:
        raise NeedsConfirmation(asked)


@decision
def revise(
    event: Event,
    changes: Mapping[str, Any],
    *,
    participants: Iterable[tuple[str, Actor]] | None = None,
    claims: Mapping[int, Mapping[str, Any]] | None = None,
    seen: int | None = None,
    confirmed: bool = False,
    by: User,
    reason: str = "",
) -> Decision | None:
    """Change an event's own fields (`EDITABLE`), its participants and its claims' values as one decision.

    `changes`: field -> value (text as typed, or typed values; `place` is a Place or None). `participants`:
    all of them as (role, actor) in order; None leaves them. `claims`: pk -> {"number" or "value": ...}.
    `seen`: newest_change() as the editor saw it; None does not ask. None where nothing changed.
    Raises InvalidError, StaleError, NeedsConfirmation; each is a CurateError and leaves all as it was.
    """
    (row,) = locked(event)
    if seen is not None:
        refuse_stale(row, seen, by)
    before, last = snapshot(row), newest_change(row)
    _write_event(row, changes)
    if _DAYS & changes.keys():
        refuse_outside(row, confirmed=confirmed)
    if participants is not None:
        _write_participants(row, participants)
    for pk, values in (claims or {}).items():
        _write_claim(row, pk, values)
    if newest_change(row) == last:
        return None
    taken = close(row, Decision.Action.EDIT, before, by, "", reason)
    event.refresh_from_db()
    return taken


def _write_event(event: Event, changes: Mapping[str, Any]) -> None:
    unknown = changes.keys() - set(EDITABLE)
    if unknown:
        raise CurateError(f"These are not edited here: {', '.join(sorted(unknown))}.")
    if not changes:
        return
    _set(event, changes)
    wrong: dict[str, str] = {}
    if {"type", "mode"} & changes.keys() and event.mode not in ("", *plover.MODES[event.type]):
        offered = ", ".join(plover.MODES[event.type]) or "none"
        wrong["mode"] = f"“{event.mode}” is no mode of {event.type}; there are: {offered}."
    if _DAYS & changes.keys() and (far := days_out_of_reach(event.start, event.end)):
        wrong["days"] = far
    if event.end < event.start:
        wrong["end"] = "The event ends before it starts."
    if wrong:
        raise InvalidError(wrong)
    event.edtf = edtf_of(event.start, event.end, event.precision)
    event.save(update_fields=[*changes, "edtf", "updated_at"])


def _set(row: Event | Claim, values: Mapping[str, Any]) -> None:
    """Set each value as its field reads it; InvalidError names all that a field refuses."""
    wrong: dict[str, str] = {}
    for name, value in values.items():
        field = row._meta.get_field(name)
        try:
            if field.is_relation:
                setattr(row, name, value)
            else:
                text = value.replace("\0", "").strip() if isinstance(value, str) else value
                setattr(row, name, field.clean(text, row))  # type: ignore[union-attr]
        except ValidationError as error:
            wrong[name] = " ".join(error.messages)
    if wrong:
        raise InvalidError(wrong)


def _write_participants(event: Event, wanted: Iterable[tuple[str, Actor]]) -> None:
    """Make the participants those wanted, in that order; rows that stand keep their identity."""
    keys = list(dict.fromkeys((role, actor.pk) for role, actor in wanted))
    if any(role not in Participation.Role.values for role, _ in keys):
        raise CurateError("A participant is an initiator, a target or other.")
    standing = {(part.role, part.actor_id): part for part in event.participations.all()}
    for key in standing.keys() - set(keys):
        standing[key].delete()
    for position, key in enumerate(keys):
        part = standing.get(key)
        if part is None:
            role, actor_id = key
            event.participations.create(role=role, actor_id=actor_id, position=position)
        elif part.position != position:
            part.position = position
            part.save(update_fields=["position"])


def _write_claim(event: Event, pk: int, values: Mapping[str, Any]) -> None:
    claim = event.claims.filter(pk=pk).first()
    if claim is None or values.keys() - set(_OF_CLAIM):
        raise CurateError(f"{event.public_id} has no claim {pk} whose value could be changed here.")
    was = claim.number
    _set(claim, values)
    if "number" in values and claim.value == str(was):
        claim.value = "" if claim.number is None else str(claim.number)
    try:
        claim.clean_fields(
            exclude=["speaker", "source", "evidence", "candidate", "answers", "event"]
        )
        claim.validate_constraints()
    except ValidationError as error:
        raise InvalidError({f"claim {pk}": " ".join(error.messages)}) from error
    claim.save(update_fields=[*_OF_CLAIM])
