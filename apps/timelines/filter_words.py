"""What the filters of a timeline say to its reader, in the language of the page."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from apps.timelines.vocabulary import Words
from apps.timelines.wording import day

PRECISIONS: Final = Words(
    {
        "day": pgettext_lazy("date known to", "the day"),
        "week": pgettext_lazy("date known to", "about a week"),
        "month": pgettext_lazy("date known to", "the month"),
        "year": pgettext_lazy("date known to", "the year"),
    }
)
_UNKNOWN: Final[dict[str, Promise]] = {
    "actor": gettext_lazy("This timeline has no actor “%(value)s”; that filter was left out."),
    "dyad": gettext_lazy("This timeline has no dyad “%(value)s”; that filter was left out."),
    "type": gettext_lazy("There is no type “%(value)s”; that filter was left out."),
    "place": gettext_lazy("This timeline has no place “%(value)s”; that filter was left out."),
    "precision": gettext_lazy(
        "No date is known to a “%(value)s”: choose day, week, month or year. That filter was left out."
    ),
    "lanes": gettext_lazy("Lanes are by dyad, actor, type or place, not by “%(value)s”."),
    "sort": gettext_lazy("The list cannot be sorted by “%(value)s”; it goes by date."),
}
_NOT_WHOLE: Final[dict[str, Promise]] = {
    "severity": gettext_lazy(
        "Severity at least “%(value)s”: give a whole number from 1 to %(most)s. It was left out."
    ),
    "reports": gettext_lazy(
        "Independent reports at least “%(value)s”: give a whole number from 1 to %(most)s. It was left out."
    ),
}


def unknown(key: str, value: str) -> str:
    """Say that the timeline does not have what the address asks for under `key`."""
    return str(_UNKNOWN[key]) % {"value": value[:60]}


def no_such_name(name: str, names: Collection[str]) -> str:
    """An address has a name that means nothing: a mistyped filter would widen what it asks for."""
    return gettext("“%(name)s” is no filter; there are: %(names)s.") % {
        "name": name[:60],
        "names": ", ".join(sorted(names)),
    }


def not_whole(key: str, value: str, most: int) -> str:
    """Say that `value` is no number that `key` takes."""
    return str(_NOT_WHOLE[key]) % {"value": value[:20], "most": most}


def text_cut(most: int) -> str:
    """Say that the search text was too long."""
    return gettext("The search text was cut to its first %(most)s characters.") % {"most": most}


def no_page(asked: str) -> str:
    """Say that there is no such page."""
    return gettext("There is no page “%(asked)s”; the first one is shown.") % {"asked": asked[:20]}


def not_a_day(asked: str) -> str:
    """Say that what was asked for is no day."""
    words = gettext("“%(asked)s” is not a day; write it as 2020-01-31. It was left out.")
    return words % {"asked": asked[:40]}


def day_outside(asked: date, start: date, end: date) -> str:
    """Say that the timeline does not reach the day whose value was asked for."""
    words = gettext("%(day)s lies outside this timeline, which goes from %(first)s to %(last)s.")
    return words % {"day": day(asked), "first": day(start), "last": day(end)}


def days_backward(start: date, end: date) -> str:
    """Say that the days were asked for the wrong way round."""
    words = gettext("%(first)s is after %(last)s; the days were left out.")
    return words % {"first": day(start), "last": day(end)}


def days_outside(start: date, end: date) -> str:
    """Say from when to when the timeline goes."""
    words = gettext(
        "This timeline goes from %(first)s to %(last)s; the days asked for lie outside."
    )
    return words % {"first": day(start), "last": day(end)}


def alone() -> str:
    """The chip of actors that stand for themselves alone."""
    return gettext("Actors without their parts")


def precision(value: str) -> str:
    """The chip of a date's precision."""
    return gettext("Date known to %(precision)s") % {"precision": PRECISIONS[value]}


def severity(least: int) -> str:
    """The chip of a least severity."""
    return gettext("Severity %(least)s or more") % {"least": least}


def reports(least: int) -> str:
    """The chip of a least number of independent reports."""
    words = ngettext(
        "%(least)s independent report or more", "%(least)s independent reports or more", least
    )
    return words % {"least": least}


def text(asked: str) -> str:
    """The chip of a text."""
    return gettext("“%(text)s”") % {"text": asked}


def contested() -> str:
    """The chip of contested events."""
    return gettext("Contested only")
