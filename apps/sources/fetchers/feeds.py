"""Reading feeds: RSS and Atom in all their forms, JSON Feed, news sitemaps; bytes in, entries out."""

import calendar
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
from lxml import etree

from apps.core.moments import read_iso

_TIME_OF_DAY = re.compile(r"\d[T ]?\d{1,2}:\d\d")
_START = 2048  # characters looked at to tell a feed from a page
_XML_FEED = re.compile(
    rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]|<(?:\w+:)?urlset[^>]*sitemap", re.IGNORECASE
)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # what JSON can say and no database keeps
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


class FeedError(Exception):
    """The bytes are not a feed that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. `published` is aware UTC; `precision` is instant, day or unknown."""

    url: str
    title: str = ""
    published: datetime | None = None
    precision: str = "unknown"
    updated: datetime | None = None


def looks_like_feed(raw: bytes) -> bool:
    """Tell a feed from a page or a text by its first characters."""
    head = raw[:_START]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return b"jsonfeed.org/version" in head
    return bool(_XML_FEED.search(head)) and not _PAGE.search(head)


def read(raw: bytes, url: str = "") -> list[FeedEntry]:
    """Return the entries of a feed that have a web address, each address once, in the feed's order.

    `url` is the feed's own address, for relative links. Raises FeedError where this is no feed.
    """
    head = raw[:_START].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        found = _json_entries(raw)
    elif b"<urlset" in head:
        found = _sitemap_entries(raw)
    else:
        found = _xml_entries(raw, url)
    once: dict[str, FeedEntry] = {}
    for link, entry in found:
        address = urljoin(url, link.strip()) if link else ""
        if _is_web_address(address):
            once.setdefault(
                address,
                FeedEntry(address, entry.title, entry.published, entry.precision, entry.updated),
            )
    return list(once.values())


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return web and _UNSTORABLE.search(address) is None


def _xml_entries(raw: bytes, url: str) -> Iterable[tuple[str, FeedEntry]]:
    # A stream, not bytes: feedparser takes bytes for a file name first.
    parsed = feedparser.parse(
        io.BytesIO(raw), response_headers={"content-location": url}, sanitize_html=False
    )
    if not parsed.get("version"):
        told = parsed.get("bozo_exception")
        raise FeedError(f"it is not a feed ({told})" if told else "it is not a feed")
    for entry in parsed.entries:
        published, precision = _feedparser_time(entry, "published")
        updated, updated_precision = _feedparser_time(entry, "updated")
        if published is None:
            published, precision = updated, updated_precision
        title = " ".join(str(entry.get("title", "")).split())
        link = str(entry.get("link", ""))
        yield link, FeedEntry(link, title, published, precision, updated)


def _feedparser_time(entry: Any, name: str) -> tuple[datetime | None, str]:
    """Return one of an entry's times, aware UTC, with its precision."""
    parsed = entry.get(f"{name}_parsed") if name in entry else None
    if parsed is None:
        return None, "unknown"
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None, "unknown"
    return moment, "instant" if _TIME_OF_DAY.search(str(entry[name])) else "day"


def _json_entries(raw: bytes) -> Iterable[tuple[str, FeedEntry]]:
    try:
        feed = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FeedError(f"it is not valid JSON ({error})") from error
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/"):
        raise FeedError("it is JSON, but not a JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise FeedError("its 'items' is not a list")
    for item in items:
        if not isinstance(item, dict):
            continue
        published, precision = _iso_time(str(item.get("date_published") or ""))
        updated, _ = _iso_time(str(item.get("date_modified") or ""))
        link = str(item.get("url") or "")
        title = " ".join(str(item.get("title") or "").split())
        yield link, FeedEntry(link, title, published, precision, updated)


def _sitemap_entries(raw: bytes) -> Iterable[tuple[str, FeedEntry]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(raw, parser)
    if root is None:
        raise FeedError("it is not a sitemap that can be read")
    for url in root.iter(f"{_SITEMAP}url"):
        link = url.findtext(f"{_SITEMAP}loc") or ""
        published, precision = _iso_time(url.findtext(f".//{_NEWS}publication_date") or "")
        title = " ".join((url.findtext(f".//{_NEWS}title") or "").split())
        updated, _ = _iso_time(url.findtext(f"{_SITEMAP}lastmod") or "")
        yield link, FeedEntry(link, title, published, precision, updated)


def _iso_time(text: str) -> tuple[datetime | None, str]:
    return read_iso(text) or (None, "unknown")
