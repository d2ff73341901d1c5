"""Taking back a whole decision, or one change of the history.

A decision is known by its group: all changes that were made with it. What is taken back becomes a decision
itself, and can be taken back in turn.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import history, history_words
from apps.core.models import Change
from apps.core.stages import wake
from apps.events.decide import (
    CurateError,
    authorise,
    authorise_publishing,
    close,
    locked,
    refuse_without_support,
)
from apps.events.models import Decision, Event
from apps.events.snapshot import snapshot

Action = Decision.Action
Status = Event.Status
# How long after it the desk's key takes a decision back; older ones are taken back in the history.
KEY_REACHES = timedelta(hours=12)
_EVENTS = Event._meta.db_table
# Columns that stand and fall with other rows: they are taken back with the whole decision only.
_OF_WHOLE = {"status", "merged_into_id"}
# What it takes to say that a row is another, beside the right to change it.
_MERGING = {"actors_actor": "actors.merge_actor", "places_place": "places.merge_place"}


def undo(group: str, *, by: User, reason: str = "") -> list[Decision]:
    """Take back all changes of a decision; return the decisions that say so, one for each event concerned.

    CurateError says why it cannot be: a load or the machine's work, taken back already, changed since (by whom,
    what), or a rule that it would break. PermissionDenied for who may not change those rows.
    """
    with transaction.atomic():
        changes = list(Change.objects.filter(group=group).order_by("pk")) if group else []
        _refuse_unfit(group, changes)
        return _take_back(changes, by, reason, undoes=group)


def take_back(change: Change, *, by: User, reason: str = "") -> list[Decision]:
    """Take back one change; return the decision that says so, where the change was of an event.

    CurateError and PermissionDenied as undo(); what stands and falls with other rows is refused.
    """
    columns = (change.before or {}).keys() | (change.after or {}).keys()
    whole = change.op == Change.Op.UPDATE and _OF_WHOLE & columns
    if whole or (change.table == _EVENTS and change.op != Change.Op.UPDATE):
        raise CurateError("This change is part of a decision: take the whole decision back.")
    with transaction.atomic():
        return _take_back([change], by, reason)


def undone(groups: Iterable[str]) -> set[str]:
    """Return those of the decisions' groups that are taken back, and were not restored since."""
    asked = {group for group in groups if group}
    if not asked:
        return set()
    backs = set(Decision.objects.filter(undoes__in=asked).values_list("undoes", "group"))
    void = undone(back for _, back in backs)
    return {group for group, back in backs if back not in void}


def undone_among(decisions: Iterable[Decision]) -> set[str]:
    """Return the groups that are taken back at the end of an event's decisions, given newest first."""
    gone: set[str] = set()
    for decision in decisions:
        if decision.undoes and decision.group not in gone:
            gone.add(decision.undoes)
    return gone


def last_undoable(user: User) -> Decision | None:
    """Return the user's last decision that stands and is young enough for the desk's key; None for none."""
    since = timezone.now() - KEY_REACHES
    recent = list(
        Decision.objects.filter(by=user, at__gte=since)
        .exclude(action=Action.UNDO)
        .exclude(group="")
        .order_by("-pk")
        .values_list("pk", "group")[:100]
    )
    gone = undone(group for _, group in recent)
    last = next((pk for pk, group in recent if group not in gone), None)
    return Decision.objects.select_related("event").get(pk=last) if last else None


def _refuse_unfit(group: str, changes: Sequence[Change]) -> None:
    """CurateError where there is nothing to take back, or nothing that an editor takes back."""
    decisions = list(Decision.objects.filter(group=group)) if group else []
    if not changes:
        raise CurateError(
            "There is nothing to take back: the history has no change of this decision."
        )
    if any(decision.action == Action.LOAD for decision in decisions):
        raise CurateError(
            "What a dossier's files loaded is not taken back: change it, or reject it."
        )
    by_people = {d.by_label for d in decisions if d.action != Action.PROPOSE}
    who = [c.who for c in changes if not _by_somebody(c) and c.who not in by_people]
    if who and not any(change.user_id for change in changes):
        raise CurateError(
            f"This was the work of “{who[0]}”, not of an editor: decide about it instead."
        )
    if group in undone([group]):
        raise CurateError("This decision is taken back already.")


def _by_somebody(change: Change) -> bool:
    """Tell whether a user made the change, or somebody with SQL."""
    return change.user_id is not None or change.who.startswith("database role ")


