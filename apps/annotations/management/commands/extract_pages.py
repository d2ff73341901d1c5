"""Extract articles from web pages, given as JSON lines on standard input; no database, no network."""

import gzip
import sys
import zlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.annotations.pipeline import clean
from apps.articles.extract import addresses
from apps.articles.extract.run import extract
from apps.articles.extract.types import Extracted, ExtractError, Published
from apps.core import jsonl

MOST_BYTES = 50_000_000  # of a page, unpacked


class Command(BaseCommand):
    """Extract pages."""

    help = (
        'Reads {"id", "path" or "html", "url"?} a line (a path may end in .gz), answers each, in the same '
        'order, with {"id", "title", "text", "published_at", "precision", "canonical_url", "language", '
        '"agency", "dateline"}. '
        "Ends with exit code 1 where an item could not be read or is no article."
    )
    requires_system_checks: list[str] = []
    stealth_options = ("source",)  # bytes to read instead of standard input

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer standard input."""
        failed = jsonl.answer(options.get("source") or sys.stdin.buffer, self.stdout, _extracted)
        if failed:
            raise CommandError(f"{failed} items could not be read; their lines say why.")


def _extracted(item: jsonl.Item) -> jsonl.Item:
    url = jsonl.text_of(item, "url", needed=False)
    try:
        found = extract(
            _page(item),
            content_type="text/html",
            charset="utf-8" if "html" in item else "",
            url=url,
            max_characters=settings.ARTICLE_MAX_CHARACTERS,
        )
        address = _address(found, url)
    except ExtractError as fault:
        raise jsonl.BadItemError(str(fault)) from fault
    frame = clean.structure(found.text, found.title)
    at, precision = _when(found.published)
    return {
        "id": item.get("id"),
        "title": found.title,
        "text": found.text,
        "published_at": at,
        "precision": precision,
        "canonical_url": address,
        "language": found.language,
        "agency": found.agency or frame.agency,
        "dateline": frame.dateline,
    }


def _page(item: jsonl.Item) -> bytes:
    """Return the page's bytes, given in the line or as a file."""
    if "html" in item:
        return jsonl.text_of(item, "html").encode(errors="replace")
    path = Path(jsonl.text_of(item, "path"))
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw: bytes = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error, ValueError) as fault:
        raise jsonl.BadItemError(f"The file {str(path)!r} cannot be read: {fault}.") from fault
    if len(raw) > MOST_BYTES:
        raise jsonl.BadItemError(f"The file {str(path)!r} has more than {MOST_BYTES} bytes.")
    return raw


def _address(found: Extracted, url: str) -> str | None:
    """Return the page's canonical address: as it names itself, else where it came from; None for neither."""
    for candidate in (found.canonical_url, url):
        if candidate:
            try:
                return addresses.canonical(candidate)
            except ValueError as fault:
                raise ExtractError(f"Its address cannot be used: {fault}.") from fault
    return None


def _when(published: Published | None) -> tuple[str | None, str | None]:
    """Return publication with its precision: the time in the zone in which the page tells it, else the day.

    A time whose zone puts it on another day than the one that the page names is told by that day alone.
    """
    if published is None:
        return None, None
    at = published.told or published.at
    if published.precision == "day" or at.date() != published.day:
        return published.day.isoformat(), "day"
    return at.isoformat(), published.precision
