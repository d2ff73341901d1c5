"""The words of time expressions as tables and as pieces of patterns."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent / "data" / "time_words.yaml"
_DIGITS = re.compile(r"\d+")


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def values(kind: str) -> dict[str, int]:
    """Word -> value of the months, weekdays, numbers, ordinals, seasons or holidays."""
    return {word: int(value) for value, words in _table()[kind].items() for word in words}


@cache
def listed(kind: str) -> tuple[str, ...]:
    """The words of a list."""
    return tuple(_table()[kind])


@cache
def moving() -> dict[str, tuple[int, int, int]]:
    """Holiday -> month, weekday and which of these weekdays of the month it is."""
    return {word: (m, w, n) for word, (m, w, n) in _table()["moving_holidays"].items()}


@cache
def happenings() -> dict[str, dict[str, list[str]]]:
    """Kind of happening -> its nouns, and the verbs that tell it."""
    found: dict[str, dict[str, list[str]]] = _table()["happenings"]
    return found


@cache
def remembered() -> dict[tuple[int, int], tuple[int, frozenset[str]]]:
    """Month and day -> the year that they stand for, and the words that follow them then."""
    return {
        (day // 100 % 100, day % 100): (day // 10000, frozenset(listed))
        for day, listed in _table()["remembered"].items()
    }


def any_of(words: list[str] | tuple[str, ...]) -> str:
    """A pattern for any of the words, the longest first; a space stands for any white space."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


def capitalised(kind: str, stop: str = "?") -> str:
    """A pattern for the words as names: "January", "JANUARY", "Jan."; with `stop` "" the dot is needed."""
    full = [word for word in values(kind) if len(word) > 4 or word in ("may", "june", "july")]
    short = [word for word in values(kind) if word not in full]
    return rf"(?:(?:{any_of(_as_names(full))})\b|(?:{any_of(_as_names(short))})\b\.{stop})"


def _as_names(words: list[str]) -> list[str]:
    return [form for word in words for form in (word.capitalize(), word.upper())]


@cache
def number_pattern() -> str:
    """A pattern for a count: digits or number words ("two", "twenty-one", "a couple of")."""
    words = any_of(list(values("numbers")))
    return rf"(?:\d{{1,3}}|(?:{words})(?:[\s-]+(?:{words}))?)"


def number(text: str) -> int | None:
    """The value of a count; None where it is none."""
    text = " ".join(text.lower().replace("-", " ").split())
    if _DIGITS.fullmatch(text):
        return int(text)
    table = values("numbers")
    if text in table:
        return table[text]
    tens, _, ones = text.partition(" ")
    if tens in table and ones in table and table[ones] < 10 <= table[tens]:
        return table[tens] + table[ones]
    return None


def month(text: str) -> int:
    """1 to 12."""
    return values("months")[text.lower().rstrip(".")]


def weekday(text: str) -> int:
    """0 for Monday to 6."""
    return values("weekdays")[text.lower().rstrip(".")]


def day_number(text: str) -> int:
    """The day of the month of "3", "3rd" or "third"."""
    digits = _DIGITS.match(text)
    return int(digits[0]) if digits else values("ordinals")[text.lower()]
