"""Make a timeline of articles from JSON lines on standard input; no database."""

import sys
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.annotations import wire
from apps.annotations.lexicon import lexicon_from_dossier
from apps.annotations.pipeline import timeline, timeline_reading
from apps.annotations.pipeline.run import LONGEST_TEXT
from apps.annotations.pipeline.timeline_reading import DatedArticle
from apps.core import jsonl
from apps.core.shipped import dossier_of

MOST = 20  # entries, where --max says nothing


class Command(BaseCommand):
    """Build a timeline."""

    help = (
        'Reads {"id", "text", "title"?, "published_at"?} a line, answers with the most important days that the '
        'articles tell of, in order: {"date", "precision", "summary", "articles", "score"} a line. The summary '
        "is a sentence of one of them. Ends with exit code 1 where an item could not be read."
    )
    requires_system_checks: list[str] = []
    stealth_options = ("source",)  # bytes to read instead of standard input

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --from, --to, --max and --dossier."""
        parser.add_argument("--from", dest="since", type=_day, help="first day (2020-01-03)")
        parser.add_argument("--to", dest="until", type=_day, help="last day (2020-01-31)")
        parser.add_argument("--max", dest="most", type=_count, default=MOST, help="most entries")
        parser.add_argument(
            "--dossier",
            help="slug or folder of a dossier whose events dates may lean on (two days after the election)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read standard input to its end, then answer."""
        since, until = options["since"], options["until"]
        if since and until and since > until:
            raise CommandError(f"--from {since} lies after --to {until}.")
        named = options["dossier"]
        anchors = lexicon_from_dossier(dossier_of(named)).anchors if named else ()
        articles: list[DatedArticle] = []

        def take(item: jsonl.Item) -> None:
            article = wire.article(item)
            if len(article.text) > LONGEST_TEXT:
                raise jsonl.BadItemError(
                    f"The text has {len(article.text)} characters; at most {LONGEST_TEXT} are read."
                )
            articles.append(timeline_reading.read(item.get("id"), article, anchors))

        failed = jsonl.answer(options.get("source") or sys.stdin.buffer, self.stdout, take)
        for entry in timeline.build(articles, since, until, options["most"]):
            jsonl.write(self.stdout, wire.timeline_entry(entry))
        if failed:
            raise CommandError(f"{failed} items could not be read; their lines say why.")


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentTypeError(f"{value!r} is no day; write it as 2020-01-03") from None


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise ArgumentTypeError(f"{value!r} is no number of entries; give 1 or more")
    return int(value)
