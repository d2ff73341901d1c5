"""Group articles by the lineage of their texts, from JSON lines on standard input; no database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.articles.extract import copies, coverage, groups
from apps.core import jsonl


class Command(BaseCommand):
    """Group articles into stories."""

    help = (
        'Reads {"id", "text", "published_at"?} a line, answers each, in the same order, with {"id", "story", '
        '"independent", "copied_share", "coverage"}: articles of one story copy one another, or take over '
        "whole passages; the first of a story is independent; those of one coverage tell of the same "
        "happening. Ends with exit code 1 where an item could not be read."
    )
    requires_system_checks: list[str] = []
    stealth_options = ("source",)  # bytes to read instead of standard input

    def handle(self, *args: Any, **options: Any) -> None:
        """Read standard input to its end, then answer; what could not be read is answered at once."""
        names: list[Any] = []
        texts: list[groups.Text] = []
        words: list[coverage.Vector] = []

        def take(item: jsonl.Item) -> None:
            texts.append(_text(item))
            told = f"{item.get('title') or ''}\n{jsonl.text_of(item, 'text')}"
            words.append(coverage.vector(told))
            names.append(item.get("id"))

        failed = jsonl.answer(options.get("source") or sys.stdin.buffer, self.stdout, take)
        days = [text.published for text in texts]
        covered = coverage.group(list(zip(words, days, strict=True)))
        for name, place, first in zip(names, groups.group(texts), covered, strict=True):
            told = {"id": name, "story": names[place.story], "independent": place.is_first}
            share = round(place.share, 3)
            jsonl.write(self.stdout, {**told, "copied_share": share, "coverage": names[first]})
        if failed:
            raise CommandError(f"{failed} items could not be read; their lines say why.")


def _text(item: jsonl.Item) -> groups.Text:
    wording = copies.wording(jsonl.text_of(item, "text"))
    return groups.Text(wording, jsonl.day_of(item, "published_at"))
