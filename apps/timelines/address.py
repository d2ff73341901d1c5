"""Values of a timeline's address, read one by one. Plain: values in, values out.

Each function adds a sentence to `faults` for what it had to leave out.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, Protocol

from apps.timelines import filter_words

LONGEST_TEXT: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOTHING: Final[Mapping[str, str]] = {}


class Query(Protocol):
    """A parsed query string, as Django's QueryDict is one."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of `key`."""
        ...


def last(query: Query, key: str) -> str:
    """Return the last value of `key`, empty where there is none."""
    values = query.getlist(key)
    return values[-1].replace("\0", "").strip() if values else ""


def ticked(query: Query, key: str) -> bool:
    """Tell whether a box is ticked."""
    return last(query, key) in ("1", "on", "true")


def known(
    query: Query,
    key: str,
    values: Collection[str],
    faults: list[str],
    became: Mapping[str, str] = _NOTHING,
) -> tuple[str, ...]:
    """Return those of the values asked for that are known, each once; `became` says what old ones are now."""
    asked = dict.fromkeys(value.strip() for value in query.getlist(key) if value.strip())
    now = dict.fromkeys(value if value in values else became.get(value, value) for value in asked)
    faults += [filter_words.unknown(key, value) for value in now if value not in values]
    return tuple(value for value in now if value in values)


def one_of(query: Query, key: str, values: Collection[str], usual: str, faults: list[str]) -> str:
    """Return the value asked for where it is one of `values`, else the usual one."""
    asked = last(query, key)
    if asked and asked not in values:
        faults.append(filter_words.unknown(key, asked))
    return asked if asked in values else usual


def whole(query: Query, key: str, most: int, faults: list[str]) -> int:
    """Return a whole number from 1 to `most`, 0 where none is asked for."""
    asked = last(query, key)
    if asked in ("", "0"):
        return 0
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= most:
        return int(asked)
    faults.append(filter_words.not_whole(key, asked, most))
    return 0


def text(query: Query, faults: list[str]) -> str:
    """Return the words searched for, with single spaces."""
    # Control characters are in no text, and feeds that repeat the words may not hold them.
    asked = " ".join(_CONTROL.sub(" ", last(query, "q")).split())
    if len(asked) > LONGEST_TEXT:
        faults.append(filter_words.text_cut(LONGEST_TEXT))
    return asked[:LONGEST_TEXT].strip()


def page(query: Query, faults: list[str]) -> int:
    """Return the page of the list, from 1."""
    asked = last(query, "page")
    if asked in ("", "1"):
        return 1
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) < 100_000:
        return int(asked[:6])
    faults.append(filter_words.no_page(asked))
    return 1


def day(query: Query, key: str, faults: list[str]) -> date | None:
    """Return a day, written as 2020-01-31; None where none is asked for."""
    asked = last(query, key)
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        faults.append(filter_words.not_a_day(asked))
        return None


def day_within(query: Query, key: str, first: date, final: date, faults: list[str]) -> date | None:
    """Return a day from `first` to `final`; None where none is asked for."""
    asked = day(query, key, faults)
    if asked is not None and not first <= asked <= final:
        faults.append(filter_words.day_outside(asked, first, final))
        return None
    return asked
