"""How much of one text is in another: word shingles and their containment."""

import re

_WORD = re.compile(r"\w+")
_RUN = re.compile(r"\w+(?: \w+){5,}")
SHINGLE = 5
_SHORT = 40  # shingles: a shorter text must be nearly the whole of the other


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return every run of five words of a text, case and punctuation aside."""
    words = [word.lower() for word in _WORD.findall(text)]
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def copied_share(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> float:
    """Return how much of the shorter text stands in the longer one, 0 to 1.

    For a text of a few sentences: how much the two have in common of all they say, because a shared quotation
    alone fills much of it.
    """
    if not a or not b:
        return 0.0
    common = len(a & b)
    shorter = min(len(a), len(b))
    return common / shorter if shorter >= _SHORT else common / len(a | b)


def probes(text: str, count: int = 8) -> list[str]:
    """Return up to `count` wordings of 30 to 80 characters without punctuation, spread over the text.

    A copy that was edited here or there still holds most of them to the letter.
    """
    runs = [run[0] for run in _RUN.finditer(text) if len(run[0]) >= 30]
    step = max(len(runs) / count, 1)
    chosen = [runs[int(i * step)] for i in range(min(count, len(runs)))]
    return [run[:80].rpartition(" ")[0] if len(run) > 80 else run for run in chosen]
