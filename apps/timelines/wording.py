"""Codes, dates and counts in words, as the pages print them, in the language of the page.

Digits stay Western in every language: dates, tolls and counts then read the same on the page, in the chart, in
a file and in the quoted sentence.
"""

import re
from calendar import monthrange
from datetime import date, datetime
from functools import lru_cache

from django.utils.dateformat import format as formatted
from django.utils.dates import MONTHS
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext, pgettext

from apps.timelines.vocabulary import COUNTED, MODE_WORDS, PRECISION_WORDS, TYPE_WORDS

__all__ = ["MODE_WORDS", "PRECISION_WORDS", "TYPE_WORDS"]


def type_in_words(type_: str, mode: str = "") -> str:
    """Return a PLOVER type and mode as words: "Assault: by drone"."""
    words = TYPE_WORDS.get(type_, type_)
    if not mode:
        return words
    return pgettext("type and mode", "%(type)s: %(mode)s") % {
        "type": words,
        "mode": MODE_WORDS.get(mode, mode),
    }


def day(value: date) -> str:
    """Return a day as "3 January 2020"."""
    return _formatted(value, "j F Y", get_language())


def short(value: date, how: str) -> str:
    """Return a day as short as `how` says it: "j M" is "3 Jan"."""
    return _formatted(value, how, get_language())


def days(start: date, end: date, precision: str = "day") -> str:
    """Return an interval of days without repeating what both ends share.

    A whole month or year of that precision is named: "June 2020", "2020".
    """
    if precision == "year" and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return _from_to(start, end, "Y") if start.year != end.year else f"{start.year}"
    if precision == "month" and start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        return _months(start, end)
    if start == end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        parts = {"first": start.day, "last": day(end)}
        return pgettext("days of one month", "%(first)s–%(last)s") % parts
    return _from_to(start, end, "j F" if start.year == end.year else "j F Y", "j F Y")


