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


# Where a sentence ends: its mark, what closes with it, and the space before a letter that may begin one.
_END = re.compile(
    r"[.!?\u061f\u2026][\"'\u201d\u2019\u00bb)\]]*\s+(?=[\"'\u201c\u2018\u00ab(\[]*[^\Wa-z_])"
)
_ENDED = re.compile(r"[.!?\u061f\u2026][\"'\u201d\u2019\u00bb)\]]*$")
# A full stop that ends a word cut short, not a sentence.
_SHORT = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Sgt|Adm|Brig|Capt|Sen|Rep|Gov|St|No|vs|Jan|Feb|Mar|Apr"
    r"|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))\.$"
)
# A sentence may make the context so many times longer than was wished for.
_LONGEST = 3


def context(
    text: str, start: int, end: int, width: int = 180, cut: tuple[bool, bool] = (False, False)
) -> tuple[str, str]:
    """Return the text before and after a run in whole sentences, about `width` characters on either side.

    It ends with the run's paragraph. Where a sentence is too long, whole words of it stand beside an ellipsis;
    `cut` tells whether the text itself begins or ends in the middle of a paragraph.
    """
    before, after = text[:start], text[end:]
    if "\n" in before:
        before, cut = before.rsplit("\n", 1)[1], (False, cut[1])
    if "\n" in after:
        after, cut = after.split("\n", 1)[0], (cut[0], False)
    whole = bool(_ENDED.search(text[:end]))
    return _before(before, width, cut[0]), _after(after, width, cut[1], whole)


def _before(text: str, width: int, cut: bool) -> str:
    begins = [len(text) - at for at in (*([] if cut else [0]), *_sentence_ends(text))]
    if _ENDED.search(text.rstrip()):
        begins.append(0)
    found = _fitting(begins, width)
    if found is not None:
        return text[len(text) - found :]
    return "\u2026 " + text[len(text) - width :].partition(" ")[2]


def _after(text: str, width: int, cut: bool, whole: bool) -> str:
    ends = [*([0] if whole else []), *_sentence_ends(text), *([] if cut else [len(text)])]
    found = _fitting(ends, width)
    if found is not None:
        return text[:found].rstrip() if found < len(text) else text
    return text[:width].rpartition(" ")[0] + " \u2026"


def _sentence_ends(text: str) -> list[int]:
    """Return where the sentences after the first begin."""
    return [
        found.end() for found in _END.finditer(text) if not _SHORT.search(text[: found.start() + 1])
    ]


def _fitting(lengths: Sequence[int], width: int) -> int | None:
    """Return the longest of the lengths within `width`, else the shortest that is not far beyond; else None."""
    within = [length for length in lengths if length <= width]
    beyond = [length for length in lengths if width < length <= _LONGEST * width]
    # Nothing at all is no context where a whole sentence stands beside the run.
    if not any(within) and beyond:
        return min(beyond)
    return max(within, default=None)
