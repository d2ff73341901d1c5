"""Ways to other days: earlier, later, closer, wider. Plain: values in, values out."""

from dataclasses import dataclass
from datetime import date, timedelta

from apps.timelines.filters import Bounds, Filters

SHORTEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Step:
    """A button that leads to other days; no address where it would lead nowhere."""

    name: str
    label: str
    href: str


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


def steps(filters: Filters, bounds: Bounds) -> list[Step]:
    """Return the buttons that move and resize the days shown."""
    half = max(1, filters.days // 2)
    ways = [
        ("earlier", "Earlier", moved(filters, bounds, -half)),
        ("later", "Later", moved(filters, bounds, half)),
        ("closer", "Zoom in", resized(filters, bounds, filters.days // 2)),
        ("wider", "Zoom out", resized(filters, bounds, filters.days * 2)),
    ]
    now = (filters.start, filters.end)
    return [
        Step(name, label, "" if days == now else filters.changed(start=days[0], end=days[1]).href)
        for name, label, days in ways
    ]


def presets(filters: Filters, bounds: Bounds) -> list[tuple[str, str, bool]]:
    """Return (label, address, whether shown now) of the focus and of the whole timeline."""
    focus = (bounds.focus_start, bounds.focus_end)
    whole = (bounds.start, bounds.end)
    # Where the focus is the whole, the second label takes the first one's place.
    labels = {focus: _period(*focus), whole: f"All since {bounds.start.year}"}
    shown = (filters.start, filters.end)
    return [
        (label, filters.changed(start=days[0], end=days[1]).href, days == shown)
        for days, label in labels.items()
    ]


def _period(start: date, end: date) -> str:
    """Return a period of days in few words: "Jan – Nov 2020"."""
    if start.year == end.year:
        return f"{start:%b} – {end:%b %Y}"
    return f"{start:%b %Y} – {end:%b %Y}"