def _months(start: date, end: date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return _formatted(start, "F Y", get_language())
    return _from_to(start, end, "F" if start.year == end.year else "F Y", "F Y")


def _from_to(start: date, end: date, first: str, last: str = "") -> str:
    """Return both ends in the given formats of `django.utils.dateformat`."""
    language = get_language()
    parts = {
        "first": _formatted(start, first, language),
        "last": _formatted(end, last or first, language),
    }
    return pgettext("span of time", "%(first)s – %(last)s") % parts


@lru_cache(maxsize=10_000)
def _formatted(value: date, how: str, language: str | None) -> str:
    """Return a day in the language in force; a page says the same days hundreds of times."""
    return formatted(value, how)


def precision_in_words(start: date, end: date, precision: str) -> str:
    """Say how well the date is known."""
    if precision in PRECISION_WORDS:
        return PRECISION_WORDS[precision]
    if start == end:
        return gettext("exact day")
    number = (end - start).days + 1
    words = ngettext(
        "%(number)s day, first and last known", "%(number)s days, first and last known", number
    )
    return words % {"number": number}


def place_precision(code: str, words: str, radius_km: float | None = None) -> str:
    """Say how well a place is known: "known to the city, within about 12 km"; `words` are those of the code."""
    if code == "unknown":
        return gettext("how precisely is not known")
    if radius_km is None:
        return gettext("known to the %(precision)s") % {"precision": words}
    told = {"precision": words, "distance": f"{radius_km:,.0f}"}
    return gettext("known to the %(precision)s, within about %(distance)s km") % told


@lru_cache
def _months_in(language: str | None) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds the names of the months in that language, which is in force, and their short names."""
    short = {str(name): formatted(date(2000, number, 1), "M") for number, name in MONTHS.items()}
    return re.compile(r"\b(" + "|".join(map(re.escape, short)) + r")\b"), short


def brief(words: str) -> str:
    """Return dates in words with the short names of their months, for narrow columns."""
    months, short = _months_in(get_language())
    return months.sub(lambda found: short[found[0]], words)


def since_until(since: date | None, until: date | None) -> str:
    """Return from when to when something held: "since ...", "until ...", "from ... to ...", or empty."""
    if since and until:
        return gettext("from %(first)s to %(last)s") % {"first": day(since), "last": day(until)}
    if since:
        return gettext("since %(day)s") % {"day": day(since)}
    return gettext("until %(day)s") % {"day": day(until)} if until else ""


def instant(value: datetime) -> str:
    """Return an aware UTC instant; one that stands at midnight sharp is known to the day only."""
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return day(value.date())
    return minute(value)


def minute(value: datetime) -> str:
    """Return an aware UTC instant to the minute: "3 January 2020, 00:30 UTC"."""
    parts = {"day": day(value.date()), "time": f"{value:%H:%M}"}
    return gettext("%(day)s, %(time)s UTC") % parts


def latency(
    earlier: tuple[date, date], later: tuple[date, date], exact: bool = True
) -> tuple[int, int]:
    """Return the least and the most days from one interval to another.

    Exact intervals count from first day to first day; imprecise ones by what their spans allow.
    """
    if exact:
        gap = (later[0] - earlier[0]).days
        return gap, gap
    return (later[0] - earlier[1]).days, (later[1] - earlier[0]).days


def latency_in_words(least: int, most: int) -> str:
    """Return a latency as "the same day", "5 days later", "2 days before", "between 3 and 33 days later".

    Spans that overlap leave the order open: "between 2 days before and 9 days later".
    """
    if least == most:
        return _gap(least)
    low, high = sorted((least, most))
    if low < 0 < high:
        return gettext("between %(first)s and %(last)s") % {"first": _gap(low), "last": _gap(high)}
    near, far = sorted((abs(low), abs(high)))
    if low < 0:
        words = ngettext(
            "between %(near)s and %(far)s day before",
            "between %(near)s and %(far)s days before",
            far,
        )
    else:
        words = ngettext(
            "between %(near)s and %(far)s day later", "between %(near)s and %(far)s days later", far
        )
    return words % {"near": near, "far": far}


def _gap(days: int) -> str:
    if days == 0:
        return gettext("the same day")
    number = abs(days)
    if days > 0:
        words = ngettext("%(number)s day later", "%(number)s days later", number)
    else:
        words = ngettext("%(number)s day before", "%(number)s days before", number)
    return words % {"number": f"{number:,}"}


def figure(value: int | None, low: int | None, high: int | None) -> str:
    """Return a toll as one figure, as "0–110" where no figure leads, or as "not known"."""
    if value is not None:
        return f"{value:,}"
    if low is None or high is None:
        return gettext("not known")
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def spread(value: int | None, low: int | None, high: int | None) -> str:
    """Return how far the claims about a toll differ: "claims from 0 to 110"; empty where they agree."""
    if low is None or high is None or low == high:
        return ""
    if value is None:
        return gettext("no figure leads")
    return gettext("claims from %(low)s to %(high)s") % {"low": f"{low:,}", "high": f"{high:,}"}


def says(act: str, number: int | None, value: str) -> str:
    """Return what a claim says, without its speaker: "says 110", "denies that it fired", "accuses: Iran".

    `act` in words (`get_act_display()`). A bare yes or no after a denial or an admission says nothing more and
    is left out.
    """
    plain = (pgettext("claim", "denies"), pgettext("claim", "claims responsibility"))
    if value in ("yes", "no") and act in plain:
        value = ""
    count = "" if number is None else f" {number:,}"
    if not value or value == str(number):
        return f"{act}{count}"
    joint = " " if value.startswith("that ") and number is None else ": "
    if get_language_bidi():
        value = f"\u2068{value}\u2069"  # words of the dossier, with a direction of their own
    return f"{act}{count}{joint}{value}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 article", "11 articles".

    The noun's forms come from `vocabulary.COUNTED`, in the language of the page; a noun that is not there stays
    as it is given.
    """
    if one in COUNTED:
        return COUNTED[one] % {"count": number, "number": f"{number:,}"}
    return f"{number:,} {one if number == 1 else many or one + 's'}"
