"""Ways to other days: earlier, later, closer, wider. Plain: values in, values out."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qsl

from apps.timelines import chart_words, wording
from apps.timelines.filters import Bounds, Filters

SHORTEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Step:
    """A button that leads to other days; no address where it would lead nowhere."""

    name: str
    label: str
    href: str

    @property
    def sign(self) -> str:
        """What stands on the button where a sign says it; else empty, and the label stands there."""
        return {"closer": "+", "wider": "−"}.get(self.name, "")


def moved(filters: Filters, bounds: Bounds, days: int) -> tuple[date, date]:
    """Return the days shifted by `days`, kept inside the timeline at their full length."""
    room_before = (bounds.start - filters.start).days
    room_after = (bounds.end - filters.end).days
    shift = timedelta(days=max(room_before, min(days, room_after)))
    return filters.start + shift, filters.end + shift


def resized(filters: Filters, bounds: Bounds, days: int) -> tuple[date, date]:
    """Return `days` days around the middle of those shown, kept inside the timeline."""
    whole = (bounds.end - bounds.start).days + 1
    days = min(max(days, SHORTEST_DAYS), whole)
    middle = filters.start + timedelta(days=filters.days // 2)
    start = max(bounds.start, middle - timedelta(days=days // 2))
    end = min(bounds.end, start + timedelta(days=days - 1))
    return max(bounds.start, end - timedelta(days=days - 1)), end


def around(filters: Filters, bounds: Bounds, day: date) -> tuple[date, date]:
    """Return as many days as are shown, with `day` in their middle, kept inside the timeline."""
    middle = filters.start + timedelta(days=filters.days // 2)
    return moved(filters, bounds, (day - middle).days)


def steps(filters: Filters, bounds: Bounds) -> list[Step]:
    """Return the buttons that move and resize the days shown."""
    half = max(1, filters.days // 2)
    ways = [
        ("earlier", moved(filters, bounds, -half)),
        ("later", moved(filters, bounds, half)),
        ("closer", resized(filters, bounds, filters.days // 2)),
        ("wider", resized(filters, bounds, filters.days * 2)),
    ]
    return [_step(filters, name, days) for name, days in ways]


def jumps(
    filters: Filters, bounds: Bounds, known: tuple[date, date] | None, today: date
) -> list[Step]:
    """Return the buttons that lead to the first and to the last event and to today.

    `known` holds the first day of the first and the last day of the last event of the filters; today has a
    button only where it lies in the timeline's days.
    """
    ways = []
    if known:
        first, last = (min(max(day, bounds.start), bounds.end) for day in known)
        ways.append(("first", moved(filters, bounds, (first - filters.start).days)))
        ways.append(("last", moved(filters, bounds, (last - filters.end).days)))
    if bounds.start <= today <= bounds.end:
        ways.append(("today", around(filters, bounds, today)))
    return [_step(filters, name, days) for name, days in ways]


def _step(filters: Filters, name: str, days: tuple[date, date]) -> Step:
    there = days == (filters.start, filters.end)
    href = "" if there else filters.changed(start=days[0], end=days[1]).href
    return Step(name, str(chart_words.STEPS[name]), href)


def carried(filters: Filters, *names: str) -> list[tuple[str, str]]:
    """Return the parameters of this view but for those of `names`: what a small form sends along."""
    return [pair for pair in parse_qsl(filters.query()) if pair[0] not in names]


def presets(filters: Filters, bounds: Bounds) -> list[tuple[str, str, bool]]:
    """Return (label, address, whether shown now) of the focus and of the whole timeline."""
    focus = (bounds.focus_start, bounds.focus_end)
    whole = (bounds.start, bounds.end)
    # Where the focus is the whole, the second label takes the first one's place.
    labels = {focus: _period(*focus), whole: chart_words.whole(bounds.start.year)}
    shown = (filters.start, filters.end)
    return [
        (label, filters.changed(start=days[0], end=days[1]).href, days == shown)
        for days, label in labels.items()
    ]


def _period(start: date, end: date) -> str:
    """Return a period of days in few words: "Jan – Nov 2020"."""
    last = end.replace(day=monthrange(end.year, end.month)[1])
    return wording.brief(wording.days(start.replace(day=1), last, "month"))
