"""Rows and checksum of each table, whatever the order of the rows.

The checksum is the sum of a number made of each row's text by MD5, which is the same on every server. It finds
what was lost, doubled or changed by accident; it is no seal against forgery.
"""

from collections.abc import Callable

import psycopg
from psycopg import sql

from apps.core.backup.container import Table

# A row's text depends on these.
SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
_TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname
"""
_SUM = """
SELECT count(*), coalesce(sum(('x' || left(md5(a_row::text), 16))::bit(64)::bigint::numeric), 0)::text
FROM public.{} a_row
"""


def tables(connection: psycopg.Connection) -> list[str]:
    """Return the names of the product's tables, those of extensions left out."""
    return [name for (name,) in connection.execute(_TABLES)]


def of_all(
    connection: psycopg.Connection, names: list[str], done: Callable[[], object]
) -> dict[str, Table]:
    """Count and sum tables in the connection's transaction, calling `done` after each."""
    for setting in SETTINGS:
        connection.execute(setting)
    found = {}
    for name in names:
        row = connection.execute(sql.SQL(_SUM).format(sql.Identifier(name))).fetchone()
        assert row is not None  # noqa: S101 (an aggregate answers with one row)
        found[name] = Table(*row)
        done()
    return found


def as_check(expected: dict[str, Table]) -> str:
    """Return SQL that fails, naming the table, where one does not hold what is expected."""
    lines = [f"{setting};" for setting in SETTINGS]
    for name, table in expected.items():
        differs = sql.SQL(
            "DO $check$ BEGIN IF NOT EXISTS (SELECT FROM ({found}) AS found (counted, total) "
            "WHERE counted = {rows} AND total = {total}) THEN "
            "RAISE EXCEPTION 'the table % does not hold what the backup holds', {name}; END IF; END $check$;"
        ).format(
            found=sql.SQL(_SUM).format(sql.Identifier(name)),
            rows=sql.Literal(table.rows),
            total=sql.Literal(table.sum),
            name=sql.Literal(name),
        )
        lines.append(differs.as_string(None))
    return "\n".join(lines) + "\n"
