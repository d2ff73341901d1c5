"""What a timeline's address asks for, as a typed value. Plain: values in, values out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from apps.core import plover
from apps.timelines import address, filter_words
from apps.timelines.address import LONGEST_TEXT, Query
from apps.timelines.wording import TYPE_WORDS

__all__ = ["LONGEST_TEXT", "Bounds", "Chip", "Filters", "Query", "chips", "cleared", "parse"]

OTHER_LANE: Final = "other"
PRECISIONS: Final = ("day", "week", "month", "year")
# What lanes are made of, the usual one first.
LANES: Final = ("dyad", "actor", "type", "place")
# Columns that the list sorts by, upwards; with a minus before, downwards.
COLUMNS: Final = ("days", "event", "between", "severity", "killed", "wounded", "reports")
SORTS: Final = (*COLUMNS, *(f"-{name}" for name in COLUMNS))
MOST_SEVERE: Final = 20
MOST_REPORTS: Final = 99


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be asked of one timeline: its days, the days shown first, its actors, lanes and places.

    `actors_became` and `places_became` lead from those that were merged into another to that other.
    """

    start: date
    end: date
    focus_start: date
    focus_end: date
    actors: Collection[str]
    dyads: Collection[str]
    places: Collection[str] = ()
    actors_became: Mapping[str, str] = field(default_factory=dict)
    places_became: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filters:
    """A view of a timeline: which events on which days, and how they are shown.

    `lanes`, `arcs`, `sort`, `day`, `event` and `page` change how the events are shown, all others which.
    """

    start: date
    end: date
    actors: tuple[str, ...] = ()
    alone: bool = False  # the actors themselves, without who is part of them or acts for them
    dyads: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # with the places inside
    precisions: tuple[str, ...] = ()
    severity: int = 0  # at least so severe, either way
    reports: int = 0  # at least so many independent reports
    text: str = ""
    contested: bool = False
    lanes: str = "dyad"
    arcs: bool = False  # draw the links between events
    sort: str = ""
    day: date | None = None  # the day whose index value is taken apart
    event: str = ""
    page: int = 1
    as_of: date | None = None  # known by the end of that day; None: now
    # The days that the address need not name.
    focus: tuple[date, date] | None = field(default=None, compare=False)

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the days is asked for."""
        return any(getattr(self, name) for name in NARROWING)

    @property
    def days(self) -> int:
        """Count the days shown."""
        return (self.end - self.start).days + 1

    def changed(self, **values: Any) -> "Filters":
        """Return this view with some values changed; the list starts again at its first page."""
        return replace(self, **{"page": 1, **values})

    def without(self, name: str) -> "Filters":
        """Return this view as it were without the filter of that name."""
        unset: dict[str, Any] = {f.name: f.default for f in fields(self) if f.name == name}
        return replace(self, **unset)

    def query(self) -> str:
        """Return the one query string of this view, without its question mark; empty for the first view."""
        pairs: list[tuple[str, str]] = [
            (key, value) for key, name in _LISTS.items() for value in getattr(self, name)
        ]
        if (self.start, self.end) != self.focus:
            pairs += [("from", self.start.isoformat()), ("to", self.end.isoformat())]
        rest = {
            "alone": "1" if self.alone else "",
            "severity": str(self.severity or ""),
            "reports": str(self.reports or ""),
            "q": self.text,
            "contested": "1" if self.contested else "",
            "lanes": "" if self.lanes == LANES[0] else self.lanes,
            "arcs": "1" if self.arcs else "",
            "sort": self.sort,
            "day": self.day.isoformat() if self.day else "",
            "event": self.event,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        pairs += [(key, value) for key, value in rest.items() if value]
        return urlencode(pairs)

    @property
    def href(self) -> str:
        """Return the address of this view, relative to its timeline."""
        query = self.query()
        return f"?{query}" if query else "?"


# Key in the address -> name of the filter that takes several values.
_LISTS: Final = {
    "actor": "actors",
    "dyad": "dyads",
    "type": "types",
    "place": "places",
    "precision": "precisions",
}
# Every name that the address of a view may have.
_OTHERS: Final = "from to alone severity reports q contested lanes arcs sort day event page as_of"
NAMES: Final = frozenset({*_LISTS, *_OTHERS.split()})
# Filters that narrow the events, days apart.
NARROWING: Final = (*_LISTS.values(), "severity", "reports", "text", "contested")


def parse(query: Query, bounds: Bounds, as_of: date | None = None) -> tuple[Filters, list[str]]:
    """Read a query string; return the view, and a sentence for each value that had to be left out.

    `as_of` was read apart (see asof.py): it is no filter among others.
    """
    faults: list[str] = []
    start, end = _days(query, bounds, faults)
    found = Filters(
        start=start,
        end=end,
        actors=address.known(query, "actor", bounds.actors, faults, bounds.actors_became),
        alone=address.ticked(query, "alone"),
        dyads=address.known(query, "dyad", {*bounds.dyads, OTHER_LANE}, faults),
        types=address.known(query, "type", plover.TYPES, faults),
        places=address.known(query, "place", bounds.places, faults, bounds.places_became),
        precisions=address.known(query, "precision", PRECISIONS, faults),
        severity=address.whole(query, "severity", MOST_SEVERE, faults),
        reports=address.whole(query, "reports", MOST_REPORTS, faults),
        text=address.text(query, faults),
        contested=address.ticked(query, "contested"),
        lanes=address.one_of(query, "lanes", LANES, LANES[0], faults),
        arcs=address.ticked(query, "arcs"),
        sort=address.one_of(query, "sort", SORTS, "", faults),
        day=address.day_within(query, "day", bounds.start, bounds.end, faults),
        event=address.last(query, "event")[:40],
        page=address.page(query, faults),
        as_of=as_of,
        focus=(bounds.focus_start, bounds.focus_end),
    )
    return found, faults


def _days(query: Query, bounds: Bounds, faults: list[str]) -> tuple[date, date]:
    """Return the days asked for, inside the timeline's; the focus where none are asked for."""
    focus = bounds.focus_start, bounds.focus_end
    first, last = address.day(query, "from", faults), address.day(query, "to", faults)
    if first is None and last is None:
        return focus
    start, end = first or bounds.start, last or bounds.end
    if start > end:
        faults.append(filter_words.days_backward(start, end))
        return focus
    if end < bounds.start or start > bounds.end:
        faults.append(filter_words.days_outside(bounds.start, bounds.end))
        return focus
    return max(start, bounds.start), min(end, bounds.end)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, in words, and the view without it."""

    label: str
    without: Filters

    @property
    def href(self) -> str:
        """The address of the view without it."""
        return self.without.href


def chips(
    filters: Filters,
    actor_name: Callable[[str], str],
    dyad_label: Callable[[str], str],
    place_name: Callable[[str], str] = str,
) -> list[Chip]:
    """Return a chip for each filter in force, days apart."""
    named: Sequence[tuple[str, Callable[[str], str]]] = (
        ("dyads", dyad_label),
        ("actors", actor_name),
        ("types", TYPE_WORDS.__getitem__),
        ("places", place_name),
        ("precisions", filter_words.precision),
    )
    found: list[Chip] = []
    for name, words in named:
        values: tuple[str, ...] = getattr(filters, name)
        for value in values:
            rest: dict[str, Any] = {name: tuple(other for other in values if other != value)}
            if name == "actors" and not rest[name]:
                rest["alone"] = False
            found.append(Chip(words(value), filters.changed(**rest)))
        if name == "actors" and values and filters.alone:
            found.append(Chip(filter_words.alone(), filters.changed(alone=False)))
    if filters.severity:
        found.append(Chip(filter_words.severity(filters.severity), filters.changed(severity=0)))
    if filters.reports:
        found.append(Chip(filter_words.reports(filters.reports), filters.changed(reports=0)))
    if filters.text:
        found.append(Chip(filter_words.text(filters.text), filters.changed(text="")))
    if filters.contested:
        found.append(Chip(filter_words.contested(), filters.changed(contested=False)))
    return found


# What does not say which events are asked for stays when the filters are cleared.
_SHOWING: Final = ("start", "end", "lanes", "arcs", "sort", "day", "event", "as_of", "focus")


def cleared(filters: Filters) -> Filters:
    """Return the same days, shown the same way, as of the same day, without any filter."""
    return Filters(
        **{f.name: getattr(filters, f.name) for f in fields(filters) if f.name in _SHOWING}
    )
