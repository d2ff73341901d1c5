"""A fetched feed as a document; of an index of sitemaps, those of its parts that can have news."""

from dataclasses import replace

from apps.sources.fetchers import feeds, http
from apps.sources.fetching import fetch_now

MOST_PARTS = 3


def read(answer: http.Fetched) -> feeds.FeedDocument:
    """Read an answer (200). An index brings the entries of its first MOST_PARTS parts, see sitemaps.parse.

    Raises FeedError where it is no feed, and FetchError where no part of an index can be had.
    """
    document = feeds.parse(answer.body, answer.url, answer.headers)
    if not document.parts:
        return document
    entries: dict[str, feeds.FeedEntry] = {}
    problems: list[http.FetchError | feeds.FeedError] = []
    for part in document.parts[:MOST_PARTS]:
        try:
            found = fetch_now(part)
            for entry in feeds.parse(found.body, found.url, found.headers).entries:
                entries.setdefault(entry.url, entry)
        except (http.FetchError, feeds.FeedError) as problem:
            problems.append(problem)
    if problems and not entries:
        raise problems[0]
    return replace(document, entries=tuple(entries.values()))
