"""What a feed says, whatever its format: a document with its entries; and plain text of what they write."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from lxml import etree

_LONGEST = 20_000  # characters of a text looked at
SUMMARY_LENGTH = 2000
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head"})
_BLOCKS = frozenset(
    ("article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figcaption", "figure",
     "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "img", "li", "main", "nav",
     "ol", "option", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
# What feeds can say, and no database keeps or no XML carries.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class FeedError(Exception):
    """The bytes are not a feed that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. `published` is aware UTC; `precision` is instant, day or unknown; "" where nothing is said."""

    url: str
    title: str = ""
    published: datetime | None = None
    precision: str = "unknown"
    updated: datetime | None = None
    guid: str = ""
    author: str = ""
    summary: str = ""  # plain text, its first SUMMARY_LENGTH characters
    language: str = ""  # as written: fa, en-GB
    agency: str = ""  # whom the feed names as the entry's source or publisher
    categories: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """A digest by which the entry is known again, whatever tracking its address carries.

        A guid alone does not do: there are feeds whose entries all have the same one.
        """
        told = f"{self.guid}\n{self.title}" if self.guid else self.url
        return sha256(told.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed as it was read. `parts` are addresses of further sitemaps, where it is an index of those."""

    kind: str  # rss | atom | json | sitemap
    title: str = ""
    language: str = ""
    link: str = ""  # the site's page, not the feed's own address
    entries: tuple[FeedEntry, ...] = ()
    parts: tuple[str, ...] = field(default=())


def folded(text: object) -> str:
    """Return one line of storable text: white space folded, "" for None."""
    return " ".join(_UNSTORABLE.sub("", str(text or "")).split())


def plain(markup: object) -> str:
    """Return the text of a piece of HTML as one line: without tags, scripts and comments, entities resolved."""
    text = _UNSTORABLE.sub("", str(markup or "")[:_LONGEST])
    if "<" not in text or ">" not in text:  # no tag can be complete
        return folded(html.unescape(text))
    try:
        root = etree.fromstring(f"<div>{text}</div>", etree.HTMLParser(remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    return folded("".join(_pieces(root))) if root is not None else ""


def _pieces(root: etree._Element) -> Iterator[str]:
    """Yield the text of an element and all in it, a space where a block begins and ends."""
    unseen = 0
    for event, part in etree.iterwalk(root, events=("start", "end")):
        name = part.tag if isinstance(part.tag, str) else ""
        unseen += (name in _UNSEEN) * (1 if event == "start" else -1)
        if name in _BLOCKS:
            yield " "
        if not unseen:
            yield (part.text if event == "start" else part.tail) or ""
