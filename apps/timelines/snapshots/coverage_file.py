"""What was read on each day of a timeline, as a file: quiet is not blind."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from apps.timelines.asof import AsOf
from apps.timelines.models import Timeline
from apps.timelines.queries.coverage import MOST_PARTS, coverage
from apps.timelines.snapshots.index_files import lines

COLUMNS: Final = ("day", "feeds_followed", "feeds_alive", "articles", "articles_undated")


def coverage_file(timeline: Timeline, first: date, last: date, as_of: AsOf) -> Iterator[bytes]:
    """Yield coverage.csv: one line a day, none where no feed is followed."""
    return lines(COLUMNS, _days(timeline, first, last, as_of))


def _days(
    timeline: Timeline, first: date, last: date, as_of: AsOf
) -> Iterator[tuple[date, int, int, int, int]]:
    """Ask for as many days at once as are told day by day."""
    while first <= last:
        until = min(last, first + timedelta(days=MOST_PARTS - 1))
        for part in coverage(timeline, first, until, as_of.moment).parts:
            yield part.start, part.feeds, part.alive, part.articles, part.undated
        first = until + timedelta(days=1)
