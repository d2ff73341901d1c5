"""The events of a timeline as the index reads them (see tension.py)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Value

from apps.events.models import Event, EventQuerySet
from apps.timelines import tension

FIELDS = (
    *("pk", "public_id", "type", "mode", "start", "end", "precision", "confidence"),
    *("killed", "killed_low", "killed_high", "wounded", "wounded_low", "wounded_high"),
    *("rank", "soil", "denied"),
)

Row = dict[str, Any]
Otherwise = Mapping[
    int, Mapping[str, Any]
]  # values that stand in place of an event's own, by its pk
_NONE: Otherwise = {}


def readings(events: EventQuerySet, otherwise: Otherwise = _NONE) -> list[tension.Reading]:
    """Return `events` as readings, oldest first; one query."""
    rows = events.order_by("start", "public_id").values(*FIELDS)
    return [reading({**row, **otherwise.get(row["pk"], {})}) for row in rows]


def readings_of_each(
    sets: Sequence[EventQuerySet], otherwise: Otherwise = _NONE, clock: str = "updated_at"
) -> list[tuple[list[tension.Reading], datetime | None]]:
    """Return for each set of events its readings and its latest time by `clock`; one query for all."""
    numbered = [
        events.order_by().annotate(number=Value(n)).values("number", clock, *FIELDS)
        for n, events in enumerate(sets)
    ]
    if not numbered:
        return []
    found: list[list[Row]] = [[] for _ in sets]
    for row in numbered[0].union(*numbered[1:], all=True):
        found[row["number"]].append({**row, **otherwise.get(row["pk"], {})})
    return [
        ([reading(row) for row in rows], max((row[clock] for row in rows), default=None))
        for rows in found
    ]


def severity(found: tension.Reading) -> float:
    """Return the severity of an event as its column keeps it."""
    return round(tension.severity(found).total, 6)


def reading(row: Row) -> tension.Reading:
    """Return one event's values (the fields of `FIELDS`) as a reading."""
    return tension.Reading(
        key=row["public_id"],
        type=row["type"],
        mode=row["mode"],
        start=row["start"],
        end=row["end"],
        precise=row["precision"] == Event.Precision.DAY,
        confidence=row["confidence"],
        denied=row["denied"],
        toll=tension.Toll(_middle(row, "killed"), _middle(row, "wounded")),
        toll_low=tension.Toll(_edge(row, "killed", "low"), _edge(row, "wounded", "low")),
        toll_high=tension.Toll(_edge(row, "killed", "high"), _edge(row, "wounded", "high")),
        rank=row["rank"],
        soil=row["soil"],
    )


def _middle(row: Row, name: str) -> int:
    """The headline figure; half way between lowest and highest where no figure leads."""
    if row[name] is not None:
        return int(row[name])
    return ((row[f"{name}_low"] or 0) + (row[f"{name}_high"] or 0)) // 2


def _edge(row: Row, name: str, edge: str) -> int:
    value = row[f"{name}_{edge}"]
    return int(value) if value is not None else _middle(row, name)
