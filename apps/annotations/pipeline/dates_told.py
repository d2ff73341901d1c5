"""Happenings that a text has dated, as anchors of its own: "a day after the blast"."""

import re
from dataclasses import dataclass, field
from functools import cache

from apps.annotations.pipeline import dates_words as words
from apps.annotations.pipeline.types import Interval

_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_NAME = re.compile(r"\s+(?:of|on|in|at|near|against|by)\s+(?:the\s+)?((?:[A-Z][\w.'’-]*\s*)+)")
_DETERMINED = re.compile(
    r"\s+(?:(?:the|this|that|his|her|their|its)|(?P<of>[A-Z][\w.]*(?:\s[A-Z][\w.]*)?)['’]s)"
    r"(?P<rest>(?:\s+[\w-]+){1,4})",
    re.IGNORECASE,
)
_MOST_BETWEEN = 3  # words between "the" and the noun


@dataclass(slots=True)
class Told:
    """Which kinds of happenings the sentences so far told of a single day, and in what words."""

    days: dict[str, tuple[Interval, frozenset[str]]] = field(default_factory=dict)

    def note(self, sentence: str, day: Interval) -> None:
        """Remember what a sentence that names just this day tells; the latest sentence counts."""
        said = frozenset(word.lower() for word in _WORD.findall(sentence))
        for kind, forms in _forms().items():
            if not forms.isdisjoint(said):
                self.days[kind] = (day, said)

    def named(self, text: str, at: int) -> tuple[Interval, int] | None:
        """The day of the happening that the words at `at` name, and where its noun ends; None if not told."""
        determined = _DETERMINED.match(text, at)
        if determined is None:
            return None
        for word in list(_WORD.finditer(text, determined.start("rest"), determined.end()))[
            :_MOST_BETWEEN
        ]:
            kind = _nouns().get(word[0].lower())
            if kind is None:
                continue
            if kind not in self.days:
                return None
            day, said = self.days[kind]
            names = {*_names(determined["of"]), *_names(_told_of(text, word.end()))}
            return (day, word.end()) if names <= said else None
        return None


def _told_of(text: str, at: int) -> str:
    """The name that the noun goes on with: "the killing of Soleimani"."""
    found = _NAME.match(text, at)
    return found[1] if found else ""


def _names(surface: str | None) -> set[str]:
    """The words of a name, in small letters."""
    return {word.lower().removesuffix("'s") for word in _WORD.findall(surface or "")}


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Kind of happening -> the words by which a sentence tells it."""
    return {
        kind: frozenset([*rows["nouns"], *rows["told"]])
        for kind, rows in words.happenings().items()
    }


@cache
def _nouns() -> dict[str, str]:
    """Noun -> the kind of happening that it names."""
    return {noun: kind for kind, rows in words.happenings().items() for noun in rows["nouns"]}
