"""Whether two readings of a page say the same, and how they differ. Plain: texts in, a verdict out.

White space, punctuation marks, ticking clocks, counts of shares, advertisements and boxes of links are not the
article: a text that differs in them alone was not changed.
"""

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import OSA, LCSseq

from apps.articles.extract.notices import CLOCK

_WORD = re.compile(r"\w+(?:['’]\w+)*|[%$€£?]")
_ENDS = re.compile(r"[.!?…。؟۔:;][\"'”’»)\]]*$")
_BULLET = re.compile(r"^\s*(?:[-*•–·]|\d{1,2}[.)])\s+\S")
# Lines that stand on pages beside the article, whole.
_BESIDE = re.compile(
    r"^\W*(?:(?:advertisement|ad|sponsored(?: content)?|promoted|share(?: this)?(?: article| story)?|save|"
    r"print|listen|"
    r"follow us.{0,60}|subscribe.{0,80}|sign up.{0,120}|newsletter.{0,60}|comments?|leave a comment|"
    r"copy link|facebook|twitter|whatsapp|telegram|e-?mail|linkedin|reddit)"
    r"|[\d.,]+\s*[km]?\s*(?:shares?|comments?|views?|likes?|reads?|retweets?|people (?:like|read).{0,20})"
    r"|(?:shares?|comments?|views?|likes?)\s*[:(]?\s*[\d.,]+\s*[km]?\)?"
    r"|[\d.,]+\s*(?:min|mins|minute|minutes)\s*(?:read)?)\W*$",
    re.IGNORECASE,
)
# What a box of links is headed by; one whole line, or a line that goes on with the link itself.
_BOX = re.compile(
    r"^\W*(?:related(?: (?:articles?|stor(?:y|ies)|news|topics?|links?|content|coverage))?|"
    r"read (?:more|also|next)|"
    r"see also|also read|more (?:on this(?: story)?|stories|news|from .{1,40})|most (?:read|viewed|popular)|"
    r"recommended(?: for you| stories)?|trending(?: now)?|you may (?:also )?like|don['’]t miss|"
    r"latest(?: news)?|"
    r"à lire aussi|lire aussi|mehr zum thema|lesen sie auch|lea también|leia também|читайте также|"
    r"بیشتر بخوانید|مطالب مرتبط|اقرأ أيضا|ilgili haberler)\b(?P<more>.{0,160})$",
    re.IGNORECASE,
)
_LOOSE_WORDS = 20
_LEAST_OF_LINK = 4
_NEGATIONS = frozenset(
    [
        *("no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "without"),
        *("denied", "denies", "deny", "cannot"),
    ]
)
_SMALL = frozenset(["a", "an", "the", "of", "to", "in", "on", "at", "and", "that", "also"])
# Beyond so many words on each side the longest common sequence would take seconds and hundreds of megabytes.
_MOST_WORDS = 20_000
_MOST_PAIRS = 40_000_000
# A text of which less than this is left, word for word from its beginning, is the beginning before a wall.
_LEFT_OF_WALL = 0.6
_TOLD_FIGURES = 3


def same(old: str, new: str) -> bool:
    """Tell whether nothing but what stands beside an article changed."""
    before, after = article_words(old), article_words(new)
    # Where nothing is left that is the article's own, every word counts.
    return old == new or (before == after and (bool(before) or words(old) == words(new)))


def article_words(text: str) -> list[str]:
    """Return the words of the article itself, case folded, without what stands on pages beside it."""
    return [word.casefold() for line in article_lines(text) for word in words(line)]


def words(text: str) -> list[str]:
    """Return the words of a text in their order, and the signs that change what is said (%, $, €, £, ?)."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).replace("’", "'"))


def article_lines(text: str) -> list[str]:
    """Return the lines that are the article's own.

    Left out are advertisements, counts, clocks, boxes of links, and headlines after the last sentence.
    """
    kept: list[str] = []
    in_box = False
    for line in filter(str.strip, text.splitlines()):
        loose = _is_loose(line)
        box = _BOX.match(line.strip())
        if box and (loose or line.strip().endswith(":")):
            in_box = True
        elif not (in_box and loose):
            in_box = False
            if not _BESIDE.match(line) and not (loose and CLOCK.search(line)):
                kept.append(line)
    links = 0
    while links < len(kept) and _is_link(kept[-1 - links]):
        links += 1
    # One line may be a last sentence without its mark; two are a box of links without a head.
    return kept[:-links] if 1 < links < len(kept) else kept


def _is_link(line: str) -> bool:
    """A line such as a headline that leads elsewhere."""
    loose = _is_loose(line) and not _BULLET.match(line) and ":" not in line
    return loose and len(line.split()) >= _LEAST_OF_LINK


def _is_loose(line: str) -> bool:
    """A line that is no sentence: a heading, a link, a label."""
    return not _ENDS.search(line.strip()) and len(line.split()) <= _LOOSE_WORDS


def is_cut(old: str, new: str) -> bool:
    """Tell whether `new` is only the beginning of `old`, as a page shows it before a wall."""
    before, after = article_words(old), article_words(new)
    if not after or len(after) >= _LEFT_OF_WALL * len(before):
        return False
    # A teaser may end inside a sentence and have a line of its own behind it.
    most = after[: max(len(after) - 25, len(after) // 2)]
    return bool(most) and before[: len(most)] == most


@dataclass(frozen=True, slots=True)
class Edit:
    """How one text became another, in words of the article."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    slight: bool  # spelling, a word or two of form: no figure, no name, no negation

    @property
    def told(self) -> str:
        """What changed, in a sentence."""
        figures = [w for w in self.removed if w.isdigit()], [w for w in self.added if w.isdigit()]
        if all(figures):
            was, now = (", ".join(dict.fromkeys(side[:_TOLD_FIGURES])) for side in figures)
            if was != now:
                return f"Figures changed from {was} to {now}."
        counts = [
            f"{len(side)} {'word' if len(side) == 1 else 'words'} {how}"
            for side, how in ((self.removed, "removed"), (self.added, "added"))
            if side
        ]
        return f"{' and '.join(counts)}." if counts else "Words were moved."


def edit(old: str, new: str) -> Edit:
    """Return what of the article's words was removed and added."""
    before = [w for line in article_lines(old) for w in words(line)]
    after = [w for line in article_lines(new) for w in words(line)]
    folded = [w.casefold() for w in before], [w.casefold() for w in after]
    removed: list[str] = []
    added: list[str] = []
    slight = True
    for was, now in _runs(before, after, folded):
        removed += was
        added += now
        slight = slight and _is_slight(was, now)
    slight = slight and len(removed) <= 6 and len(added) <= 6
    return Edit(tuple(removed), tuple(added), slight)


def _runs(
    before: list[str], after: list[str], folded: tuple[list[str], list[str]]
) -> list[tuple[list[str], list[str]]]:
    """Return each place at which the words differ, as (was, now)."""
    longest = max(len(before), len(after))
    if longest > _MOST_WORDS or len(before) * len(after) > _MOST_PAIRS:
        return [(before, after)]
    found: list[tuple[list[str], list[str]]] = []
    open_run = False
    for op in LCSseq.opcodes(*folded):
        if op.tag == "equal":
            open_run = False
            continue
        if not open_run:
            found.append(([], []))
            open_run = True
        found[-1][0].extend(before[op.src_start : op.src_end])
        found[-1][1].extend(after[op.dest_start : op.dest_end])
    return found


def _is_slight(was: list[str], now: list[str]) -> bool:
    """One word spelt otherwise, or a small word more or less."""
    pair = [*was, *now]
    if any(w[:1].isdigit() or w.casefold() in _NEGATIONS or w in "%$€£?" for w in pair):
        return False
    if all(w.casefold() in _SMALL for w in pair):
        return True
    if len(was) != 1 or len(now) != 1:
        return False
    least = min(len(was[0]), len(now[0]))
    # Iran is not Iraq misspelt.
    allowed = (1 if least > 6 else 0) if was[0][0].isupper() else (2 if least > 4 else 1)
    return OSA.distance(was[0].casefold(), now[0].casefold()) <= allowed
