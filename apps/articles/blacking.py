"""Blacking words out of texts and of what repeats them (plain: values in, values out).

Every character becomes a block, so that spans keep their places and lengths and say nothing any more.
"""

import re
from collections.abc import Iterable
from typing import Any

BLACK = "█"
# So many words in a row that stand in the text are the text's; fewer are anybody's.
_IN_A_ROW = 5
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def black(text: str) -> str:
    """Return as many blocks as the text has characters."""
    return BLACK * len(text)


class Words:
    """The words of texts that are removed: blacks out of any value what repeats them.

    That is every run of five words that stand together in one of the texts, and every phrase, which is short
    enough to be told by itself: a headline, a quotation, a name that only the texts use.
    """

    def __init__(self, texts: Iterable[str], phrases: Iterable[str]) -> None:
        self._runs: set[tuple[str, ...]] = set()
        for text in texts:
            words = [match.group().lower() for match in _WORD.finditer(text)]
            self._runs.update(zip(*(words[n:] for n in range(_IN_A_ROW)), strict=False))
        # Longest first, so that no shorter one leaves the rest of a longer one.
        found = sorted({phrase.strip() for phrase in phrases} - {""}, key=len, reverse=True)
        either = "|".join(map(re.escape, found))
        self._phrases = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if found else None

    def out(self, value: str) -> str:
        """Return the value with every repetition blacked out."""
        if self._phrases is not None:
            value = self._phrases.sub(lambda match: black(match.group()), value)
        for start, end in self._spans(value):
            value = value[:start] + black(value[start:end]) + value[end:]
        return value

    def out_of(self, value: Any) -> Any:
        """Do the same in every string of a JSON value."""
        if isinstance(value, str):
            return self.out(value)
        if isinstance(value, list):
            return [self.out_of(one) for one in value]
        if isinstance(value, dict):
            return {name: self.out_of(one) for name, one in value.items()}
        return value

    def _spans(self, value: str) -> list[tuple[int, int]]:
        """Where runs of the texts' words stand; a last word that was cut off goes with the run before it."""
        words = list(_WORD.finditer(value))
        lower = [match.group().lower() for match in words]
        covered: set[int] = set()
        for first in range(len(words) - _IN_A_ROW + 1):
            if tuple(lower[first : first + _IN_A_ROW]) in self._runs:
                covered.update(range(first, first + _IN_A_ROW))
        if covered and len(words) - 2 in covered:
            covered.add(len(words) - 1)
        return [words[number].span() for number in sorted(covered)]
