"""What a feed listed: each entry is noted once, and how the feed does is worked out from that."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Sum

from apps.sources.fetchers.feed_types import FeedDocument, FeedEntry
from apps.sources.habits import HABIT_DAYS, next_pace, patience
from apps.sources.models import Feed, FeedDay, ListedEntry


def note(feed: Feed, entries: Sequence[FeedEntry], now: datetime) -> int:
    """Write down the entries that the feed never listed before; return how many."""
    known = set(identities(feed, entries))
    rows = {
        entry.identity: _row(feed, entry, now) for entry in entries if entry.identity not in known
    }
    ListedEntry.objects.bulk_create(rows.values(), batch_size=500, ignore_conflicts=True)
    return len(rows)


def identities(feed: Feed, entries: Iterable[FeedEntry]) -> dict[str, datetime]:
    """Return when each of the entries was listed first, by identity; those never listed are left out."""
    asked = [entry.identity for entry in entries]
    listed = ListedEntry.objects.filter(feed=feed, identity__in=asked).order_by()
    return dict(listed.values_list("identity", "listed_at"))


def _row(feed: Feed, entry: FeedEntry, now: datetime) -> ListedEntry:
    return ListedEntry(
        feed=feed,
        identity=entry.identity,
        url=entry.url[:2000],
        guid=entry.guid[:1000],
        title=entry.title[:500],
        author=entry.author[:300],
        summary=entry.summary,
        language=entry.language[:35],
        agency=entry.agency[:200],
        categories=[category[:200] for category in entry.categories[:30]],
        published_at=entry.published,
        published_precision=entry.precision[:8],
        listed_at=now,
    )


def course(feed: Feed, fresh: int, now: datetime) -> dict[str, Any]:
    """Return the columns of a feed that a successful poll with `fresh` new entries changes.

    The first poll brings whatever the feed has: it tells nothing about the pace, and sets the clock of silence.
    """
    pace = feed.pace_minutes or feed.interval_minutes
    if feed.last_success is not None:
        pace = next_pace(pace, fresh)
    told: dict[str, Any] = {"pace_minutes": pace, "next_due": now + timedelta(minutes=pace)}
    if fresh or feed.last_new is None:
        per_day = _per_day(feed, fresh if feed.last_success else 0, now)
        told |= {"last_new": now if fresh else None, "per_day": per_day}
        told["silent_after"] = now + patience(per_day)
    return told


def described(document: FeedDocument) -> dict[str, str]:
    """Return what a feed says of itself, for the columns that it says anything about."""
    title, language = document.title[:300], document.language[:35]
    told = {"title": title, "language": language, "site": document.link}
    if len(document.link) > 1000:
        told["site"] = ""
    return {name: value for name, value in told.items() if value}


def _per_day(feed: Feed, fresh: int, now: datetime) -> float | None:
    """Return the new entries a day of the last days, this poll's included; None within the first day."""
    since = (now - timedelta(days=HABIT_DAYS)).date()
    days = FeedDay.objects.filter(feed=feed, day__gte=since)
    told = days.aggregate(fresh=Sum("fresh"), first=Min("day"))
    watched = (now.date() - told["first"]).days if told["first"] else 0
    return (fresh + (told["fresh"] or 0)) / watched if watched else None
