"""From any address of a site to its feeds: each is fetched and read before it is offered."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from apps.sources.fetchers import discover, feeds, http
from apps.sources.fetchers.opml import Outline
from apps.sources.fetching import fetch_now

_MOST_TRIED = 12
_MOST_FOUND = 8
_SECONDS = 25.0  # for all requests of one search: somebody waits for the answer
_SECONDS_EACH = 6.0


class NothingFoundError(Exception):
    """The site has no feed that could be found; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was read: its address after redirects, and what it has."""

    url: str
    kind: str
    title: str
    language: str
    entries: int
    newest: datetime | None
    site: str = ""


def outline(found: Found) -> Outline:
    """Return a found feed as a list of feeds would name it."""
    return Outline(
        url=found.url,
        title=found.title,
        site=found.site,
        language=found.language,
        told={"kind": found.kind},
    )


def find(address: str) -> list[Found]:
    """Return the feeds of the site that `address` belongs to; the address may be a feed's own.

    A page's own feeds are taken first; only where it names none, the usual addresses and the sitemaps of
    robots.txt are tried. Raises FetchError where the address cannot be fetched, NothingFoundError where the
    site has no feed that could be read.
    """
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    until = time.monotonic() + _SECONDS
    asked = _fetch(address)
    if feeds.looks_like_feed(asked.body):
        found = _read(asked)
        if found:
            return [found]
    for candidates in (_named(asked), _guessed(asked.url)):
        found_here = _tried(candidates, until)
        if found_here:
            return found_here
    raise NothingFoundError(
        f"No feed was found at {address}. Look for RSS on the site and give the feed's own address."
    )


def _named(page: http.Fetched) -> Callable[[], Iterable[discover.Candidate]]:
    return lambda: discover.named(page.body, page.url)


def _guessed(url: str) -> Callable[[], Iterable[discover.Candidate]]:
    def guess() -> Iterable[discover.Candidate]:
        robots = urljoin(url, "/robots.txt")
        try:
            yield from [c for c in discover.sitemaps(_fetch(robots).body, url) if "news" in c.url]
        except http.FetchError:
            yield from ()
        yield from discover.usual(url)

    return guess


def _tried(candidates: Callable[[], Iterable[discover.Candidate]], until: float) -> list[Found]:
    found: dict[str, Found] = {}
    for number, candidate in enumerate(candidates()):
        if number >= _MOST_TRIED or len(found) >= _MOST_FOUND or time.monotonic() > until:
            break
        try:
            read = _read(_fetch(candidate.url))
        except http.FetchError:
            continue  # one of many guesses
        if read is not None:
            named = read if read.title else replace(read, title=candidate.title)
            found.setdefault(read.url, named)
    return list(found.values())


def _fetch(url: str) -> http.Fetched:
    return fetch_now(url, timeout=_SECONDS_EACH)


def _read(answer: http.Fetched) -> Found | None:
    """Return what a fetched feed has; None where it is none or lists nothing."""
    if not feeds.looks_like_feed(answer.body):
        return None
    try:
        document = feeds.parse(answer.body, answer.url, answer.headers)
    except feeds.FeedError:
        return None
    if not document.entries and not document.parts:
        return None
    times = [entry.published for entry in document.entries if entry.published]
    return Found(
        url=answer.url,
        kind=document.kind,
        title=document.title,
        language=document.language,
        entries=len(document.entries),
        newest=max(times, default=None),
        site=document.link,
    )
