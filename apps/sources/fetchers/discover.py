"""Where a site's feeds may be: what its page names, the usual addresses, the sitemaps that robots.txt lists."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree

TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rss",
    "application/feed+json": "json",
    "application/json": "json",
}
# Of common publishing systems, the likeliest first.
USUAL = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
USUAL_SITEMAPS = ("/sitemap-news.xml", "/news-sitemap.xml")
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_LOOKS = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?|rdf)(?:[/._?-]|$)", re.IGNORECASE)
_MOST = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's, and what the page calls it."""

    url: str
    title: str = ""


def named(page: bytes, url: str) -> list[Candidate]:
    """Return the feeds that a page names: in its head first, then links that look like one's."""
    try:
        root = etree.fromstring(page, etree.HTMLParser(remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    base = urljoin(url, next((b.get("href", "") for b in root.iter("base")), ""))
    found: dict[str, Candidate] = {}
    for link in root.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in (link.get("rel") or "").lower().split() and kind in TYPES:
            _add(found, base, link.get("href"), link.get("title"))
    for link in root.iter("a"):
        if _LOOKS.search(urlsplit_path(link.get("href"))):
            _add(found, base, link.get("href"), " ".join("".join(link.itertext()).split()))
    return list(found.values())[:_MOST]


def urlsplit_path(href: str | None) -> str:
    """Return host and path of a link, "" where it is none that can be read."""
    try:
        parts = urlsplit(href or "")
    except ValueError:
        return ""
    return f"{parts.netloc}{parts.path}"


def _add(found: dict[str, Candidate], base: str, href: str | None, title: str | None) -> None:
    try:
        address = urljoin(base, (href or "").strip())
    except ValueError:
        return
    if href and address.startswith(("http://", "https://")):
        found.setdefault(address, Candidate(address, (title or "").strip()[:200]))


def usual(url: str) -> list[Candidate]:
    """Return the addresses at which feeds of a site usually are."""
    return [Candidate(urljoin(url, path)) for path in (*USUAL, *USUAL_SITEMAPS)]


def sitemaps(robots: bytes, url: str) -> list[Candidate]:
    """Return the sitemaps that a robots.txt lists, those of news first."""
    listed = _SITEMAP.findall(robots[:500_000].decode("utf-8", "replace"))
    found = dict.fromkeys(urljoin(url, address) for address in listed)
    return [Candidate(a) for a in sorted(found, key=lambda a: "news" not in a.lower())][:_MOST]
