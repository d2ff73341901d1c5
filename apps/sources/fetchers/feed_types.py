"""What a feed says, whatever its format: a document with its entries; and plain text made of what they write."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

_LONGEST = 20_000  # characters of a text looked at
SUMMARY_LENGTH = 2000
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|hr|img|section|article)\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
# What feeds can say and no database keeps.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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
    text = _UNSEEN.sub(" ", str(markup or "")[:_LONGEST])
    return folded(html.unescape(_TAG.sub("", _BREAK.sub(" ", text))))
