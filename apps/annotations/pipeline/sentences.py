"""Sentences of a text, by rule: abbreviations, initials, quotes, wrong line breaks, misplaced full stops."""

import re
from collections.abc import Iterator
from functools import cache

from apps.annotations.pipeline import clean, data_files
from apps.annotations.pipeline.types import Removed, Span

LONGEST = 2000  # characters of a sentence; longer runs are cut at a space, so that later stages stay bounded
_WRAPPED_LINE = 50  # a line shorter than this is a heading or a list item, not a wrapped line

_STOP = re.compile(
    r"[.!?…]+[\"”’»')\]]*(?=\s|$)|(?<=[a-z]{2})[.!?](?=[A-Z“\"][a-z])|[.!?][”\"](?=[A-Z])"
)
_BREAK = re.compile(r"\n(?:[ \t\r]*\n)*[ \t\r]*")
_LAST_WORD = re.compile(r"[\w.’'-]+$")
_STARTER = re.compile(
    r"[\s\"“‘«(]*(?:The|A|An|In|On|At|He|She|It|They|We|I|But|And|This|That|These|Those|Meanwhile|However|His|"
    r"Her|Its|Their|There|After|Before|When|While|If|As|For|Also|Earlier|Later|No|Some|Two|Three)\b"
)


def split(text: str, removed: tuple[Removed, ...] | list[Removed] = ()) -> list[Span]:
    """Return the sentences of `text` in order, without removed runs and white space at their edges."""
    clear = clean.blanked(text, list(removed))
    found: list[Span] = []
    for start, end in _paragraphs(clear):
        for piece in _in_paragraph(clear, start, end):
            found.extend(_bounded(clear, piece))
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Runs between paragraph breaks; a single line break inside a wrapped sentence is none."""
    start = line = 0
    for match in _BREAK.finditer(text):
        if match[0].count("\n") == 1 and _wrapped(text, line, match.start(), match.end()):
            line = match.end()
            continue
        yield start, match.start()
        start = line = match.end()
    yield start, len(text)


def _wrapped(text: str, line: int, end: int, following: int) -> bool:
    """Tell whether the line that ends at `end` goes on at `following`."""
    before, after = text[line:end].rstrip(), text[following : following + 1]
    if not before:
        return False
    if after.islower():
        return before[-1] not in "!?:"
    return len(before) >= _WRAPPED_LINE and before[-1] not in ".!?:…\"”’'"


def _in_paragraph(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for match in _STOP.finditer(text, start, end):
        if match.end() < end and _ends(text, match, at, end):
            yield Span(at, match.end())
            at = match.end()
    yield Span(at, end)


def _ends(text: str, stop: re.Match[str], start: int, end: int) -> bool:
    """Tell whether the stop ends a sentence, from the words around it."""
    after = text[stop.end() : min(stop.end() + 40, end)]
    following = after.lstrip()
    if not following or not following.lstrip('"“‘«([-–—•').strip():
        return False
    first = following.lstrip('"“‘«([ ')[:1]
    if first.islower() or following[0] in ",;:)]”’»%" or first in ",;:":
        return False
    if stop[0] == "." or (stop[0][0] == "." and len(stop[0].rstrip("\"”’»')]")) == 1):
        return _plain_stop_ends(text[max(start, stop.start() - 24) : stop.start()], following)
    return True


def _plain_stop_ends(before: str, following: str) -> bool:
    """A single full stop: not after a title, an initial or an abbreviation that goes on."""
    match = _LAST_WORD.search(before)
    if not match:
        return True
    word = match[0].lower().lstrip("'’-")
    titles, either = _abbreviations()
    if word in titles:
        return word == "no" and bool(_STARTER.match(following))
    if word in either or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return bool(_STARTER.match(following))
    is_initial = len(word) == 1 and match[0].isupper() and match[0] != "I"
    return not is_initial


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str]]:
    groups: dict[str, set[str]] = {"title": set(), "either": set()}
    for line in data_files.lines("abbreviations.txt"):
        kind, _, listed = line.partition(":")
        groups[kind] |= set(listed.split())
    return frozenset(groups["title"]), frozenset(groups["either"])


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """The run without white space at its edges, cut where it is longer than a sentence can be."""
    start, end = span.start, span.end
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        cut = end
        if end - start > LONGEST:
            space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            cut = space if space > start else start + LONGEST
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start and any(c.isalnum() for c in text[start:stop]):
            yield Span(start, stop)
        start = cut
