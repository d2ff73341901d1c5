"""Read articles from JSON lines on standard input, write what was read as JSON lines; no database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.annotations import wire
from apps.annotations.lexicon import lexicon_from_dossier
from apps.annotations.pipeline import VERSION
from apps.annotations.pipeline.run import Reader, TextTooLongError
from apps.core import jsonl
from apps.core.shipped import FIRST, dossier_of


class Command(BaseCommand):
    """Annotate JSON lines."""

    help = (
        'Reads {"id", "text", "title"?, "published_at"?, "url"?, "source"?} a line, answers each with what '
        "the pipeline read in it, in the same order. Ends with exit code 1 where an item could not be read."
    )
    requires_system_checks: list[str] = []
    stealth_options = ("source",)  # bytes to read instead of standard input

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --dossier."""
        parser.add_argument(
            "--dossier",
            default=FIRST,
            help="slug or folder of the dossier whose actors and places are known",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer standard input."""
        reader = Reader(lexicon_from_dossier(dossier_of(options["dossier"])))
        source = options.get("source") or sys.stdin.buffer
        failed = jsonl.answer(source, self.stdout, lambda item: _annotate(reader, item))
        if failed:
            raise CommandError(f"{failed} items could not be read; their lines say why.")


def _annotate(reader: Reader, item: jsonl.Item) -> jsonl.Item:
    article = wire.article(item)
    try:
        found = reader.read(article)
    except TextTooLongError as fault:
        raise jsonl.BadItemError(str(fault)) from fault
    return {
        "id": item.get("id"),
        "pipeline_version": VERSION,
        **wire.document(article.text, found),
    }
