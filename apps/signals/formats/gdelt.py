"""GDELT 2.0 event exports: 61 cells a line, tab-separated, without a head.

Source: the GDELT Event Codebook V2.0 (19 Feb 2015). An event's day is the one that GDELT worked out from the
article, its known time the quarter of an hour in which GDELT saw it.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from apps.signals.formats import cameo
from apps.signals.formats.row import (
    FIRST_YEAR,
    LAST_YEAR,
    BadRowError,
    Format,
    Named,
    Row,
    Where,
    cut,
    placed,
)

CELLS: Final = 61
(_ID, _DAY, _CODE_1, _NAME_1, _CODE_2, _NAME_2, _EVENT, _MENTIONS) = (0, 1, 5, 6, 15, 16, 26, 31)
(_GEO_TYPE, _GEO, _FEATURE, _LAT, _LON, _ADDED, _URL) = (51, 52, 58, 56, 57, 59, 60)
_WORD = re.compile(r"[^\W\d_]{3,}")


def _reader(head: list[str]) -> Callable[[list[str]], Row]:
    return read


def read(cells: list[str]) -> Row:
    """Return what a line says; UnclassedError where PLOVER has no class for its code."""
    if len(cells) != CELLS:
        raise BadRowError(f"It has {len(cells)} cells; a line of GDELT 2.0 has {CELLS}.")
    if not cells[_ID].isdigit():
        raise BadRowError(f"GLOBALEVENTID is no number: {cells[_ID][:40]!r}.")
    kind = cameo.kind(cells[_EVENT])
    day = _day(cells[_DAY])
    where = _where(cells)
    url = cells[_URL][:2000]
    names = (cells[_NAME_1], cells[_NAME_2], where.name if where else "", _words(url))
    mentions = cells[_MENTIONS]
    return Row(
        cells[_ID],
        day,
        day,
        "day",
        _added(cells[_ADDED]),
        kind,
        cells[_EVENT],
        _party(cells[_CODE_1], cells[_NAME_1]),
        _party(cells[_CODE_2], cells[_NAME_2]),
        where,
        int(mentions) if mentions.isdigit() else 1,
        cut(", ".join(filter(None, names))),
        url,
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    try:
        found = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise BadRowError(f"SQLDATE is no day: {text[:40]!r}.") from None
    if len(text) != 8 or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadRowError(f"SQLDATE is no day: {text[:40]!r}.")
    return found


@lru_cache(maxsize=4096)
def _added(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise BadRowError(f"DATEADDED is no time: {text[:40]!r}.") from None


@lru_cache(maxsize=65536)
def _party(code: str, name: str) -> Named | None:
    return Named(cut(code)[:60], cut(name)[:200]) if code else None


def _where(cells: list[str]) -> Where | None:
    if cells[_GEO_TYPE] in ("", "0") or not cells[_GEO]:
        return None
    return _spot(cells[_GEO], cells[_FEATURE], cells[_LAT], cells[_LON])


@lru_cache(maxsize=65536)
def _spot(name: str, feature: str, lat: str, lon: str) -> Where:
    words = cut(name)[:200]
    key = cut(feature)[:60] or words[:60]
    return Where(key, words, words.rpartition(",")[2].strip(), *placed(lat, lon))


@lru_cache(maxsize=65536)
def _words(url: str) -> str:
    """Return the words in an address's path: headlines often stand there."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    return " ".join(_WORD.findall(path))


FORMAT: Final = Format(separator="\t", quoted=False, headed=False, reader=_reader)
