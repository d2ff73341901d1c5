"""Time expressions that name a place in the calendar: days, months, years, seasons, holidays."""

import re
from collections.abc import Callable

from apps.annotations.pipeline import dates_calendar as calendar
from apps.annotations.pipeline import dates_words as words
from apps.annotations.pipeline.dates_context import Context
from apps.annotations.pipeline.dates_values import NOTHING, Days, NotTimeError, group, parted
from apps.annotations.pipeline.types import Interval

_STALE_MONTHS = 9  # a month further back would be written with its year

_FRESH_MONTHS = 1  # a clause that points ahead hardly means the month before

_FRESH_DAYS = 20

_STEPS = ("last", "next")


def _iso(match: re.Match[str], _: Context) -> Days:
    return calendar.day(int(match["year"]), int(match["m"]), int(match["day"])), None


def _slashed(match: re.Match[str], _: Context) -> Days:
    """American order, unless the first number can only be a day."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if year < 100:
        year += 2000 if year < 50 else 1900
    if first > 12:
        first, second = second, first
    return calendar.day(year, first, second), None


def _full(match: re.Match[str], _: Context) -> Days:
    return calendar.day(
        int(match["year"]), words.month(match["month"]), words.day_number(match["day"])
    ), None


def _days(match: re.Match[str], context: Context) -> Days:
    """Two days of one month: the value is their range; dates.py makes two mentions of it."""
    month, first, last = (
        words.month(match["month"]),
        words.day_number(match["day"]),
        words.day_number(match["day2"]),
    )
    year = int(match["year"]) if match["year"] else _year_of(month, first, match, context)
    start, end = calendar.day(year, month, first), calendar.day(year, month, last)
    if last < first:
        raise NotTimeError("the days are in no order")
    return Interval(start.start, end.end, "day"), None


def _month_day(match: re.Match[str], context: Context) -> Days:
    month, number = words.month(match["month"]), words.day_number(match["day"])
    year = _remembered(month, number, match, context) or _year_of(month, number, match, context)
    return calendar.day(year, month, number), None


_NEXT_WORD = re.compile(r"['’]?[\s-]+([a-z]+)")


def _remembered(month: int, number: int, match: re.Match[str], context: Context) -> int | None:
    """The year of a day that bears the name of what happened on it: "the Sept. 11 attacks"."""
    year, followed = words.remembered().get((month, number), (0, frozenset()))
    known = year and (context.published is None or context.published.year > year)
    following = _NEXT_WORD.match(context.text, match.end()) if known else None
    return year if following and following[1] in followed else None


_TOLD_ON = re.compile(r"\b(?:on|in|since|after|from|during)\s+$", re.IGNORECASE)


def _year_of(month: int, number: int, match: re.Match[str], context: Context) -> int:
    """The year of a day or month without one: the text's last, else the nearest by where the clause points.

    News writes out the year of what is long past, so a day ten months ago is rather two months ahead.
    """
    which = group(match, "which")
    here = context.year_here()
    now = context.now
    if here is not None and which not in _STEPS:
        return here
    if now is None:
        raise NotTimeError("nothing says which year")
    passed = (month, number or 1) <= (now.month, now.day)
    if which == "last" or which == "next":
        return now.year + (passed if which == "next" else -(not passed))
    ago = (now.month - month) % 12
    direction = context.direction(match.start(), match.end())
    ahead = direction > 0
    told = direction < 0 and _TOLD_ON.search(context.text, max(0, match.start() - 8), match.start())
    future = ago > _STALE_MONTHS and not told
    if ahead:
        future = ago > _FRESH_MONTHS or not passed
    if month == now.month:
        future = ahead and not passed
        return now.year - (not passed and not future and number > now.day + _FRESH_DAYS)
    return now.year + ((month < now.month) if future else -(month > now.month))


def _relative_year(which: str, context: Context) -> int:
    which = " ".join(which.lower().split())
    base = context.then if which.startswith(("that", "the")) else context.now
    if base is None:
        raise NotTimeError("nothing says which year")
    return base.year + {"last": -1, "next": 1, "the following": 1, "the previous": -1}.get(
        which.removesuffix(" year"), 0
    )


def _month_year(match: re.Match[str], context: Context) -> Days:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else _relative_year(found["which"], context)
    return parted(calendar.month(year, words.month(match["month"])), match)


_MONTH_CUE = re.compile(
    r"\b(?i:in|since|until|till|by|of|from|during|last|this|next|late|early|mid|to|and|through|for|before|after)[\s-]+$"
)


def _month(match: re.Match[str], context: Context) -> Days:
    month = words.month(match["month"])
    which = group(match, "which")
    cued = _MONTH_CUE.search(context.text, max(0, match.start() - 12), match.start())
    if month in (3, 5) and not (which or match["part"] or cued):
        raise NotTimeError("a verb, not a month")
    now = context.now
    if which in ("last", "next", "this") and now is not None:
        later = month > now.month if which == "next" else month >= now.month
        year = (
            now.year + (0 if later else 1)
            if which == "next"
            else now.year - (which == "last" and later)
        )
        return parted(calendar.month(year, month), match)
    return parted(calendar.month(_year_of(month, 0, match, context), month), match)


def _months(match: re.Match[str], context: Context) -> Days:
    first, last = words.month(match["month"]), words.month(match["month2"])
    year = int(match["year"]) if match["year"] else _year_of(first, 0, match, context)
    count = (last - first) % 12 + 1
    return calendar.months(
        year if first <= last or not match["year"] else year - 1, first, count
    ), None


_YEAR_CUE = re.compile(
    r"(?:\b(?i:in|since|until|till|by|of|from|during|late|early|mid|to|and|through|before|after|between|the|around|circa|spring|"
    r"summer|autumn|fall|winter|late|early|year)[\s-]+|[(\[,])$"
)


def _year(match: re.Match[str], context: Context) -> Days:
    """A four-digit number as a year, unless a quantity follows or, before 1900, nothing says that it is one."""
    number = int(match["year"])
    following = re.match(r"[\s-]+(\w+)", context.text[match.end() : match.end() + 30])
    if following and following[1].lower() in words.listed("quantities"):
        raise NotTimeError("a quantity")
    cue = _YEAR_CUE.search(context.text, max(0, match.start() - 12), match.start()) or match["part"]
    if (number < 1900 or number > 2060) and not cue:
        raise NotTimeError("a number")
    if number < 1900 and not context.history and number < 1500:
        raise NotTimeError("a number")
    return parted(calendar.year(number), match)


def _short_years(match: re.Match[str], _: Context) -> Days:
    first = int(match["year"])
    last = first - first % 100 + int(match["short"])
    if not first < last <= first + 60:
        raise NotTimeError("no range of years")
    return calendar.years(first, last), None


def _years(match: re.Match[str], _: Context) -> Days:
    first, last = int(match["year"]), int(match["year2"])
    if not first < last <= first + 150:
        raise NotTimeError("no range of years")
    return calendar.years(first, last), None


def _decade(match: re.Match[str], _: Context) -> Days:
    first = int(match["decade"]) if match["decade"] else 1900 + int(match["tens"])
    return calendar.years(first, first + 9), None


def _number_of_month(match: re.Match[str], context: Context) -> Days:
    """ "on the 5th": of the month named last."""
    if context.focus is None or context.focus.precision not in ("day", "month"):
        raise NotTimeError("no month was named")
    return calendar.day(
        context.focus.start.year, context.focus.start.month, words.day_number(match["day"])
    ), None


def _season(match: re.Match[str], context: Context) -> Days:
    found = match.groupdict()
    year = (
        int(found["year"]) if found["year"] else _relative_year(found["which"] or "this", context)
    )
    return calendar.months(year, words.values("seasons")[group(match, "season")], 3), None


def _quarter(match: re.Match[str], context: Context) -> Days:
    number = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}.get(
        group(match, "ordinal"), 4
    )
    if match["year"]:
        year = int(match["year"])
    elif match["which"]:
        year = _relative_year(match["which"], context)
    elif context.now is not None:
        year = context.now.year - (number * 3 - 2 > context.now.month)
    else:
        return NOTHING
    return calendar.months(year, number * 3 - 2, 3), None


def _holiday(match: re.Match[str], context: Context) -> Days:
    name = " ".join(group(match, "holiday").replace("’", "'").split())
    moves = words.moving().get(name)
    month, number = moves[:2] if moves else divmod(words.values("holidays")[name], 100)
    year = int(match["year"]) if match["year"] else _year_of(month, number, match, context)
    if moves:
        return calendar.nth_weekday(year, *moves), None
    return calendar.day(year, month, number), None


def _week_of(match: re.Match[str], context: Context) -> Days:
    month, number = words.month(match["month"]), words.day_number(match["day"])
    day = calendar.day(_year_of(month, number, match, context), month, number)
    return calendar.week(day.start), None


HANDLERS: dict[str, Callable[[re.Match[str], Context], Days]] = {
    "iso": _iso, "slashed": _slashed, "full": _full, "days": _days, "month_day": _month_day,
    "month_year": _month_year, "month": _month, "months": _months, "year": _year,
    "short_years": _short_years, "years": _years, "decade": _decade, "season": _season,
    "quarter": _quarter, "holiday": _holiday, "week_of": _week_of, "number_of_month": _number_of_month,
}  # fmt: skip
