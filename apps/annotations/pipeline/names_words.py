"""A text's sentences as words with the names found in them."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from apps.annotations.pipeline.names_forms import ARTICLES, Token, skeleton
from apps.annotations.pipeline.names_trie import Entry
from apps.annotations.pipeline.types import Span


@dataclass(eq=False)
class Words:
    """One sentence: its words, their folded forms, and the names found so far."""

    text: str
    span: Span
    tokens: list[Token]
    folds: list[str]
    named: list["Named"] = field(default_factory=list)

    @cached_property
    def skeletons(self) -> list[str]:
        """The transliteration skeletons of the capitalised words; the others' folded forms."""
        return [skeleton(token.fold) if token.capital else token.fold for token in self.tokens]

    def start_of(self, at: int) -> int:
        """Where a name that begins at word `at` begins, with an Arabic article tied to it ("al-Khazali")."""
        if at and self.folds[at - 1] in ARTICLES:
            gap = self.text[self.tokens[at - 1].end : self.tokens[at].start]
            if gap in ("-", "‐", "‑") or (gap == " " and self.tokens[at - 1].capital):
                return self.tokens[at - 1].start
        return self.tokens[at].start

    def fold_at(self, at: int) -> str:
        """The folded word at `at`; empty beyond the sentence."""
        return self.folds[at] if 0 <= at < len(self.folds) else ""

    def gap_before(self, at: int) -> str:
        """The characters between word `at` and the word before it; a full stop beyond the sentence."""
        if not 0 < at < len(self.tokens):
            return "."
        return self.text[self.tokens[at - 1].end : self.tokens[at].start]

    def ending_at(self, last: int) -> "Named | None":
        """The name whose last word is `last`."""
        return next((named for named in self.named if named.last == last), None)

    def covering(self, at: int) -> "Named | None":
        """The name that covers word `at`."""
        return next((named for named in self.named if named.first <= at <= named.last), None)


@dataclass(eq=False)
class Named:
    """A name in a sentence, with the forms it may be; after `settle` one of them is left."""

    words: Words
    first: int
    last: int
    span: Span
    entries: tuple[Entry, ...]
    exact: bool = True
    kind: str = ""  # overrides what the form says

    @property
    def entry(self) -> Entry:
        """The chosen form."""
        return self.entries[0]

    @property
    def actor(self) -> str | None:
        """The chosen actor."""
        return self.entry.actor


@dataclass(eq=False)
class Document:
    """A text's sentences, and the day it was published."""

    text: str
    sentences: list[Words]
    published: date | None

    @property
    def named(self) -> list[Named]:
        """All names so far, in the order of the text."""
        return [named for words in self.sentences for named in words.named]
