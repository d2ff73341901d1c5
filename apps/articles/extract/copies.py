"""How much of one text is copied from another: wordings of five words, those of quotations told apart.

Two reports of one speech share its sentences and are independent all the same; a copy shares what its writer
wrote. So a text's wordings lie in two heaps, prose and quotation, and copying is measured on the prose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import pairwise
from typing import Literal
from zlib import crc32

Kind = Literal["copy", "derived", "quote_only", "independent"]

WORDS = 5  # of a wording
COPY = 0.7  # of the longer text's prose: a copy, edited here and there
DERIVED = 0.2  # of the shorter text's prose: it takes over whole passages
# What one text says and the other quotes: mostly both quote a third; sometimes one quotes the other at length.
_SAID_AND_QUOTED = 0.25
_QUOTED = 0.1  # of the shorter text's quotations
_SHORT = 40  # wordings: a shorter text must be nearly the whole of the other
_SAMPLED = 16  # one wording in so many
_LEAST = 8

_WORD = re.compile(r"\w+")
_QUOTE = re.compile(r"[“”„«»\"]|‘(?=\w)|(?<=[\w.,!?…])’(?!\w)")
_OPENING = frozenset("“„«‘")
_CLOSING = frozenset("”»’")
_PARAGRAPHS = re.compile(r"\n+")
# A post of a network stands without quotation marks; its author's handle stands behind it.
_HANDLE = re.compile(r"[^\n]{0,60}\(@\w{1,20}\)")


@dataclass(frozen=True, slots=True)
class Wording:
    """The wordings of a text as 32-bit numbers (CRC-32 of five words in small letters)."""

    prose: frozenset[int]
    quoted: frozenset[int]
    sampled: tuple[int, ...]  # one in sixteen of all, in the order of the text


@lru_cache(maxsize=64)  # a new text is compared with several known ones, and signed
def wording(text: str) -> Wording:
    """Return the wordings of a text; one that is quoted anywhere in it counts as a quotation."""
    words: list[str] = []
    said = [0]  # how many of the words up to here are quoted
    for word, is_quoted in _words(text):
        words.append(word)
        said.append(said[-1] + is_quoted)
    runs = zip(*(words[i:] for i in range(WORDS)), strict=False)
    numbers = [crc32(" ".join(run).encode()) for run in runs]
    quoted = {n for i, n in enumerate(numbers) if (said[i + WORDS] - said[i]) * 2 > WORDS}
    sampled = dict.fromkeys(n for n in numbers if n % _SAMPLED == 0)
    return Wording(frozenset(numbers) - quoted, frozenset(quoted), tuple(sampled))


def copied_share(a: Wording, b: Wording) -> float:
    """Return how much of the shorter text's prose stands in the other text, 0 to 1; the same both ways.

    For a text of a few sentences: how much the two have in common of all that both say, because a single shared
    sentence fills much of it.
    """
    shorter = min(len(a.prose), len(b.prose))
    if not shorter:
        return 0.0
    common = _common(a, b)
    return min(common / (shorter if shorter >= _SHORT else len(a.prose | b.prose)), 1.0)


def kind(a: Wording, b: Wording) -> Kind:
    """Tell what two texts are to each other; a text of a few sentences is a copy or nothing."""
    share = copied_share(a, b)
    shorter, longer = sorted([len(a.prose), len(b.prose)])
    if share >= (DERIVED if shorter >= _SHORT else COPY):
        return "copy" if _common(a, b) >= COPY * longer else "derived"
    said = min(len(a.quoted), len(b.quoted))
    return "quote_only" if said and len(a.quoted & b.quoted) >= _QUOTED * said else "independent"


def is_copied(a: Wording, b: Wording) -> bool:
    """Tell whether two texts are of one lineage: one is a copy of the other, or takes over whole passages."""
    return kind(a, b) in {"copy", "derived"}


def marks(known: Wording) -> list[int]:
    """Return the marks by which a text is looked up, as signed 32-bit numbers in order.

    One wording in sixteen is sampled; which, depends on the wording alone, so that a passage has the same
    samples wherever it stands. A mark is two neighbours among them: common wordings are in thousands of texts,
    two of them in the same order only in copies. The eight smallest wordings of the prose (Broder's MinHash
    sketch, 1997) are paired too, for texts of a few sentences.
    """
    least = nsmallest(_LEAST, known.prose)
    pairs = {*pairwise(known.sampled), *pairwise(least)}
    return sorted(crc32(b"%d %d" % pair) - 2**31 for pair in pairs)


def _common(a: Wording, b: Wording) -> float:
    said_and_quoted = len(a.prose & b.quoted) + len(a.quoted & b.prose)
    return len(a.prose & b.prose) + _SAID_AND_QUOTED * said_and_quoted


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Words in small letters, each with whether it is quoted."""
    paragraphs = _PARAGRAPHS.split(text)
    for paragraph, after in zip(paragraphs, [*paragraphs[1:], ""], strict=True):
        is_post = bool(_HANDLE.search(paragraph) or _HANDLE.match(after))
        inside = iter(_quotations(paragraph))
        start, end = next(inside, (len(paragraph), len(paragraph)))
        for match in _WORD.finditer(paragraph):
            while match.start() >= end and end < len(paragraph):
                start, end = next(inside, (len(paragraph), len(paragraph)))
            yield match[0].lower(), is_post or start <= match.start() < end


def _quotations(paragraph: str) -> list[tuple[int, int]]:
    """Where quotations stand in a paragraph; one that is not closed goes to its end, to be carried on below."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for match in _QUOTE.finditer(paragraph):
        mark, at = match[0], match.start()
        if mark in _OPENING:
            start = at if start is None else start
        elif mark in _CLOSING and start is None:
            if mark != "’" and not found:
                found.append((0, at))  # it began in the paragraph before
        elif mark == '"' and start is None:
            start = at
        elif start is not None:
            found.append((start, at))
            start = None
    return found if start is None else [*found, (start, len(paragraph))]
