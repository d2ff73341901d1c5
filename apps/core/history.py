"""Who, when and why of every change, kept by the database; and taking changes back.

`watch()` gives a migration the trigger that records a table's changes as `Change` rows. `noted()` tells the
database who is at work and why, for the rest of the transaction. `revert()` takes changes back.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.migrations import RunSQL
from psycopg import sql

from apps.core.models import Change

# The triggers that refuse TRUNCATE end in this.
NOT_EMPTIED = "not_emptied"
_SETTINGS = ("user", "who", "why", "group")


class HistoryError(Exception):
    """A change cannot be taken back, because something was changed since; the message says what."""


def watch(
    table: str, *, owner: tuple[str, str] | None = None, derived: Sequence[str] = ()
) -> RunSQL:
    """Return the migration operation that records every change of `table` from now on, and refuses TRUNCATE.

    `owner` is (table, column): in whose history the row stands, and the column that holds its id; the row's
    own where it is None. `derived` columns are computed from others: an update of them alone is no change.
    """
    owner_table, column = owner or (table, "id")
    trigger = f"{table}_history"
    arguments = f"'{owner_table}', '{column}', '{','.join(derived)}'"
    return RunSQL(
        f"CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION record_change({arguments}); "
        f"CREATE TRIGGER {table}_{NOT_EMPTIED} BEFORE TRUNCATE ON {table} "
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
        "who": str(user) if user else who or before["who"],
        "why": why or before["why"],
        "group": group or before["group"] or uuid.uuid4().hex,
    }
    if who and not user:
        values["user"] = ""
    _write(values)
    try:
        yield values["group"]
    finally:
        # A broken transaction takes its settings along.
        if not connection.needs_rollback:
            _write(before)


def group() -> str:
    """Return the group that changes made now belong to; empty outside noted()."""
    return _read()["group"]


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


@transaction.atomic
def revert(changes: Iterable[Change]) -> int:
    """Take changes back, newest first; return how many. All or none.

    A change is taken back only while its row still says what the change made it say; HistoryError names
    what was changed since, and by whom.
    """
    ordered = sorted(changes, key=lambda change: -change.pk)
    for change in ordered:
        if change.op == Change.Op.INSERT:
            _remove(change)
        elif change.op == Change.Op.DELETE:
            _bring_back(change)
        else:
            _set_back(change)
    return len(ordered)


def _remove(change: Change) -> None:
    _refuse_if_changed(change, change.after or {})
    _run("DELETE FROM {table} WHERE id = %s", change, [change.row_id])


def _bring_back(change: Change) -> None:
    if _present(change) is not None:
        raise HistoryError(f"{_named(change)} is there again already; nothing was taken back.")
    row = json.dumps(change.before)
    _run(
        "INSERT INTO {table} SELECT * FROM jsonb_populate_record(null::{table}, %s)", change, [row]
    )


def _set_back(change: Change) -> None:
    before = change.before or {}
    _refuse_if_changed(change, change.after or {})
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in before)
    query = sql.SQL(
        "UPDATE {table} SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(null::{table}, %s)) "
        "WHERE id = %s"
    )
    if len(before) == 1:  # PostgreSQL wants ROW() around a single column
        query = sql.SQL(
            "UPDATE {table} SET {columns} = (SELECT {columns} FROM jsonb_populate_record(null::{table}, %s)) "
            "WHERE id = %s"
        )
    table = sql.Identifier(change.table)
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(table=table, columns=columns),  # type: ignore[arg-type]
            [json.dumps(before), change.row_id],
        )


def _refuse_if_changed(change: Change, expected: dict[str, Any]) -> None:
    """HistoryError where the row is gone or no longer says what is expected in the recorded columns."""
    row = _present(change)
    if row is None:
        raise HistoryError(
            f"{_named(change)} was removed since{_by_last(change)}; bring it back first."
        )
    derived = _derived(change.table)
    other = [n for n, value in expected.items() if n not in derived and row.get(n) != value]
    if other:
        raise HistoryError(
            f"{_named(change)} was changed since{_by_last(change)} ({', '.join(sorted(other))}); "
            "take that change back first."
        )


def _named(change: Change) -> str:
    return f"Row {change.row_id} of {change.table}"


def _by_last(change: Change) -> str:
    later = Change.objects.filter(table=change.table, row_id=change.row_id, pk__gt=change.pk)
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
    """Run a query on the change's table, which is one that is watched: its name came from a trigger."""
    statement = sql.SQL(query).format(table=sql.Identifier(change.table))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []
