"""How often a feed is asked, and when no news from it is news itself."""

from datetime import timedelta
from typing import Final

SHORTEST: Final = 5  # minutes
LONGEST: Final = 24 * 60
# New entries that a poll is to bring: with fewer the server is asked for nothing, with more news is late.
WANTED: Final = 2
HABIT_DAYS: Final = 30
_LONGER: Final = 1.25
_GAPS: Final = 5
_SILENCE: Final = (timedelta(days=2), timedelta(days=60))


def next_pace(pace: int, fresh: int) -> int:
    """Return the minutes until the next poll, after one that came `pace` minutes after the last.

    Nothing new: a quarter longer, so that a feed of one entry a day is asked a few times a day. One or two new
    entries: as it is. More: shorter in proportion, at most by half, as one burst is no habit. Always from
    SHORTEST to LONGEST.
    """
    factor = max(0.5, min(1.0, WANTED / fresh)) if fresh else _LONGER
    return min(max(round(pace * factor), SHORTEST), LONGEST)


def patience(per_day: float | None) -> timedelta:
    """Return for how long a feed with `per_day` new entries a day may bring nothing before it counts as silent.

    Five times the usual gap between two entries, at least two days (weekends, holidays) and at most sixty;
    two weeks where nothing is known of its habit.
    """
    if not per_day:
        return timedelta(days=14)
    shortest, longest = _SILENCE
    return min(max(timedelta(days=_GAPS / max(per_day, 0.01)), shortest), longest)
