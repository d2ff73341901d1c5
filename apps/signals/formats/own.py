"""Our own CSV: a head, and of its columns `id`, `date` (or `start` and `end`) and a class at least.

| column | what stands in it |
|---|---|
| id | what tells the line from others of its source |
| date, or start and end | ISO 8601 |
| precision | day, week, month or year; with `date` alone, the day stands for its week, month or year |
| type, mode, or cameo | a class of PLOVER, or a CAMEO code |
| initiator, target | an actor's slug, name or code |
| place, country, lat, lon | a place's slug or name, its country's name, degrees |
| known_at | ISO 8601, UTC where no zone is given; unset: when the event was over |
| mentions | how many reports it was read from |
| text, url | words to search, and where to read it |
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

from apps.core import plover
from apps.signals.formats import cameo
from apps.signals.formats.row import (
    KIND_OF,
    BadRowError,
    Format,
    Named,
    Row,
    Where,
    around,
    cut,
    day,
    kind_of,
    placed,
    told_after,
)

COLUMNS: Final = (
    *("id", "date", "start", "end", "precision", "type", "mode", "cameo", "initiator", "target"),
    *("place", "country", "lat", "lon", "known_at", "mentions", "text", "url"),
)
_PRECISIONS: Final = ("day", "week", "month", "year")


def _reader(head: list[str]) -> Callable[[list[str]], Row]:
    """Return what reads a line of a file with this head."""
    names = [name.strip().lower() for name in head]
    _check(names)

    def read(cells: list[str]) -> Row:
        if len(cells) != len(names):
            raise BadRowError(f"It has {len(cells)} cells, its head {len(names)}.")
        return _row(dict(zip(names, map(str.strip, cells), strict=True)))

    return read


def _check(names: list[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        told = ", ".join(name[:40] or "(empty)" for name in unknown)
        raise BadRowError(f"No column is called {told}; there are: {', '.join(COLUMNS)}.")
    if len(names) != len(set(names)):
        raise BadRowError("A column stands twice in the head.")
    if "id" not in names or not ({"date"} <= {*names} or {"start", "end"} <= {*names}):
        raise BadRowError("The head needs id, and date or start and end.")
    if "type" not in names and "cameo" not in names:
        raise BadRowError("The head needs type (a class of PLOVER) or cameo.")


def _row(line: dict[str, str]) -> Row:
    if not line["id"]:
        raise BadRowError("It has no id.")
    start, end, precision = _days(line)
    kind, code = _class(line)
    mentions = line.get("mentions", "") or "1"
    if not mentions.isdigit() or len(mentions) > 9:
        raise BadRowError(f"mentions is no whole number: {mentions[:40]!r}.")
    return Row(
        line["id"][:60],
        start,
        end,
        precision,
        _known(line.get("known_at", "")) or told_after(end),
        kind,
        code,
        _party(line.get("initiator", "")),
        _party(line.get("target", "")),
        _where(line),
        max(int(mentions), 1),
        cut(line.get("text", "")),
        line.get("url", "")[:2000],
    )


def _days(line: dict[str, str]) -> tuple[date, date, str]:
    precision = line.get("precision", "").lower() or "day"
    if precision not in _PRECISIONS:
        raise BadRowError(f"precision is one of {', '.join(_PRECISIONS)}, not {precision[:20]!r}.")
    if line.get("date"):
        return *around(day(line["date"], "date"), precision), precision
    start, end = day(line.get("start", ""), "start"), day(line.get("end", ""), "end")
    if end < start:
        raise BadRowError(f"It ends on {end}, before it begins on {start}.")
    return start, end, precision


def _class(line: dict[str, str]) -> tuple[int, str]:
    if code := line.get("cameo", ""):
        return cameo.kind(code), code[:60]
    type_, mode = line["type"].upper(), line.get("mode", "").lower()
    if type_ not in plover.QUAD:
        raise BadRowError(
            f"No class of PLOVER is called {type_[:20]!r}; there are: {', '.join(plover.TYPES)}."
        )
    if (type_, mode) not in KIND_OF:
        raise BadRowError(f"{type_} has no mode {mode[:20]!r}.")
    return kind_of(type_, mode), f"{type_} {mode}".strip()


def _known(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadRowError(f"known_at is no time in ISO 8601: {text[:40]!r}.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _party(name: str) -> Named | None:
    words = cut(name)
    return Named(words[:60].lower(), words[:200]) if words else None


def _where(line: dict[str, str]) -> Where | None:
    name = cut(line.get("place", ""))[:200]
    if not name:
        return None
    north, east = placed(line.get("lat", ""), line.get("lon", ""))
    country = cut(line.get("country", ""))
    return Where(f"{name}/{country}".lower()[:60], name, country, north, east)


FORMAT: Final = Format(separator=",", quoted=True, headed=True, reader=_reader)
