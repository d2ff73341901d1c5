"""One article as a timeline needs it: its sentences, the days they name, its words. No actors, no parser."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from apps.annotations.pipeline import clean, data_files, dates, sentences
from apps.annotations.pipeline.types import ArticleInput, Interval, KnownEvent, Span

_WORD = re.compile(r"[a-z][a-z'’-]+[a-z]")
_CLOCK = re.compile(r"\d{1,2}(?::\d\d|\s?[ap]\.?m)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Naming:
    """A sentence of an article names a day, a week or a month."""

    sentence: int
    value: Interval


@dataclass(frozen=True)
class DatedArticle:
    """An article that was read for a timeline; `id` is whatever the sender calls it."""

    id: Any
    text: str
    published: date | None
    title: str
    sentences: list[Span]
    namings: list[Naming]

    def sentence(self, index: int) -> str:
        """Return a sentence's own characters."""
        return self.sentences[index].of(self.text)

    @cached_property
    def words(self) -> Counter[str]:
        """How often each telling word stands in the title and the sentences."""
        told = Counter(words(self.title))
        for run in self.sentences:
            told.update(words(run.of(self.text)))
        return told


def read(id_: Any, article: ArticleInput, anchors: tuple[KnownEvent, ...] = ()) -> DatedArticle:
    """Read an article's sentences and dates; what is boilerplate counts for nothing."""
    text = article.text
    frame = clean.structure(text, article.title)
    runs = sentences.split(text, frame.removed)
    starts = [run.start for run in runs]
    namings = [
        Naming(bisect_right(starts, found.span.start) - 1, found.value)
        for found in dates.find(text, runs, article.published, anchors)
        if found.value is not None
        and found.value.precision != "year"
        and not _CLOCK.match(found.surface)  # an hour names no day
    ]
    return DatedArticle(id_, text, article.published, article.title, runs, namings)


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters, that can say something of its topic."""
    plain = data_files.groups("timeline_words.yaml")["plain"]
    return [word for word in _WORD.findall(text.lower()) if word not in plain]
