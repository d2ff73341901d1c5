"""ISO 8601 dates and times with the precision they were written in."""

import re
from datetime import UTC, datetime

_TIME_OF_DAY = re.compile(r"\d[T ]\d{1,2}:?\d\d")


def read_iso(text: str) -> tuple[datetime, str] | None:
    """Read a date or time; return it as aware UTC with its precision, "instant" or "day".

    None where it is no such date. A time without zone is taken as UTC.
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC), "instant" if _TIME_OF_DAY.search(text) else "day"
    except (ValueError, OverflowError):
        return None
