"""Dates as people write them in dossier files: `2020-01-03`, `2020-05`, `2020`, and `first/last`."""

import re
from calendar import monthrange
from datetime import date
from typing import Final

_SHAPE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def precision_of(text: str) -> str:
    """Tell how precise one written date is: day, month or year."""
    return ("year", "month", "day")[text.count("-")]


def days_of(text: str) -> tuple[date, date]:
    """Return the first and last day that one written date names.

    Raises ValueError with a sentence where it is no date.
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not a date; write 2020-01-03, 2020-01 or 2020")
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if day:
            return (date(year, month, day),) * 2
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError as error:
        raise ValueError(f"'{text}' is not in the calendar: {error}") from None


def interval_of(text: str) -> tuple[date, date, str]:
    """Return first day, last day and precision of `2020-01-03` or `2020-01-04/2020-01-05`.

    Raises ValueError with a sentence where a part is no date or the last day is before the first.
    """
    first_text, slash, last_text = text.partition("/")
    first, last = days_of(first_text)
    precision = precision_of(first_text)
    if slash:
        last = days_of(last_text)[1]
        if precision_of(last_text) != precision:
            raise ValueError(f"'{text}': both ends of an interval must be equally precise")
    if last < first:
        raise ValueError(f"'{text}': the interval ends before it starts")
    return first, last, precision


def edtf_of(first: date, last: date, precision: str) -> str:
    """Write days and precision as an Extended Date/Time Format string, level 1 (`~`: about)."""
    keep, mark = {"day": (10, ""), "week": (10, "~"), "month": (7, ""), "year": (4, "")}[precision]
    start, end = first.isoformat()[:keep] + mark, last.isoformat()[:keep] + mark
    return start if start == end else f"{start}/{end}"


def written(first: date, last: date, precision: str) -> tuple[str, str]:
    """Write days as dossier files have them; return the text and the precision to note beside it.

    The precision is "" where the text tells it. The inverse of interval_of() and a noted `precision`.
    """
    if precision in ("month", "year"):
        keep = {"month": 7, "year": 4}[precision]
        start, end = first.isoformat()[:keep], last.isoformat()[:keep]
        text = start if start == end else f"{start}/{end}"
        if interval_of(text)[:2] == (first, last):
            return text, ""
    days = first.isoformat() if first == last else f"{first}/{last}"
    return days, "" if precision == "day" else precision