def _take_back(
    changes: Sequence[Change], by: User, reason: str, undoes: str = ""
) -> list[Decision]:
    _refuse_without_right(changes, by)
    events = _lock_concerned(changes)
    if events:
        authorise(by, "")
    before = {event.pk: snapshot(event) for event in events}
    was_public = {event.pk for event in events if event.status == Status.PUBLISHED}
    with history.noted(user=by, why=reason):
        new = _added_events(changes)
        _refuse_going_on(new, changes)
        _close_added(new, undoes)
        try:
            history.revert(_without_added(changes, new))
        except history.HistoryError as error:
            raise CurateError(str(error)) from error
        _wake_timelines(changes)
        return [
            _decide(event, before[event.pk], event.pk in was_public, by, reason, undoes)
            for event in events
        ]


def _refuse_without_right(changes: Sequence[Change], by: User) -> None:
    for table in sorted({change.owner_table for change in changes}):
        model = history_words.models().get(table)
        if model is None:
            raise CurateError(f"The table {table} is no more; its history cannot be taken back.")
        opts = model._meta
        wanted = [f"{opts.app_label}.change_{opts.model_name}"]
        merging = any(
            change.table == table and "merged_into_id" in (change.after or {})
            for change in changes
            if change.op == Change.Op.UPDATE
        )
        if merging and table in _MERGING:
            wanted.append(_MERGING[table])
        if not by.has_perms(wanted):
            raise PermissionDenied(f"{by} may not change {opts.verbose_name_plural}.")


def _lock_concerned(changes: Sequence[Change]) -> list[Event]:
    """Lock the events in whose history the changes stand, also those that rows were moved away from."""
    of_events = [change for change in changes if change.owner_table == _EVENTS]
    ids = {change.owner_id for change in of_events}
    ids |= {change.former_owner_id for change in of_events if change.former_owner_id is not None}
    return locked(*Event.objects.filter(pk__in=ids).order_by("pk"))


def _added_events(changes: Sequence[Change]) -> set[int]:
    """Events that the decision made. They are closed, not deleted: their number is never given again."""
    added = Change.Op.INSERT
    return {change.row_id for change in changes if change.table == _EVENTS and change.op == added}


def _refuse_going_on(new: set[int], changes: Sequence[Change]) -> None:
    """CurateError where somebody worked on an event since it was made."""
    later = Change.objects.filter(owner_table=_EVENTS, owner_id__in=new, pk__gt=changes[-1].pk)
    if not new or not (last := later.order_by("-pk").first()):
        return
    (told,) = history_words.tell([last])
    raise CurateError(
        f"The new event was worked on since, by {last.who} on {last.at:%Y-%m-%d %H:%M} ({told}); "
        "take that back first, or merge or reject the event."
    )


def _close_added(new: set[int], undoes: str) -> None:
    """An event that was split off goes back into the one it came from; another new one is rejected."""
    splits = Decision.objects.filter(group=undoes, action=Action.SPLIT).exclude(event__in=new)
    origin = splits.select_related("event").first()
    for event in Event.objects.filter(pk__in=new):
        event.status = Status.MERGED if origin else Status.REJECTED
        event.merged_into = origin.event if origin else None
        event.save(update_fields=["status", "merged_into", "updated_at"])


def _without_added(changes: Sequence[Change], new: set[int]) -> list[Change]:
    """Leave out the events that were made, and what was made with them and stands on them still."""
    last_owner = {(change.table, change.row_id): change.owner_id for change in changes}
    made = {
        (change.table, change.row_id)
        for change in changes
        if change.op == Change.Op.INSERT and change.owner_table == _EVENTS
    }
    stays = {row for row in made if last_owner[row] in new}
    return [change for change in changes if (change.table, change.row_id) not in stays]


def _decide(
    event: Event,
    before: dict[str, object],
    was_public: bool,
    by: User,
    reason: str,
    undoes: str,
) -> Decision:
    event.updated_at = timezone.now()
    Event.objects.filter(pk=event.pk).update(updated_at=event.updated_at)
    event.refresh_from_db()
    if (event.status == Status.PUBLISHED) != was_public:
        authorise_publishing(by)
    refuse_without_support(event, [])
    return close(event, Action.UNDO, before, by, "", reason, undoes=undoes)


def _wake_timelines(changes: Sequence[Change]) -> None:
    """Scopes and kinship decide which events a timeline shows: its day counts are made anew."""
    if any(change.owner_table != _EVENTS for change in changes):
        wake("timelines.refresh_waiting")
