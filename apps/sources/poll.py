"""Polling feeds: one poll is read, recorded and handed on, whole or not at all."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.core import history
from apps.core.stages import PostponedError, database_now
from apps.sources import documents, listed
from apps.sources.fetchers import feeds, http
from apps.sources.fetching import fetch
from apps.sources.models import Feed, FeedPoll

logger = logging.getLogger(__name__)

# What becomes of a poll's entries is the next stage's business: it hands its function in.
Take = Callable[[Feed, Sequence[feeds.FeedEntry]], object]

_LONGEST_PAUSE = timedelta(days=1)
_AT_ONCE = 5_000
_DIED = "The worker died or was stopped while it read this feed."


def waiting() -> QuerySet[Feed]:
    """Active feeds that are due, the one that waits longest first."""
    return Feed.objects.due(database_now()).select_related("source").order_by("next_due")


def poll(feed: Feed, *, take: Take) -> FeedPoll | None:
    """Read `feed` once and give its entries to `take`; None where it was not due or another worker has it.

    The poll's record, the feed's conditional-request marks and what `take` writes are committed together,
    so that an entry is never marked as seen and lost.
    """
    if not _claim(feed):
        return None
    if feed.polling_since is not None:
        return _record_failure(feed, _DIED)
    try:
        answer = fetch(feed.url, headers=_conditions(feed))
        document = documents.read(answer) if answer.status == 200 else None
        with transaction.atomic():
            take(feed, document.entries if document else ())
            return _record_success(feed, answer, document)
    except PostponedError as later:
        Feed.objects.filter(pk=feed.pk).update(next_due=later.until, polling_since=None)
        return None
    except http.FetchError as error:
        gone, pause = error.status == 410, error.retry_after or 0
        return _record_failure(feed, str(error), gone=gone, pause=pause)
    except feeds.FeedError as error:
        return _record_failure(feed, f"{feed.url} could not be read: {error}.")
    except Exception as error:
        logger.exception("polling %s failed", feed.url)
        return _record_failure(feed, f"{type(error).__name__}: {error}")


def _claim(feed: Feed) -> bool:
    """Take the feed for this worker by moving its next poll into the future, if nobody did so before.

    `feed.polling_since` is left as it was: a mark that is there was left by a worker that died.
    """
    now = database_now()
    later = now + timedelta(minutes=feed.interval_minutes)
    due = Feed.objects.due(now).filter(pk=feed.pk)
    with transaction.atomic():
        found = due.select_for_update().values("polling_since").first()
        if found is None:
            return False
        feed.polling_since = found["polling_since"]
        due.update(next_due=later, polling_since=now)
    return True


def _conditions(feed: Feed) -> dict[str, str]:
    """Headers that let the server answer 304 where nothing changed."""
    marks = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    return {name: value for name, value in marks.items() if value}


def _record_success(
    feed: Feed, answer: http.Fetched, document: feeds.FeedDocument | None
) -> FeedPoll:
    """Write a poll that was read; `document` is None where nothing changed since the last."""
    now = database_now()
    entries = document.entries if document else ()
    fresh = listed.note(feed, entries, now)
    changed: dict[str, Any] = {"failures": 0, "last_error": "", "last_success": now}
    changed |= {
        "polling_since": None,
        "gone": False,
        "failing_since": None,
        **listed.course(feed, fresh, now),
    }
    if document:
        changed |= listed.described(document)
    if answer.moved:
        _move(feed, answer.moved)
    if answer.status == 200:
        changed["etag"] = _fitting(answer, "etag", 400)
        changed["last_modified"] = _fitting(answer, "last-modified", 100)
    Feed.objects.filter(pk=feed.pk).update(**changed)
    # What the first poll finds is no news of that day.
    news = fresh if feed.last_success else 0
    return FeedPoll.objects.create(feed=feed, at=now, ok=True, items=len(entries), fresh=news)


def _move(feed: Feed, address: str) -> None:
    """Ask a feed that moved for good at its new address from now on, unless another feed has it."""
    if address == feed.url or len(address) > 1000:
        return
    if Feed.objects.filter(url=address).exclude(pk=feed.pk).exists():
        logger.warning("%s moved to %s, which is another feed: turn one off", feed.url, address)
        return
    with history.noted(who="polling", why=f"{feed.url} redirects there for good."):
        Feed.objects.filter(pk=feed.pk).update(url=address)


def _fitting(answer: http.Fetched, header: str, length: int) -> str:
    """A header's value, or nothing where it is too long to be kept whole."""
    value = answer.headers.get(header, "")
    return value if len(value) <= length and value.isprintable() else ""


@transaction.atomic
def _record_failure(feed: Feed, reason: str, *, gone: bool = False, pause: float = 0) -> FeedPoll:
    """Write a failed poll; each failure in a row doubles the pause, up to a day: at once where it is `gone`.

    The server itself may ask for `pause` seconds at least.
    """
    now = database_now()
    failures = feed.failures + 1
    doubled = timedelta(minutes=feed.interval_minutes) * 2 ** min(failures, 16)
    until = now + (_LONGEST_PAUSE if gone else min(doubled, _LONGEST_PAUSE))
    Feed.objects.filter(pk=feed.pk).update(
        failures=failures,
        last_error=reason,
        next_due=max(until, now + timedelta(seconds=pause)),
        polling_since=None,
        failing_since=feed.failing_since or now,
        gone=gone,
    )
    return FeedPoll.objects.create(feed=feed, at=now, ok=False, error=reason)


def forget(days: int) -> int:
    """Delete the polls that are older than `days`, some at a time; return how many. Their FeedDays stay."""
    before, total = database_now() - timedelta(days=days), 0
    while True:
        old = FeedPoll.objects.filter(at__lt=before).order_by("at").values("pk")[:_AT_ONCE]
        count, _ = FeedPoll.objects.filter(pk__in=old).delete()
        total += count
        if count < _AT_ONCE:
            return total
