"""Code the relation between two named actors of a sentence, from JSON lines; no database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.annotations.pipeline import events_relation
from apps.core import jsonl, plover

LONGEST_SENTENCE = 10_000


class Command(BaseCommand):
    """Code relations of JSON lines."""

    help = (
        'Reads {"id", "text", "source", "target"} a line, answers each with {"id", "type", "quad"}: what the '
        "source does to the target in the text."
    )
    requires_system_checks: list[str] = []
    stealth_options = ("source",)  # bytes to read instead of standard input

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer standard input."""
        source = options.get("source") or sys.stdin.buffer
        failed = jsonl.answer(source, self.stdout, _code)
        if failed:
            raise CommandError(f"{failed} items could not be read; their lines say why.")


def _code(item: jsonl.Item) -> jsonl.Item:
    text = jsonl.text_of(item, "text")
    if len(text) > LONGEST_SENTENCE:
        raise jsonl.BadItemError(
            f"The text has {len(text)} characters; a sentence has at most {LONGEST_SENTENCE}."
        )
    source, target = jsonl.text_of(item, "source"), jsonl.text_of(item, "target")
    type_ = events_relation.code(text, source, target)
    return {"id": item.get("id"), "type": type_, "quad": plover.QUAD[type_]}
