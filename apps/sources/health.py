"""How a feed does, in words and in a picture of its last days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils.timesince import timesince

from apps.sources.models import Feed

STRIP_DAYS = 30
# The states that somebody should look at.
TROUBLE = (Feed.Health.DEAD, Feed.Health.FAILING, Feed.Health.SILENT)


def told(feed: Feed, now: datetime) -> str:
    """Say how a feed does at `now`; `feed` has `health` (FeedQuerySet.with_health)."""
    health = feed.health  # type: ignore[attr-defined]
    if health == Feed.Health.OFF:
        return "Off: it is not polled."
    if health == Feed.Health.NEW:
        return "It was not read yet."
    if health in (Feed.Health.DEAD, Feed.Health.FAILING):
        since = f" since {feed.failing_since:%Y-%m-%d %H:%M} UTC" if feed.failing_since else ""
        times = f"{feed.failures} failure{'s' if feed.failures > 1 else ''}{since}."
        return f"{times} {feed.last_error}"
    news = (
        f"The last new entry came {_ago(feed.last_new, now)}."
        if feed.last_new
        else "No new entry yet."
    )
    return f"{news} It usually brings {often(feed.per_day)}." if feed.per_day else news


def _ago(moment: datetime, now: datetime) -> str:
    return f"{timesince(moment, now, depth=1)} ago".replace("\xa0", " ")


def often(per_day: float | None) -> str:
    """Say how much a feed brings."""
    if per_day is None:
        return "–"
    if per_day >= 1:
        return f"{per_day:.0f} a day"
    if per_day * 7 >= 1:
        return f"{per_day * 7:.0f} a week"
    return f"{per_day * 30:.0f} a month" if per_day * 30 >= 1 else "less than one a month"


def in_trouble(now: datetime) -> dict[str, int]:
    """Return how many active feeds are dead, failing and silent at `now`, what there is of these; one query."""
    rows = Feed.objects.filter(active=True).with_health(now).order_by().values("health")  # type: ignore[misc]
    counts = {row["health"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    return {state.value: counts[state.value] for state in TROUBLE if state.value in counts}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the strip: `state` is news, quiet, failed or none; `height` of 20."""

    day: date
    state: str
    height: float
    fresh: int


def strip(days: Sequence[Mapping[str, object]], today: date) -> list[Day]:
    """Return the last STRIP_DAYS days, oldest first; `days` are FeedDay's columns, in any order."""
    known = {str(day["day"]): day for day in days}
    most = max((int(str(day["fresh"])) for day in days), default=0)
    found = []
    for before in range(STRIP_DAYS - 1, -1, -1):
        day = today - timedelta(days=before)
        row = known.get(day.isoformat())
        fresh = int(str(row["fresh"])) if row else 0
        if row is None:
            state = "none"
        elif fresh:
            state = "news"
        else:
            state = "quiet" if row["ok"] else "failed"
        height = round(max(4, 20 * fresh / most), 1) if fresh else 4
        found.append(Day(day, state, height, fresh))
    return found


def strip_words(days: Sequence[Day]) -> str:
    """Say what the strip shows."""
    fresh, failed = sum(day.fresh for day in days), sum(day.state == "failed" for day in days)
    polled = sum(day.state != "none" for day in days)
    if not polled:
        return f"Not polled within {STRIP_DAYS} days."
    failures = f"; nothing could be read on {failed} of them" if failed else ""
    return f"{fresh:,} new entries on the {polled} days of the last {STRIP_DAYS} it was polled{failures}."
