"""What reading a time expression gives, and what its groups of words say."""

import re

from apps.annotations.pipeline import dates_calendar as calendar
from apps.annotations.pipeline.types import Interval

UNITS = ("day", "week", "month", "year")
Days = tuple[Interval | None, Interval | None]  # value, likely

NOTHING: Days = (None, None)


class NotTimeError(ValueError):
    """The match is no time expression ("1500 troops")."""


def group(match: re.Match[str], name: str) -> str:
    """The words of a group in small letters; empty where it took no part."""
    return (match.groupdict().get(name) or "").lower()


def parted(value: Interval, match: re.Match[str]) -> Days:
    """The unit, and the part of it that "mid-", "early", "the end of" points to."""
    said = group(match, "part")
    for word, which in (
        ("early", "early"),
        ("late", "late"),
        ("latter", "late"),
        ("mid", "mid"),
        ("end", "end"),
        ("close", "end"),
        ("beginning", "start"),
        ("start", "start"),
    ):
        if said and word in said:
            return value, calendar.part(value, which)
    return value, None
