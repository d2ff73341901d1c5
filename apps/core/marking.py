"""Text with highlighted runs: overlapping spans become properly nested marks. Plain values in and out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

# A removed run at a paragraph's edge that is shorter stays in it, struck through: an entity, a stray quote.
SHORT = 8
PARAGRAPH_BREAK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of the text to be shown as `kind`; characters `start` to `end`, exclusive.

    `label` says in words what it is; `anchor` becomes the id of the run's first piece; `refs` are the
    numbers of the notes that follow its last piece.
    """

    start: int
    end: int
    kind: str
    label: str = ""
    anchor: str = ""
    refs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """One step of the output: a mark opens, a mark closes, or text stands.

    A mark that had to be cut (it crosses another one, or a paragraph's end) opens several times: only
    the first piece is `first`, only the last one `last`.
    """

    step: Literal["open", "close", "text"]
    text: str = ""
    mark: Mark | None = None
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the text, or a run of paragraphs that was removed as boilerplate."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    removed: bool = False
    why: str = ""


def nest(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of `text[start:end]`; marks are clipped to it, empty ones dropped.

    The texts of the tokens joined are exactly `text[start:end]`; opens and closes are balanced and
    never cross: where two marks cross, the inner one is closed and opened again.
    """
    stop = len(text) if end is None else min(end, len(text))
    inside = [m for m in marks if max(m.start, start) < min(m.end, stop)]
    inside.sort(key=lambda m: (m.start, -m.end, m.kind, m.label))
    cuts = sorted({start, stop, *(_clip(x, start, stop) for m in inside for x in (m.start, m.end))})
    tokens: list[Token] = []
    stack: list[Mark] = []
    for at, following in zip(cuts, [*cuts[1:], stop], strict=True):
        tokens += _closing(stack, at, stop)
        for mark in (m for m in inside if m.start <= at < min(m.end, stop) and m not in stack):
            stack.append(mark)
            tokens.append(Token("open", mark=mark, first=at == mark.start))
        if following > at:
            tokens.append(Token("text", text=text[at:following]))
    return tokens


def _clip(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


def _closing(stack: list[Mark], at: int, stop: int) -> Iterator[Token]:
    """Close every mark that ends at `at`, with those that stand inside it (they will open again)."""
    ending = [i for i, mark in enumerate(stack) if min(mark.end, stop) <= at]
    if not ending:
        return
    while len(stack) > ending[0]:
        mark = stack.pop()
        yield Token("close", mark=mark, last=mark.end <= at)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every paragraph: what stands between line breaks, blank edges left out."""
    found, at = [], 0
    for gap in PARAGRAPH_BREAK.finditer(text):
        if gap.start() > at:
            found.append((at, gap.start()))
        at = gap.end()
    if text[at:].strip():
        found.append((at, len(text)))
    return [(start, end) for start, end in found if text[start:end].strip()]


def blocks(text: str, marks: Iterable[Mark], removed: Sequence[Mark] = ()) -> list[Block]:
    """Return the text as paragraphs of nested marks.

    What `removed` covers at a paragraph's edge, or of it whole, becomes a removed block (neighbours in
    one, if removed for the same reason); a removed run that is short or stands in the midst of a paragraph
    stays there as a mark.
    Nothing that an "evidence" mark touches is hidden.
    """
    trimmed = [m for m in (_trimmed(text, mark) for mark in marks) if m.end > m.start]
    evidence = [m for m in trimmed if m.kind == "evidence"]
    hidden = [r for r in removed if not any(r.start < m.end and m.start < r.end for m in evidence)]
    found: list[Block] = []
    for start, end in paragraphs(text):
        whole = any(r.start <= start and end <= r.end for r in hidden)
        long = hidden if whole else [r for r in hidden if r.end - r.start >= SHORT]
        for piece_start, piece_end, cover in _pieces(text, start, end, long):
            if cover is None:
                tokens = nest(text, [*trimmed, *removed], piece_start, piece_end)
                found.append(Block(piece_start, piece_end, tuple(tokens)))
                continue
            if found and found[-1].removed and found[-1].why == cover.label:
                piece_start = found.pop().start
            plain = (Token("text", text=text[piece_start:piece_end]),)
            found.append(Block(piece_start, piece_end, plain, removed=True, why=cover.label))
    return found


def _trimmed(text: str, mark: Mark) -> Mark:
    """Return the mark without blank edges, so that its ends lie inside paragraphs."""
    run = text[mark.start : mark.end]
    start = mark.start + len(run) - len(run.lstrip())
    return replace(mark, start=start, end=max(start, mark.start + len(run.rstrip())))


def _pieces(
    text: str, start: int, end: int, hidden: Sequence[Mark]
) -> list[tuple[int, int, Mark | None]]:
    """Cut a paragraph into what was removed at its front, what stays, and what was removed at its end."""
    front: list[tuple[int, int, Mark | None]] = []
    back: list[tuple[int, int, Mark | None]] = []
    while start < end and (cover := _covering(hidden, start)):
        cut = min(cover.end, end)
        front.append((start, cut, cover))
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    while start < end and (cover := _covering(hidden, end - 1)):
        cut = max(cover.start, start)
        back.insert(0, (cut, end, cover))
        end = start + len(text[start:cut].rstrip())
    return [*front, *([(start, end, None)] if end > start else []), *back]


def _covering(marks: Sequence[Mark], at: int) -> Mark | None:
    return next((m for m in marks if m.start <= at < m.end), None)


def context(text: str, start: int, end: int, width: int = 180) -> tuple[str, str]:
    """Return up to `width` characters before and after a run, whole words of the same paragraph."""
    before = text[max(0, start - width) : start]
    if "\n" in before:
        before = before.rsplit("\n", 1)[1]
    elif start > width and not before[:1].isspace():
        before = "… " + before.partition(" ")[2]
    after = text[end : end + width]
    if "\n" in after:
        after = after.split("\n", 1)[0]
    elif end + width < len(text):
        after = after.rpartition(" ")[0] + " …"
    return before, after
