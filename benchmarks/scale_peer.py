"""DuckDB with the same signals: what a scan of all rows by a fast column store takes for the same question."""

from pathlib import Path
from typing import Any

import duckdb
from django.db import connection
from django.db.models import BooleanField, Case, CharField, Q, Value, When

from apps.signals.models import Signal
from apps.timelines.queries.scope import Scope
from apps.timelines.queries.signal_layer import SIGNALS

COLUMNS = ("id", "start", "kind", "source", "known_at", "salience", "text")


def load(scope: Scope, actors: dict[str, Q], folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a database in memory with every signal; a column each for the scope, the lane and each actor.

    What belongs where is worked out beforehand: the peer answers by a scan of ready columns.
    """
    lanes = [
        When(SIGNALS.among(scope, "lane", [lane.slug]), then=Value(lane.slug))
        for lane in scope.lanes
    ]
    inside = SIGNALS.acting(scope, scope.actors) | SIGNALS.placed(scope, scope.places)
    made: dict[str, Any] = {"inside": _told(inside)}
    made["lane"] = Case(*lanes, default=Value("other"), output_field=CharField())
    made |= {name: _told(condition) for name, condition in actors.items()}
    rows = Signal.objects.order_by().annotate(**made).values(*COLUMNS, *made)
    sql, given = rows.query.sql_with_params()
    file = folder / "signals.csv"
    told = f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)"
    with connection.cursor() as cursor, file.open("wb") as out, cursor.copy(told, given) as copy:
        for block in copy:
            out.write(block)
    peer = duckdb.connect()
    peer.execute(f"CREATE TABLE signal AS SELECT * FROM read_csv('{file}', header = true)")  # noqa: S608
    file.unlink()
    return peer


def _told(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
