"""Publication dates: ISO strings with their precision, and what a web page says of itself."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import Any

import htmldate
from lxml.html import HtmlElement

from apps.articles.extract.types import Published
from apps.core.moments import read_iso

_MIDDAY = timedelta(hours=12)
_ABOUT_A_DAY = timedelta(hours=26)
_META_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "publishdate",
    "pubdate",
    "date",
)


def parse(text: str, how: str) -> Published | None:
    """Read an ISO 8601 date or time; None where it is none."""
    found = read_iso(text)
    if found is None:
        return None
    told = datetime.fromisoformat(text.strip())
    return Published(found[0], found[1], how, told if told.tzinfo else None)


def of_page(tree: HtmlElement, html: str, url: str) -> Published | None:
    """Return when a page says it was first published; None where it does not.

    htmldate settles the day. Where the page's own metadata names a time within a day of it (zones differ),
    the time is taken as well.
    """
    day = htmldate.find_date(html, original_date=True, url=url or None)
    if day is None:
        return None
    settled = parse(day, "page")
    if settled is None:
        return None
    for told in _metadata(tree):
        exact = parse(told, "page")
        if exact and _has_zone(told) and abs(exact.at - settled.at - _MIDDAY) <= _ABOUT_A_DAY:
            return replace(exact, local_day=settled.day)
    return settled


def of_text(text: str) -> Published | None:
    """Return the day that a text names first, in any of htmldate's languages; None for none.

    A first of January is not believed: it stands for a year without a day.
    """
    page = f"<html><body><p>{escape(text)}</p></body></html>"
    day = htmldate.find_date(page, original_date=True)
    return None if day is None or day.endswith("-01-01") else parse(day, "page")


def _has_zone(text: str) -> bool:
    return bool(re.search(r"\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$", text.strip()))


def _metadata(tree: HtmlElement) -> Iterator[str]:
    """Publication times that the page's metadata names, the most reliable first."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            yield from _json_ld(json.loads(script), depth=0)
        except (ValueError, RecursionError):
            continue
    metas: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content][@property or @name or @itemprop]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        metas.setdefault(name.lower(), meta.get("content"))
    yield from (metas[name] for name in _META_NAMES if name in metas)


def _json_ld(value: Any, depth: int) -> Iterator[str]:
    """Every datePublished of a schema.org description, outermost first."""
    if depth > 6:
        return
    if isinstance(value, dict):
        if isinstance(value.get("datePublished"), str):
            yield value["datePublished"]
        for child in value.values():
            yield from _json_ld(child, depth + 1)
    elif isinstance(value, list):
        for child in value:
            yield from _json_ld(child, depth + 1)
