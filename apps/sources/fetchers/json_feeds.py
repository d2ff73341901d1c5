"""JSON Feed, versions 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from datetime import datetime
from typing import Any

from apps.core.moments import read_iso
from apps.sources.fetchers.feed_types import (
    SUMMARY_LENGTH,
    FeedDocument,
    FeedEntry,
    FeedError,
    folded,
    plain,
)


def parse(raw: bytes) -> FeedDocument:
    """Read a JSON Feed in any Unicode form; raises FeedError where it is none."""
    try:
        text = raw.decode(json.detect_encoding(raw)).removeprefix("\ufeff")
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"it is not valid JSON ({error})") from error
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/"):
        raise FeedError("it is JSON, but not a JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise FeedError("its 'items' is not a list")
    return FeedDocument(
        kind="json",
        title=folded(feed.get("title")),
        language=folded(feed.get("language")),
        link=_text(feed.get("home_page_url")),
        entries=tuple(_entry(item) for item in items if isinstance(item, dict)),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _entry(item: dict[str, Any]) -> FeedEntry:
    published, precision = _time(item.get("date_published"))
    updated, _ = _time(item.get("date_modified"))
    told = item.get("id")
    return FeedEntry(
        url=_text(item.get("url")) or _text(item.get("external_url")),
        title=folded(_text(item.get("title"))),
        published=published,
        precision=precision,
        updated=updated,
        guid=folded(told) if isinstance(told, str | int) and told != "" else "",
        author=_authors(item),
        summary=_summary(item),
        language=folded(_text(item.get("language"))),
        categories=_tags(item.get("tags")),
    )


def _authors(item: dict[str, Any]) -> str:
    """Return the names of `authors` (1.1) or of `author` (1.0)."""
    listed = item.get("authors")
    people = listed if isinstance(listed, list) else [item.get("author")]
    names = (folded(_text(one.get("name"))) for one in people if isinstance(one, dict))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _summary(item: dict[str, Any]) -> str:
    written = _text(item.get("summary")) or _text(item.get("content_text"))
    return (folded(written) or plain(_text(item.get("content_html"))))[:SUMMARY_LENGTH]


def _tags(tags: object) -> tuple[str, ...]:
    found = (folded(_text(tag)) for tag in tags) if isinstance(tags, list) else ()
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _time(value: object) -> tuple[datetime | None, str]:
    return read_iso(_text(value)) or (None, "unknown")
