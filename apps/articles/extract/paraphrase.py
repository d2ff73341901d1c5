"""Texts that a program rewrote so that nobody sees whence they were taken.

Two kinds of marks are counted. Tortured phrases (Cabanac, Labbé and Magazinov, 2021): set phrases of which a
program replaced a word by a synonym that nobody uses there (data/tortured_phrases.tsv). And traces of taking
sentences apart and together again: points before commas, sentences that begin small, quotation marks on the
wrong side of a space. Every text has one of these now and then; a rewritten one has several kinds.
"""

import re
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "tortured_phrases.tsv"
_PHRASES = 3  # different ones, that mark a text alone ...
_TRACES = 3  # ... kinds of traces, that mark it beside one phrase
_SHOWN = 6
_AROUND = 18  # characters shown on either side of a trace
_WORD = re.compile(r"[\w’'-]+")
_GAP = r"(?:[\w’'-]+ ){0,2}"
_TRACED = (
    ("a point before a comma", re.compile(r"[a-z]\. ,")),
    ("a sentence that begins small", re.compile(r"(?<![.’'])\b[a-z]{5,}\. [a-z]{3,}\b(?!\.)")),
    ("a quotation mark on the wrong side", re.compile(r"[,.] ”(?=[a-zA-Z])|\w “(?=and |but )|[.,] “(?:\s|$)")),
    ("a broken entity", re.compile(r"(?<![\w&#])\d{1,4};[a-z]\b")),
    ("a compound taken apart", re.compile(r"\b[A-Z]\w+ [–-] (?:backed|led|run|based|controlled|aligned)\b")),
)  # fmt: skip


def note(text: str) -> str:
    """Return, in words, by what a text shows that a program rewrote it; "" where it does not."""
    phrases = tortured(text)
    traces = {name: found for name, form in _TRACED if (found := form.search(text))}
    if len(phrases) < _PHRASES and not (phrases and len(traces) >= _TRACES):
        return ""
    told = [f"“{found}” for “{meant}”" for found, meant in phrases[:_SHOWN]]
    told += [f"{name} (“{_around(text, found)}”)" for name, found in traces.items()]
    return "; ".join(told)


def tortured(text: str) -> list[tuple[str, str]]:
    """Return the tortured phrases of a text, each once, as (what stands there, what is meant)."""
    folded = " ".join(text.split())
    words = {word.lower() for word in _WORD.findall(folded)}
    found: dict[str, str] = {}
    for needed, form, meant in _table():
        if needed <= words and (match := form.search(folded)):
            found.setdefault(meant, match[0])
    return [(phrase, meant) for meant, phrase in found.items()]


@cache
def _table() -> list[tuple[frozenset[str], re.Pattern[str], str]]:
    """Phrases as (the words without which they cannot stand, their form, what is meant)."""
    rows = []
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        phrase, meant = line.split("\t")
        parts = phrase.split()
        spaced = "".join(_GAP if part == "*" else f"{re.escape(part)} " for part in parts).rstrip()
        form = re.compile(rf"\b{spaced}\b", re.IGNORECASE)
        rows.append((frozenset(part for part in parts if part != "*"), form, meant))
    return rows


def _around(text: str, found: re.Match[str]) -> str:
    start, end = max(found.start() - _AROUND, 0), found.end() + _AROUND
    return " ".join(text[start:end].split())
