"""How well days, place and toll of a report agree with those of an event, 0 to 1. Plain."""

from datetime import date, timedelta

from apps.events.alikeness import NEUTRAL
from apps.events.happenings import Days, Known, Reported

# Days a report may be off by precision: whose midnight it is, which end of the week is meant.
SLACK = {"day": 1, "week": 3, "month": 10, "year": 31}
# Days beyond the slack disagree and count 0; beyond this many more the event is ruled out.
FAR = 10
# How well an interval of this precision pins an event down when the two overlap.
PINNED = {"day": 1.0, "week": 0.95, "month": 0.8, "year": 0.65}
# An event that began after the report's day, if only by a time zone, is seldom the one it tells.
AHEAD = 0.6
# An undated report leans to what happened just before it was published.
RECENT_DAYS, RECENT, OLDER = 21, 0.6, 0.4
# What happened this many days before a report is its news.
NEWS_DAYS = 2


def days_agree(reported: Reported, known: Known) -> float | None:
    """Compare days; None rules the event out."""
    if known.days.start > reported.published + timedelta(days=1):
        return None
    if reported.days is None or is_dayless(reported, known):
        return _age(reported, known)
    gap = reported.days.gap(known.days)
    slack = max(SLACK[reported.days.precision], SLACK[known.days.precision])
    pinned = PINNED[reported.days.precision]
    if known.days.start > reported.published:
        pinned *= AHEAD
    if gap == 0:
        return pinned
    if gap <= slack:
        return pinned * (0.9 - 0.3 * gap / slack)
    return 0.0 if gap <= slack + FAR else None


def is_dayless(reported: Reported, known: Known) -> bool:
    """Tell whether no day is told that could speak for or against the event."""
    if reported.days is None:
        return True
    return reported.assumed and reported.days.gap(known.days) > 0


def is_news(reported: Reported, known: Known) -> bool:
    """Tell whether the event had just happened when the report was published."""
    return 0 <= (reported.published - known.days.start).days <= NEWS_DAYS


def _age(reported: Reported, known: Known) -> float:
    age = (reported.published - known.days.end).days
    return RECENT if age <= RECENT_DAYS else OLDER


def place_agrees(said: tuple[str, ...], known: tuple[str, ...]) -> float:
    """Compare places, each with those it lies in."""
    if not said or not known:
        return NEUTRAL
    if said[0] == known[0]:
        return 1.0
    if said[0] in known or known[0] in said:
        return 0.8
    return 0.4 if set(said) & set(known) else 0.0


def toll_agrees(reported: Reported, known: Known) -> float:
    """Compare the figures that both tell; the better of the two counts. That nobody was hurt marks no event."""
    pairs = [
        (said, held)
        for said, held in ((reported.killed, known.killed), (reported.wounded, known.wounded))
        if said is not None and held is not None and (said or held)
    ]
    if not pairs:
        return NEUTRAL
    return max(1.0 if a == b else 0.6 if min(a, b) * 2 >= max(a, b) else 0.0 for a, b in pairs)


def reach(days: Days) -> tuple[date, date]:
    """Return the days widened by what reports of this precision may be off by: others lie within."""
    off = timedelta(days=SLACK[days.precision] + FAR)
    return days.start - off, days.end + off


def window(reported: Reported) -> tuple[date, date]:
    """Return the first and the last day that an event may have which the report is about."""
    latest = reported.published + timedelta(days=1)
    if reported.days is None or reported.assumed:
        return date.min, latest
    off = timedelta(days=max(SLACK[reported.days.precision], SLACK["month"]) + FAR)
    return reported.days.start - off, max(reported.days.start, min(latest, reported.days.end + off))
