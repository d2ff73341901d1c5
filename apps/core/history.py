"""Who, when and why of every change, kept by the database; and taking changes back.

`watch()` gives a migration the trigger that records a table's changes as `Change` rows. `noted()` tells the
database who is at work and why, for the rest of the transaction. `revert()` takes changes back.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.migrations import RunSQL
from psycopg import pq, sql

from apps.core import history_words
from apps.core.models import Change

# The triggers that refuse TRUNCATE end in this.
NOT_EMPTIED = "not_emptied"
_LONGEST_WHO = 150
# PostgreSQL's code for a row that others point to, or that points to none.
_STILL_USED = "23503"
_SETTINGS = ("user", "who", "why", "group")


class HistoryError(Exception):
    """A change cannot be taken back; the message says in a sentence what stands against it."""


def watch(
    table: str, *, owner: tuple[str, str] | None = None, derived: Sequence[str] = ()
) -> RunSQL:
    """Return the migration operation that records every change of `table` from now on, and refuses TRUNCATE.

    `owner` is (table, column): in whose history the row stands, and the column that holds its id; the row's
    own where it is None. `derived` columns are computed from others: an update of them alone is no change.
    A table that is watched already is watched anew, with what is said here.
    """
    owner_table, column = owner or (table, "id")
    trigger = f"{table}_history"
    arguments = f"'{owner_table}', '{column}', '{','.join(derived)}'"
    return RunSQL(
        f"CREATE OR REPLACE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION record_change({arguments}); "
        f"CREATE OR REPLACE TRIGGER {table}_{NOT_EMPTIED} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()",
        f"DROP TRIGGER {table}_{NOT_EMPTIED} ON {table}; DROP TRIGGER {trigger} ON {table}",
    )


@contextmanager
def noted(*, user: Any = None, who: str = "", why: str = "", group: str = "") -> Iterator[str]:
    """Tell the database who is at work and why, inside this block of a transaction; give the changes' group.

    A block inside another keeps its group, so that all changes of one request are one decision, and says
    its own who and why where it has them. ValueError outside a transaction: nothing would be kept.
    """
    if not connection.in_atomic_block:
        raise ValueError("Changes can only be noted inside transaction.atomic().")
    before = _read()
    values = {
        "user": str(user.pk) if user else before["user"],
        "who": str(user) if user else who[:_LONGEST_WHO] or before["who"],
        "why": why.replace("\0", "") or before["why"],
        "group": group or before["group"] or uuid.uuid4().hex,
    }
    if who and not user:
        values["user"] = ""
    _write(values)
    try:
        yield values["group"]
    finally:
        if not _broken():
            _write(before)


@contextmanager
def noted_transaction(*, who: str) -> Iterator[None]:
    """A transaction that is `who`'s from beginning to end: what it notes ends with it, nothing is put back."""
    if connection.in_atomic_block:
        with transaction.atomic(), noted(who=who):
            yield
        return
    with transaction.atomic():
        _write({"user": "", "who": who[:_LONGEST_WHO], "why": "", "group": uuid.uuid4().hex})
        yield


def group() -> str:
    """Return the group that changes made now belong to; empty outside noted()."""
    return _read()["group"]


def _broken() -> bool:
    """Tell whether the transaction failed: it takes its settings along, and accepts no statement any more."""
    raw = connection.connection
    failed = raw is None or raw.info.transaction_status != pq.TransactionStatus.INTRANS
    return failed or connection.needs_rollback


