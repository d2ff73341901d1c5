"""A tree of names by words: finds the longest name at each word of a text in time linear in the text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from apps.annotations.pipeline.names_forms import ARTICLES, Token

How = Literal[
    "alias",
    "acronym",
    "weak",
    "role",
    "demonym",
    "country",
    "capital",
    "metonym",
    "surname",
    "coreference",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of one actor. `capitals` are the words' own letters, against which the text's are checked."""

    actor: str | None
    how: How
    words: tuple[str, ...]  # as written in the lexicon, to check capitals
    country: str = "XXX"
    since: date | None = None
    until: date | None = None
    needs_country: bool = False  # true only where the text has just spoken of that country

    def on(self, day: date | None) -> bool:
        """Tell whether the form is valid on `day` (unknown: only what has not ended)."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(slots=True)
class Node:
    """A node of the tree."""

    children: dict[str, "Node"] = field(default_factory=dict)
    entries: dict[Entry, None] = field(default_factory=dict)  # in order, each once


@dataclass(frozen=True, slots=True)
class Hit:
    """The words `first` to `last` (included) of a sentence carry these forms."""

    first: int
    last: int
    entries: tuple[Entry, ...]
    exact: bool = True


class Trie:
    """Names by their words' keys."""

    def __init__(self) -> None:
        self._root = Node()

    def add(self, keys: Sequence[str], entry: Entry) -> None:
        """Store `entry` under its words' keys."""
        if not keys:
            return
        node = self._root
        for key in keys:
            node = node.children.setdefault(key, Node())
        node.entries[entry] = None

    def begins(self, key: str) -> bool:
        """Tell whether a name begins with this word: a cheap test before `longest`."""
        return key in self._root.children

    def longest(
        self, words: Sequence[Token], keys: Sequence[str], text: str, at: int
    ) -> Iterator[Hit]:
        """Hits that begin at word `at`, longest first; Arabic articles inside a name may be left out."""
        found: list[Hit] = []
        node = self._root
        position = at
        last = at
        while position < len(words):
            if position > at and not joined(text, words[position - 1], words[position]):
                break
            child = node.children.get(keys[position])
            if child is None:
                if words[position].fold in ARTICLES and position > at:
                    position += 1
                    continue
                break
            node, last = child, position
            if node.entries:
                found.append(Hit(at, last, tuple(node.entries)))
            position += 1
        yield from reversed(found)


def joined(text: str, before: Token, after: Token) -> bool:
    """Tell whether only spaces, a hyphen, a dot or an apostrophe lie between two words of one name."""
    gap = text[before.end : after.start]
    return len(gap) <= 3 and not gap.strip(" \t\r\n-.‐‑–'’\u00a0") and gap.count("\n") < 2
