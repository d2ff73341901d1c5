"""Calendar units as intervals: days, weeks from Monday, months, years, and parts of them."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

from apps.annotations.pipeline.types import Interval, Precision

Unit = Literal["day", "week", "month", "year"]
_EARLIEST, _LATEST = date(1000, 1, 1), date(2999, 12, 31)


class NoSuchDayError(ValueError):
    """The wording names a day that the calendar does not have."""


def day(year: int, month: int, number: int) -> Interval:
    """One day; NoSuchDayError for 31 April."""
    try:
        return on(date(year, month, number))
    except ValueError:
        raise NoSuchDayError(f"{year}-{month}-{number} is not in the calendar") from None


def on(moment: date) -> Interval:
    """The day itself."""
    return Interval(moment, moment, "day")


def week(moment: date) -> Interval:
    """The week, Monday to Sunday, that holds the day."""
    monday = shifted(moment, "day", -moment.weekday())
    return Interval(monday, shifted(monday, "day", 6), "week")


def month(year: int, number: int) -> Interval:
    """A whole month."""
    if not 1 <= number <= 12:
        raise NoSuchDayError(f"there is no month {number}")
    return Interval(date(year, number, 1), date(year, number, monthrange(year, number)[1]), "month")


def year(number: int) -> Interval:
    """A whole year."""
    return Interval(date(number, 1, 1), date(number, 12, 31), "year")


def months(first_year: int, first: int, count: int, precision: Precision = "month") -> Interval:
    """Several whole months: a season, a quarter."""
    start = date(first_year, first, 1)
    last = shifted(start, "month", count - 1)
    return Interval(start, month(last.year, last.month).end, precision)


def years(first: int, last: int) -> Interval:
    """Several whole years: a decade."""
    return Interval(date(first, 1, 1), date(last, 12, 31), "year")


def nth_weekday(number: int, month_number: int, weekday: int, which: int) -> Interval:
    """The first, second ... such weekday of a month; the 0th: the first one after its first Monday."""
    first = date(number, month_number, 1)
    ahead = (weekday - first.weekday()) % 7 if which else (-first.weekday()) % 7 + weekday
    return on(shifted(first, "day", ahead + 7 * max(which - 1, 0)))


def unit_of(moment: date, unit: Unit) -> Interval:
    """The day, week, month or year that holds the day."""
    if unit == "day":
        return on(moment)
    if unit == "week":
        return week(moment)
    return month(moment.year, moment.month) if unit == "month" else year(moment.year)


def shifted(moment: date, unit: Unit, count: int) -> date:
    """The day so many units on; the last of the month where the month is shorter.

    Raises NoSuchDayError beyond the years 1000 to 2999.
    """
    try:
        if unit in ("day", "week"):
            result = moment + timedelta(days=count * (7 if unit == "week" else 1))
        else:
            index = moment.year * 12 + moment.month - 1 + count * (12 if unit == "year" else 1)
            to_year, to_month = index // 12, index % 12 + 1
            result = date(to_year, to_month, min(moment.day, monthrange(to_year, to_month)[1]))
    except (ValueError, OverflowError):
        raise NoSuchDayError(f"{count} {unit}s from {moment} is beyond the calendar") from None
    if not _EARLIEST <= result <= _LATEST:
        raise NoSuchDayError(f"{count} {unit}s from {moment} is beyond the calendar")
    return result


def part(whole: Interval, which: str) -> Interval | None:
    """A part of a unit: early, mid, late, start or end; None where the unit is too short to be parted."""
    if whole.precision == "month":
        length = (whole.end - whole.start).days + 1
        if length > 31:
            return None
        edges = {
            "early": (1, 10),
            "mid": (11, 20),
            "late": (21, length),
            "start": (1, 7),
            "end": (length - 6, length),
        }
        first, last = edges[which]
        return Interval(whole.start.replace(day=first), whole.start.replace(day=last), "week")
    if whole.precision == "year" and whole.start.year == whole.end.year:
        edges = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "start": (1, 1), "end": (12, 12)}
        first, last = edges[which]
        return months(whole.start.year, first, last - first + 1)
    return None


def clipped(whole: Interval, start: date | None = None, end: date | None = None) -> Interval | None:
    """The days of `whole` from `start` on and until `end`; None where none is left."""
    first = max(whole.start, start) if start else whole.start
    last = min(whole.end, end) if end else whole.end
    return Interval(first, last, whole.precision) if first <= last else None
