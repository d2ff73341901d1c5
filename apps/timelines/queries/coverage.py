"""What was read on the days of a chart: feeds alive, articles seen, share undated. Quiet is not blind.

A feed is alive on a day on which at least one attempt to read it succeeded. An article counts on the day it was
published on; an undated one counts on none, and is told apart for the day it was first seen. Days are UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext, ngettext

from apps.articles.models import Article
from apps.sources.models import FeedDay
from apps.timelines import wording
from apps.timelines.drawing.chart_frame import Covered
from apps.timelines.models import Timeline

MOST_PARTS: Final = 120
MOST_TOLD: Final = 3
_DAY: Final = timedelta(days=1)
# First and last day, both included.
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The parts of the strip in order, and its gaps in words."""

    parts: Sequence[Covered] = ()
    words: str = ""


def coverage(timeline: Timeline, start: date, end: date, moment: datetime | None) -> Coverage:
    """Return what was read from `start` to `end`, known at `moment` (aware); three queries.

    `end` is the last day that can be known: today, or the day as of which is asked.
    """
    feeds = dict(timeline.feeds.values_list("pk", "source_id"))
    if not feeds:
        return Coverage(
            words=gettext("No feed is followed for this timeline: nothing tells quiet from unseen.")
        )
    if end < start:
        return Coverage()
    alive = _alive(list(feeds), start, end, moment)
    seen = _seen(set(feeds.values()), start, end, moment)
    days = [start + n * _DAY for n in range((end - start).days + 1)]
    step = -(-len(days) // MOST_PARTS)
    parts = [_part(days[n : n + step], len(feeds), alive, seen) for n in range(0, len(days), step)]
    return Coverage(parts, told(_gaps(days, alive), (start, end)))


def _instants(start: date, end: date) -> tuple[datetime, datetime]:
    """Return the first instant of `start` and that after `end`."""
    return (
        datetime.combine(start, time.min, UTC),
        datetime.combine(end + _DAY, time.min, UTC),
    )


def _alive(feeds: list[int], start: date, end: date, moment: datetime | None) -> dict[date, int]:
    """Count the feeds that were alive on each day on which any was."""
    days = FeedDay.objects.filter(feed__in=feeds, ok__gt=0, day__gte=start, day__lte=end)
    if moment is not None:
        days = days.filter(first_ok__lte=moment)
    return dict(days.order_by().values_list("day").annotate(alive=Count("pk")))


def _seen(
    sources: set[int], start: date, end: date, moment: datetime | None
) -> dict[date, tuple[int, int]]:
    """Count the followed sources' articles published each day, and those without a date first seen then.

    Samples count never.
    """
    first, after = _instants(start, end)
    rows = (
        Article.objects.as_of(moment)
        .filter(source__in=sources, project_written=False)
        .annotate(seen=Coalesce("published_at", "first_seen_at"))
        .filter(seen__gte=first, seen__lt=after)
        .order_by()
        .annotate(day=TruncDate("seen", tzinfo=UTC))
        .values_list("day")
        .annotate(articles=Count("published_at"), undated=Count("pk", filter=Q(published_at=None)))
    )
    return {day: (articles, undated) for day, articles, undated in rows}


def _part(
    days: Sequence[date], feeds: int, alive: dict[date, int], seen: dict[date, tuple[int, int]]
) -> Covered:
    counts = [seen.get(day, (0, 0)) for day in days]
    return Covered(
        start=days[0],
        end=days[-1],
        alive=max(alive.get(day, 0) for day in days),
        feeds=feeds,
        articles=sum(articles for articles, _ in counts),
        undated=sum(undated for _, undated in counts),
    )


def _gaps(days: Sequence[date], alive: dict[date, int]) -> list[Span]:
    """Return the spans of days on which no feed was alive, in order."""
    gaps: list[Span] = []
    for day in days:
        if alive.get(day):
            continue
        if gaps and gaps[-1][1] == day - _DAY:
            gaps[-1] = (gaps[-1][0], day)
        else:
            gaps.append((day, day))
    return gaps


def told(gaps: Sequence[Span], shown: Span) -> str:
    """Say on which days no feed was alive, the three longest spells by name; empty where there was none."""
    if not gaps:
        return ""
    if list(gaps) == [shown]:
        return gettext("No feed was alive on any of these days.")
    longest = sorted(gaps, key=lambda gap: (gap[0] - gap[1], gap[0]))[:MOST_TOLD]
    days = ", ".join(wording.days(*gap) for gap in sorted(longest))
    rest = len(gaps) - len(longest)
    if not rest:
        return gettext("No feed was alive %(days)s.") % {"days": days}
    words = ngettext(
        "No feed was alive %(days)s and in %(number)s shorter gap.",
        "No feed was alive %(days)s and in %(number)s shorter gaps.",
        rest,
    )
    return words % {"days": days, "number": f"{rest:,}"}
