"""ACLED exports: CSV with a head; one line an event. Source: the ACLED Codebook (2024), sub-event types.

Its actors carry no direction. A date of precision 2 stands for its week, of 3 for its month. `timestamp` is
when ACLED uploaded the line; a line that was corrected comes again under its id with a later one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from apps.signals.formats.row import (
    BadRowError,
    Format,
    Named,
    Row,
    UnclassedError,
    Where,
    around,
    cut,
    day,
    kind_of,
    placed,
    told_after,
)

_NEEDED: Final = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1")
# Sub-event type -> class of PLOVER. What ACLED calls "Other" has none.
_CLASSES: Final[dict[str, tuple[str, str]]] = {
    "armed clash": ("ASSAULT", ""),
    "government regains territory": ("ASSAULT", ""),
    "non-state actor overtakes territory": ("ASSAULT", ""),
    "chemical weapon": ("ASSAULT", "unconventional"),
    "air/drone strike": ("ASSAULT", "aerial"),
    "suicide bomb": ("ASSAULT", "suicide-attack"),
    "shelling/artillery/missile attack": ("ASSAULT", "heavy-weapons"),
    "remote explosive/landmine/ied": ("ASSAULT", "explosives"),
    "grenade": ("ASSAULT", "explosives"),
    "sexual violence": ("ASSAULT", "sexual"),
    "attack": ("ASSAULT", ""),
    "abduction/forced disappearance": ("ASSAULT", "abduct"),
    "excessive force against protesters": ("ASSAULT", "crowd-control"),
    "looting/property destruction": ("ASSAULT", "destroy"),
    "peaceful protest": ("PROTEST", "demo"),
    "protest with intervention": ("PROTEST", "demo"),
    "violent demonstration": ("PROTEST", "riot"),
    "mob violence": ("PROTEST", "riot"),
    "arrests": ("COERCE", "arrest"),
    "disrupted weapons use": ("COERCE", "seize"),
    "agreement": ("AGREE", ""),
    "non-violent transfer of territory": ("RETREAT", "withdraw"),
    "headquarters or base established": ("MOBILIZE", "troops"),
    "change to group/activity": ("MOBILIZE", ""),
}
_PRECISIONS: Final = {"": "day", "1": "day", "2": "week", "3": "month"}


def _reader(head: list[str]) -> Callable[[list[str]], Row]:
    """Return what reads a line of a file with this head."""
    names = [name.strip().lower() for name in head]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise BadRowError(f"The head of an ACLED export has no {', '.join(missing)}.")

    def read(cells: list[str]) -> Row:
        if len(cells) != len(names):
            raise BadRowError(f"It has {len(cells)} cells, its head {len(names)}.")
        return _row(dict(zip(names, map(str.strip, cells), strict=True)))

    return read


def _row(line: dict[str, str]) -> Row:
    if not line["event_id_cnty"]:
        raise BadRowError("It has no event_id_cnty.")
    precision = _PRECISIONS.get(line.get("time_precision", ""))
    if precision is None:
        raise BadRowError(f"time_precision is 1, 2 or 3, not {line['time_precision'][:20]!r}.")
    start, end = around(day(line["event_date"], "event_date"), precision)
    sub = line["sub_event_type"].lower()
    if sub not in _CLASSES:
        raise UnclassedError(f"PLOVER has no class for {line['sub_event_type'][:60]!r}.")
    where = _where(line)
    return Row(
        line["event_id_cnty"][:60],
        start,
        end,
        precision,
        _uploaded(line.get("timestamp", "")) or told_after(end),
        kind_of(*_CLASSES[sub]),
        line["sub_event_type"][:60],
        _party(line["actor1"]),
        _party(line.get("actor2", "")),
        where,
        1,
        cut(line.get("notes", "") or line["sub_event_type"]),
        "",
    )


def _party(name: str) -> Named | None:
    words = cut(name)
    return Named(words[:60].lower(), words[:200]) if words else None


def _where(line: dict[str, str]) -> Where | None:
    name = cut(line.get("location", ""))[:200]
    if not name:
        return None
    north, east = placed(line.get("latitude", ""), line.get("longitude", ""))
    country = cut(line.get("country", ""))
    key = f"{name}/{line.get('admin1', '')}/{country}".lower()[:60]
    return Where(key, name, country, north, east)


def _uploaded(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadRowError(f"timestamp is no time: {text[:40]!r}.") from None


FORMAT: Final = Format(separator=",", quoted=True, headed=True, reader=_reader)
