"""Sitemaps (https://www.sitemaps.org/protocol.html): of news, of pages, and indexes of further ones."""

from datetime import UTC, datetime

from lxml import etree

from apps.core.moments import read_iso
from apps.sources.fetchers.feed_types import FeedDocument, FeedEntry, FeedError, folded

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_NEVER = datetime.min.replace(tzinfo=UTC)


def parse(raw: bytes) -> FeedDocument:
    """Read a sitemap, or an index: its `parts`, that of news first, then the one changed last.

    Raises FeedError where nothing can be read.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"it is not a sitemap that can be read ({error})") from error
    if root is None or not isinstance(root.tag, str):
        raise FeedError("it is not a sitemap that can be read")
    # Sites write the namespace in many ways; the elements' own names are what counts.
    if etree.QName(root).localname == "sitemapindex":
        return FeedDocument("sitemap", parts=_parts(root))
    return FeedDocument("sitemap", entries=tuple(_entry(url) for url in root.iter("{*}url")))


def _parts(root: etree._Element) -> tuple[str, ...]:
    found = []
    for part in root.iter("{*}sitemap"):
        address = (part.findtext("{*}loc") or "").strip()
        changed, _ = _time(part.findtext("{*}lastmod"))
        found.append(("news" not in address.lower(), changed or _NEVER, address))
    newest = sorted(found, key=lambda one: one[1], reverse=True)
    return tuple(address for _, _, address in sorted(newest, key=lambda one: one[0]))


def _entry(url: etree._Element) -> FeedEntry:
    published, precision = _time(url.findtext(f".//{_NEWS}publication_date"))
    updated, _ = _time(url.findtext("{*}lastmod"))
    words = (url.findtext(f".//{_NEWS}keywords") or "").split(",")
    return FeedEntry(
        url=(url.findtext("{*}loc") or "").strip(),
        title=folded(url.findtext(f".//{_NEWS}title")),
        published=published,
        precision=precision,
        updated=updated,
        language=folded(url.findtext(f".//{_NEWS}publication/{_NEWS}language")),
        agency=folded(url.findtext(f".//{_NEWS}publication/{_NEWS}name")),
        categories=tuple(dict.fromkeys(folded(word) for word in words if word.strip())),
    )


def _time(text: str | None) -> tuple[datetime | None, str]:
    return read_iso(folded(text)) or (None, "unknown")