def _read() -> dict[str, str]:
    columns = ", ".join(
        f"coalesce(current_setting('tensionline.{n}', true), '')" for n in _SETTINGS
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        return dict(zip(_SETTINGS, cursor.fetchone(), strict=True))


def _write(values: dict[str, str]) -> None:
    columns = ", ".join(f"set_config('tensionline.{name}', %s, true)" for name in _SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [values[name] for name in _SETTINGS])


def watched() -> frozenset[str]:
    """Return the tables whose changes are recorded, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE proname = 'record_change'"
        )
        return frozenset(table for (table,) in cursor.fetchall())


def revert(changes: Iterable[Change]) -> int:
    """Take changes back, newest first; return how many. All or none, in a transaction.

    A change is taken back only while its row still says what the change made it say; HistoryError names
    what was changed since, and by whom, or the rule that taking it back would break.
    """
    ordered = sorted(changes, key=lambda change: -change.pk)
    try:
        with transaction.atomic():
            for change in ordered:
                _BACK[change.op](change)
            # The rules that are kept at the end of a transaction speak now, while they can still be told.
            connection.check_constraints()
    except IntegrityError as error:
        raise HistoryError(_told_rule(error)) from error
    return len(ordered)


def _told_rule(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return f"Taking this back would break a rule: {error}."
    if diagnosis.sqlstate == _STILL_USED and diagnosis.table_name:
        model = history_words.models().get(diagnosis.table_name)
        users = str(model._meta.verbose_name_plural) if model else diagnosis.table_name
        return f"Something that would go or come back does not fit the {users} that stand now."
    return f"Taking this back would break a rule: {diagnosis.message_primary}."


def _remove(change: Change) -> None:
    _refuse_if_changed(change)
    _run("DELETE FROM {table} WHERE id = %s", change, [change.row_id])


def _bring_back(change: Change) -> None:
    if _present(change) is not None:
        raise HistoryError(f"{_named(change)} is there again already; nothing was taken back.")
    row = json.dumps(_defaults(change.table) | (change.before or {}), cls=DjangoJSONEncoder)
    _run(
        "INSERT INTO {table} SELECT * FROM jsonb_populate_record(null::{table}, %s)", change, [row]
    )


def _defaults(table: str) -> dict[str, Any]:
    """Return what columns hold by default, for rows that were deleted before the columns were made."""
    fields = history_words.fields(table).items()
    return {name: f.get_default() for name, f in fields if not f.null and not f.primary_key}


def _set_back(change: Change) -> None:
    row = _refuse_if_changed(change)
    before = {name: value for name, value in (change.before or {}).items() if name in row}
    if not before:
        raise HistoryError(f"What was changed of {_named(change)} is not kept any more.")
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in before)
    query = sql.SQL(
        # ROW(): PostgreSQL wants it where there is one column only.
        "UPDATE {table} t SET ({columns}) = ROW({values}) "
        "FROM jsonb_populate_record(null::{table}, %s) was WHERE t.id = %s"
    )
    values = sql.SQL(", ").join(sql.Identifier("was", name) for name in before)
    table = sql.Identifier(change.table)
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(table=table, columns=columns, values=values),  # type: ignore[arg-type]
            [json.dumps(before), change.row_id],
        )


_BACK: dict[str, Callable[[Change], None]] = {
    Change.Op.INSERT: _remove,
    Change.Op.DELETE: _bring_back,
    Change.Op.UPDATE: _set_back,
}


def _refuse_if_changed(change: Change) -> dict[str, Any]:
    """Return the row; HistoryError where it is gone or no longer says what the change made it say."""
    row = _present(change)
    if row is None:
        raise HistoryError(
            f"{_named(change)} was removed since{_by_last(change)}; bring it back first."
        )
    derived = _derived(change.table)
    expected = (change.after or {}).items()
    known = [(n, value) for n, value in expected if n in row and n not in derived]
    other = [n for n, value in known if row[n] != value]
    if other:
        raise HistoryError(
            f"{_named(change)} was changed since{_by_last(change, other)} "
            f"({history_words.labels(change.table, other)}); take that change back first."
        )
    return row


def _named(change: Change) -> str:
    subject = history_words.tell([change])[0].subject
    return f"{subject[:1].upper()}{subject[1:]}"


def _by_last(change: Change, columns: Sequence[str] = ()) -> str:
    """Tell who last changed the row, or one of its columns, after this change."""
    later = Change.objects.filter(table=change.table, row_id=change.row_id, pk__gt=change.pk)
    if columns:
        later = later.filter(after__has_any_keys=columns)
    last = later.order_by("-pk").first()
    return f" by {last.who} on {last.at:%Y-%m-%d %H:%M}" if last else ""


def _present(change: Change) -> dict[str, Any] | None:
    """Lock and return the row as it stands now; None where there is none."""
    found = _run(
        "SELECT to_jsonb(t)::text FROM {table} t WHERE id = %s FOR UPDATE", change, [change.row_id]
    )
    return json.loads(found[0][0]) if found else None


def _derived(table: str) -> set[str]:
    """Return the columns whose changes are not recorded, as the table's trigger has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(encode(tgargs, 'escape'), '\\000', 3) FROM pg_trigger "
            "WHERE tgname = %s",
            [f"{table}_history"],
        )
        found = cursor.fetchone()
    return set(found[0].split(",")) if found else set()


def _run(query: str, change: Change, values: list[Any]) -> list[tuple[Any, ...]]:
    """Run a query on the change's table; HistoryError where there is no such table any more."""
    if change.table not in watched():
        raise HistoryError(f"The history of {change.table} is not kept any more.")
    statement = sql.SQL(query).format(table=sql.Identifier(change.table))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []
