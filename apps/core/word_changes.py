"""Two texts side by side as one, word by word: what stayed, went, came and was moved. Plain.

Paragraphs are laid side by side first, then the words of those that differ, so that the time is bounded.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rapidfuzz.distance import LCSseq

SAME, GONE, NEW, MOVED = "same", "gone", "new", "moved"
_TOKEN = re.compile(r"\n| +|\w+(?:['’-]\w+)*|[^\w\s]")
# Beyond so many pairs the comparison would take seconds and hundreds of megabytes.
_MOST_PAIRS = 9_000_000
# Fewer words than these between two changes are no island worth reading: they join the change.
_ISLAND = 3
# What is moved must be long enough not to be the same by chance.
_LEAST_MOVED = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with one fate: `kind` is same, gone, new or moved (shown where they are now)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the newer text, or one that is gone from it."""

    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Tell whether anything in it did not stay."""
        return any(piece.kind != SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs that follow each other; `folded` ones stayed as they were, away from every change."""

    paragraphs: tuple[Paragraph, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many words are gone, new and moved."""

    gone: int
    new: int
    moved: int


def compare(old: str, new: str) -> list[Paragraph]:
    """Return the newer text with what is gone from the older one, in reading order."""
    before, after = _paragraphs(old), _paragraphs(new)
    away, here = _moved(before, after)
    keys = [_key(p) for p in before], [_key(p) for p in after]
    found: list[Paragraph] = []
    for equal, i, j in _hunks(*keys):
        if equal:
            found += [Paragraph((Piece(SAME, after[n]),)) for n in range(*j)]
            continue
        left = [before[n] for n in range(*i) if n not in away]
        for is_moved, numbers in groupby(range(*j), here.__contains__):
            texts = [after[n] for n in numbers]
            if is_moved:
                found += [Paragraph((Piece(MOVED, text),)) for text in texts]
            else:
                found += _within(left, texts)
                left = []
        found += _within(left, [])
    return _moved_pieces(found)


def passages(paragraphs: Sequence[Paragraph], beside: int = 1) -> list[Passage]:
    """Fold what stayed, but for `beside` paragraphs next to a change; two or fewer are not worth folding."""
    near = {
        n + step
        for n, paragraph in enumerate(paragraphs)
        if paragraph.changed
        for step in range(-beside, beside + 1)
    }
    found = []
    for shown, numbers in groupby(range(len(paragraphs)), near.__contains__):
        kept = tuple(paragraphs[n] for n in numbers)
        found.append(Passage(kept, folded=not shown and len(kept) > 1))
    return found


def count(paragraphs: Iterable[Paragraph]) -> Counts:
    """Count the words by what became of them."""
    sums = {GONE: 0, NEW: 0, MOVED: 0, SAME: 0}
    for paragraph in paragraphs:
        for piece in paragraph.pieces:
            sums[piece.kind] += len(_words(piece.text))
    return Counts(sums[GONE], sums[NEW], sums[MOVED])


def _paragraphs(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’-]\w+)*", text)


def _key(text: str) -> str:
    return " ".join(text.split())


def _hunks(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    """Yield (equal, range of old, range of new) in order; deletions and insertions that touch are one."""
    if len(before) * len(after) > _MOST_PAIRS:
        yield False, (0, len(before)), (0, len(after))
        return
    for equal, ops in groupby(LCSseq.opcodes(before, after), lambda op: op.tag == "equal"):
        run = list(ops)
        first, last = run[0], run[-1]
        yield equal, (first.src_start, last.src_end), (first.dest_start, last.dest_end)


def _moved(before: Sequence[str], after: Sequence[str]) -> tuple[set[int], set[int]]:
    """Return which paragraphs of both texts are the same at another place: they are neither gone nor new."""
    keys = [_key(p) for p in before], [_key(p) for p in after]
    left: dict[str, list[int]] = {}
    came: list[int] = []
    for equal, i, j in _hunks(*keys):
        if not equal:
            for n in range(*i):
                if len(_words(before[n])) >= _LEAST_MOVED:
                    left.setdefault(keys[0][n], []).append(n)
            came += range(*j)
    away, here = set(), set()
    for n in came:
        if rows := left.get(keys[1][n]):
            away.add(rows.pop(0))
            here.add(n)
    return away, here


def _within(before: Sequence[str], after: Sequence[str]) -> list[Paragraph]:
    """Lay paragraphs side by side, sentence by sentence and then word by word."""
    pieces: list[Piece] = []
    old, new = _sentences(before), _sentences(after)
    for equal, i, j in _hunks(old, new):
        if equal:
            pieces.append(Piece(SAME, "".join(new[slice(*j)])))
        else:
            pieces += _words_of(old[slice(*i)], new[slice(*j)])
    return _broken(_without_islands(pieces))


def _sentences(paragraphs: Sequence[str]) -> list[str]:
    """The sentences, whose last of a paragraph ends with a break: joined, they are the text."""
    return [part for p in paragraphs for part in re.split(r"(?<=[.!?؟۔])(?= )", f"{p}\n")]


def _words_of(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    """Lay sentences side by side word by word; very many are halved: the time stays bounded."""
    old, new = _tokens(before), _tokens(after)
    if len(old) * len(new) > _MOST_PAIRS and min(len(before), len(after)) > 1:
        i, j = len(before) // 2, len(after) // 2
        yield from _words_of(before[:i], after[:j])
        yield from _words_of(before[i:], after[j:])
        return
    for equal, i_, j_ in _hunks(old, new):
        gone, came = "".join(old[slice(*i_)]), "".join(new[slice(*j_)])
        yield from [Piece(SAME, came)] if equal else _both(gone, came)


def _tokens(sentences: Sequence[str]) -> list[str]:
    return _TOKEN.findall("".join(sentences))


def _without_islands(pieces: Sequence[Piece]) -> list[Piece]:
    """Join changes that a word or two stand between, into one that can be read."""
    found: list[Piece] = []
    gone = came = ""
    for n, piece in enumerate(pieces):
        inside = 0 < n < len(pieces) - 1 and "\n" not in piece.text and bool(gone or came)
        if piece.kind == GONE:
            gone += piece.text
        elif piece.kind == NEW:
            came += piece.text
        elif inside and len(_words(piece.text)) < _ISLAND and gone and came:
            gone, came = gone + piece.text, came + piece.text
        else:
            found += _both(gone, came)
            gone = came = ""
            found.append(piece)
    return [*found, *_both(gone, came)]


def _both(gone: str, came: str) -> list[Piece]:
    """What went and what came instead."""
    return [Piece(kind, text) for kind, text in ((GONE, gone), (NEW, came)) if text]


def _broken(pieces: Sequence[Piece]) -> list[Paragraph]:
    """Break the stream of pieces where it has a line's end; what is gone alone makes no empty paragraph."""
    found: list[Paragraph] = []
    line: list[Piece] = []
    for piece in pieces:
        *whole, rest = piece.text.split("\n")
        for text in whole:
            if text:
                line.append(replace(piece, text=text))
            if line:
                found.append(Paragraph(tuple(line)))
            line = []
        if rest:
            line.append(replace(piece, text=rest))
    return [*found, Paragraph(tuple(line))] if line else found


def _moved_pieces(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Sentences that went at one place and came at another were moved: shown once, where they are now."""
    came: dict[str, int] = {}
    for piece in (piece for paragraph in paragraphs for piece in paragraph.pieces):
        if piece.kind == NEW and len(_words(piece.text)) >= _LEAST_MOVED:
            key = " ".join(_words(piece.text))
            came[key] = came.get(key, 0) + 1
    taken: dict[str, int] = {}
    found = []
    for paragraph in paragraphs:
        kept = []
        for piece in paragraph.pieces:
            key = " ".join(_words(piece.text))
            if piece.kind == GONE and taken.get(key, 0) < came.get(key, 0):
                taken[key] = taken.get(key, 0) + 1
            else:
                kept.append(piece)
        found.append(Paragraph(tuple(kept)))
    return [
        Paragraph(tuple(_as_moved(piece, taken) for piece in paragraph.pieces))
        for paragraph in found
        if paragraph.pieces
    ]


def _as_moved(piece: Piece, taken: dict[str, int]) -> Piece:
    key = " ".join(_words(piece.text))
    if piece.kind == NEW and taken.get(key, 0) > 0:
        taken[key] -= 1
        return replace(piece, kind=MOVED)
    return piece
