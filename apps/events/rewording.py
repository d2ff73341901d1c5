"""A sentence and what became of it in a later version of its text. Plain: texts in, spans out."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from apps.annotations.pipeline.sentences import split

# Two sentences at the same place of both texts, between sentences that stand unchanged, are one rewritten
# when they share about half their words; anywhere else they must be closer.
_ALIKE_HERE = 50.0
_ALIKE_ELSEWHERE = 62.0
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` (exclusive) of the new text, and how alike they are (0 to 100)."""

    start: int
    end: int
    alike: float


def plain(text: str) -> str:
    """Return the text without what typesetting adds: kinds of quotation marks, dashes, white space."""
    folded = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return " ".join(folded.split())


def stands(quote: str, text: str) -> bool:
    """Tell whether the words of `quote` stand in `text` as they are, whatever the typesetting."""
    return _holds(plain(text), plain(quote))


def _holds(text: str, quote: str) -> bool:
    """Not inside other words: "11 were wounded" does not stand in "111 were wounded"."""
    before = r"(?<!\w)" if quote[:1].isalnum() else ""
    after = r"(?!\w)" if quote[-1:].isalnum() else ""
    return bool(quote) and re.search(f"{before}{re.escape(quote)}{after}", text) is not None


def successor(old: str, start: int, end: int, new: str) -> Place | None:
    """Return the sentence of `new` that took the place of old[start:end]; None where there is none.

    The texts are laid side by side by the sentences that both have. A sentence that stood in the old text
    already took nobody's place.
    """
    olds, news = split(old), split(new)
    before = [plain(old[span.start : span.end]).lower() for span in olds]
    after = [plain(new[span.start : span.end]).lower() for span in news]
    known, quote = set(before), plain(old[start:end]).lower()
    at = {i for i, span in enumerate(olds) if span.start < end and start < span.end}
    here = _opposite(before, after, at)
    best, best_score = None, 0.0
    for i, span in enumerate(news):
        if after[i] in known:
            continue
        alike = max(fuzz.ratio(quote, after[i]), fuzz.token_sort_ratio(quote, after[i]))
        least = _ALIKE_ELSEWHERE
        if i in here:
            alike, least = max(alike, fuzz.token_set_ratio(quote, after[i])), _ALIKE_HERE
        # Of two alike, the one at the old place is meant.
        score = alike + (10 if i in here else 0)
        if alike >= least and score > best_score:
            best, best_score = Place(span.start, span.end, alike), score
    return best


def _opposite(before: list[str], after: list[str], at: set[int]) -> set[int]:
    """Return which of the new sentences stand where the old sentences `at` stood."""
    found: set[int] = set()
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal" and at.intersection(range(a, b)):
            found.update(range(c, d))
    return found
