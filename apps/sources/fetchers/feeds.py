"""Reading feeds: RSS and Atom in all their forms, JSON Feed, sitemaps; bytes in, a document out."""

import calendar
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from apps.sources.fetchers import json_feeds, sitemaps
from apps.sources.fetchers.feed_types import (
    SUMMARY_LENGTH,
    FeedDocument,
    FeedEntry,
    FeedError,
    folded,
    plain,
)

__all__ = ["FeedDocument", "FeedEntry", "FeedError", "looks_like_feed", "parse", "read"]

_TIME_OF_DAY = re.compile(r"\d[T ]?\d{1,2}:\d\d")
_START = 2048  # characters looked at to tell a feed from a page
_XML_FEED = re.compile(
    r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]|<(?:\w+:)?urlset[^>]*sitemap|<(?:\w+:)?sitemapindex[\s>]",
    re.IGNORECASE,
)
_SITEMAP = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TELLING = ("content-type", "content-language")
_CHANNEL = re.compile(
    r"<channel[\s>]", re.IGNORECASE
)  # CDF, which feedparser reads without a name for it
NO_HEADERS: Mapping[str, str] = {}
_MARKUP = ("text/html", "application/xhtml+xml")


def _head(raw: bytes) -> str:
    """Return the first characters, in whatever Unicode form they are; the bytes' pattern tells which."""
    return (
        raw[: 4 * _START]
        .decode(json.detect_encoding(raw), "replace")
        .lstrip("\ufeff \t\r\n")[:_START]
    )


def looks_like_feed(raw: bytes) -> bool:
    """Tell a feed from a page or a text by its first characters."""
    head = _head(raw)
    if head.startswith("{"):
        return "jsonfeed.org/version" in head
    return bool(_XML_FEED.search(head)) and not _PAGE.search(head)


def read(raw: bytes, url: str = "", headers: Mapping[str, str] = NO_HEADERS) -> list[FeedEntry]:
    """Return the entries of a feed that have a web address, each once, in the feed's order; see `parse`."""
    return list(parse(raw, url, headers).entries)


def parse(raw: bytes, url: str = "", headers: Mapping[str, str] = NO_HEADERS) -> FeedDocument:
    """Read a feed; its entries are those with a web address, each once, in the feed's order.

    `url` is the feed's own address, for relative links; `headers` those of the answer, names in lower
    case: of them the charset and the language count. Raises FeedError where this is no feed.
    """
    document = everything(raw, url, headers)
    once: dict[str, FeedEntry] = {}
    known: set[str] = set()
    for entry in document.entries:
        address = _absolute(entry.url, url)
        if not address or address in once:
            continue
        entry = replace(entry, url=address, language=entry.language or document.language)
        if entry.identity not in known:
            known.add(entry.identity)
            once[address] = entry
    parts = (_absolute(part, url) for part in document.parts)
    return replace(
        document,
        link=_absolute(document.link, url),
        entries=tuple(once.values()),
        parts=tuple(dict.fromkeys(part for part in parts if part)),
    )


def everything(raw: bytes, url: str = "", headers: Mapping[str, str] = NO_HEADERS) -> FeedDocument:
    """Read a feed with all its entries as they are written, also those without a usable address."""
    head = _head(raw)
    if head.startswith("{"):
        return json_feeds.parse(raw)
    if _SITEMAP.search(head) and not _PAGE.search(head):
        return sitemaps.parse(raw)
    return _xml(raw, url, headers)


def _absolute(link: str, url: str) -> str:
    """Return a link as a web address, "" where it is none."""
    try:
        address = urljoin(url, link.strip()) if link.strip() else ""
        parts = urlsplit(address)
        web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return address if web and _UNSTORABLE.search(address) is None else ""


def _xml(raw: bytes, url: str, headers: Mapping[str, str]) -> FeedDocument:
    told = {name: value for name, value in headers.items() if name in _TELLING}
    told["content-location"] = url
    try:
        # A stream, not bytes: feedparser takes bytes for a file name first.
        parsed = feedparser.parse(
            io.BytesIO(raw),
            response_headers=told,
            sanitize_html=True,
            resolve_relative_uris=False,
        )
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise FeedError(f"it is too damaged to be read ({error})") from error
    version = str(parsed.get("version") or "")
    head = _head(raw)
    if not version and not (_CHANNEL.search(head) and not _PAGE.search(head)):
        reason = parsed.get("bozo_exception")
        raise FeedError(f"it is not a feed ({reason})" if reason else "it is not a feed")
    return FeedDocument(
        kind="atom" if version.startswith("atom") else "rss",
        title=_title(parsed.feed),
        language=_language(parsed.feed),
        link=str(parsed.feed.get("link") or ""),
        entries=tuple(_entry(entry) for entry in parsed.entries),
    )


def _entry(entry: Any) -> FeedEntry:
    published, precision = _first_time(entry, ("published", "created", "updated"))
    updated, _ = _first_time(entry, ("updated",))
    return FeedEntry(
        url=str(entry.get("feedburner_origlink") or entry.get("link") or ""),
        title=_title(entry),
        published=published,
        precision=precision,
        updated=updated,
        guid=folded(entry.get("id")),
        author=_author(entry),
        summary=_summary(entry),
        language=_language(entry),
        agency=_agency(entry),
        categories=_categories(entry),
    )


def _text(value: object, detail: Any) -> str:
    """Return a text as one line; `detail` says whether it is markup."""
    return plain(value) if (detail or {}).get("type") in _MARKUP else folded(value)


def _title(part: Any) -> str:
    return _text(part.get("title"), part.get("title_detail"))


def _summary(entry: Any) -> str:
    """Return the summary; where there is none, the content (feedparser may have copied it there)."""
    contents = [one for one in entry.get("content") or () if one.get("value")]
    first = contents[0] if contents else {}
    value, detail = entry.get("summary"), entry.get("summary_detail")
    if not value or detail is None:
        value, detail = value or first.get("value"), first
    return _text(value, detail)[:SUMMARY_LENGTH]


def _author(entry: Any) -> str:
    names = (folded(one.get("name")) for one in entry.get("authors") or () if one)
    return ", ".join(dict.fromkeys(name for name in names if name)) or folded(entry.get("author"))


def _agency(entry: Any) -> str:
    source = entry.get("source") or {}
    return (_title(source) if hasattr(source, "get") else "") or folded(entry.get("publisher"))


def _language(part: Any) -> str:
    """Return the language of a feed or an entry; where it names none, that of its title."""
    inherited = (part.get("title_detail") or {}).get("language")
    return folded(part.get("language") or inherited)


def _categories(entry: Any) -> tuple[str, ...]:
    found: Iterable[str] = (
        folded(tag.get("term") or tag.get("label")) for tag in entry.get("tags") or ()
    )
    return tuple(dict.fromkeys(term for term in found if term))


def _first_time(entry: Any, names: Iterable[str]) -> tuple[datetime | None, str]:
    """Return the first of an entry's times that is told, aware UTC, with its precision."""
    for name in names:
        parsed = entry.get(f"{name}_parsed") if name in entry else None
        if parsed is None:
            continue
        try:
            moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        except (ValueError, OverflowError, OSError):
            continue
        return moment, "instant" if _TIME_OF_DAY.search(str(entry[name])) else "day"
    return None, "unknown"
