"""Texts that were found, with what was looked for marked: as runs of plain text, never as markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Left

from apps.articles.models import ArticleVersion
from apps.events.models import Event
from apps.timelines.queries.search import Words

# Characters that no text uses (Unicode's private ones) stand around what is marked until it is cut into runs; a
# text that holds them all the same loses them first.
OPEN, CLOSE = "\ue000", "\ue001"
_RUN = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}|([^{OPEN}{CLOSE}]+)")
# Of a long article, so many characters are looked through.
READ = 100_000
BETWEEN = " … "
FRAGMENTS = 2


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text, marked or not; the page escapes it as any text."""

    text: str
    marked: bool


def runs(marked: str) -> list[Run]:
    """Cut a text with OPEN and CLOSE in it into runs."""
    return [
        Run(found or rest, bool(found)) for found, rest in _RUN.findall(marked) if found or rest
    ]


def of_events(events: Sequence[Event], words: Words) -> dict[int, tuple[list[Run], list[Run]]]:
    """Return the title and the summary of each event by its id. One query."""
    rows = Event.objects.filter(pk__in=[event.pk for event in events]).values_list(
        "pk", _headline("title", words, whole=True), _headline("summary", words, whole=True)
    )
    return {pk: (runs(title), runs(summary)) for pk, title, summary in rows}


def of_articles(
    versions: Sequence[ArticleVersion], words: Words
) -> dict[int, tuple[list[Run], list[Run]]]:
    """Return the title and pieces of the text of each version by its id. One query."""
    rows = ArticleVersion.objects.filter(pk__in=[version.pk for version in versions]).values_list(
        "pk", _headline("title", words, whole=True), _headline("text", words)
    )
    return {pk: (runs(title), runs(text)) for pk, title, text in rows}


def _headline(field: str, words: Words, whole: bool = False) -> SearchHeadline:
    clean = Func(
        Left(F(field), READ),
        Value(OPEN + CLOSE),
        Value(""),
        function="translate",
        output_field=TextField(),
    )
    return SearchHeadline(
        clean,
        words,
        config="english",
        start_sel=OPEN,
        stop_sel=CLOSE,
        highlight_all=whole or None,
        max_fragments=None if whole else FRAGMENTS,
        max_words=None if whole else 34,
        min_words=None if whole else 12,
        fragment_delimiter=None if whole else BETWEEN,
    )
