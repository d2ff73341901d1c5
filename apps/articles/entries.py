"""What a feed lists becomes intake: each entry's page once, and again when the feed says it was updated."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils import timezone

from apps.articles.incoming import Incoming, enqueue
from apps.articles.models import IntakeBatch, IntakeItem
from apps.sources.fetchers.feeds import FeedEntry
from apps.sources.listed import identities
from apps.sources.models import Feed

_CLOCKS_DIFFER = timedelta(days=1)


def take(feed: Feed, entries: Sequence[FeedEntry]) -> IntakeBatch | None:
    """Enqueue the entries of a poll that this feed has not brought yet; None where there are none.

    An entry is known by its address, and by its guid and title where its address differs from poll to poll.
    """
    listed = identities(feed, entries)
    seen = dict(
        IntakeItem.objects.filter(feed=feed, url__in=[entry.url[:2000] for entry in entries])
        .order_by("batch__created_at")
        .values_list("url", "batch__created_at")
    )
    now = timezone.now()
    fresh = [
        entry
        for entry in entries
        if (since := seen.get(entry.url) or listed.get(entry.identity)) is None
        or (entry.updated is not None and since < entry.updated <= now)
    ]
    return enqueue(incoming(fresh), label=f"feed {feed.url}", feed=feed) if fresh else None


def incoming(entries: Iterable[FeedEntry]) -> Iterable[Incoming]:
    """Turn entries into items whose pages are still to be fetched.

    A publication time that lies in the future is an error of the feed and not taken.
    """
    latest = timezone.now() + _CLOCKS_DIFFER
    for entry in entries:
        believed = entry.published is not None and entry.published <= latest
        yield Incoming(
            label=entry.url,
            url=entry.url,
            title=entry.title,
            published_at=entry.published if believed else None,
            published_precision=entry.precision if believed else "",
        )
