"""Two periods of one dossier, or two dossiers, on one scale: counted from a day or from an event of each."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext

from apps.core import plover
from apps.events.models import Event, EventQuerySet
from apps.timelines import tension, wording
from apps.timelines.asof import AsOf
from apps.timelines.drawing.overlay import Overlay, overlay
from apps.timelines.filters import Query
from apps.timelines.models import Timeline
from apps.timelines.queries.readings import readings
from apps.timelines.queries.selection import Selection, select
from apps.timelines.vocabulary import QUAD_WORDS

MOST_DAYS: Final = 1100
MOST_EVENTS: Final = 60
MOST_OFFERED: Final = 12
# The days around an event where none are asked for.
BEFORE, AFTER = timedelta(days=14), timedelta(days=60)
# Filters that mean the same in every dossier.
SHARED: Final = ("type", "severity")
ROWS_OF_TABLE: Final = 26


@dataclass(frozen=True)
class Side:
    """One side: its view, the day that counts as 0, its index and its events."""

    name: str  # "a" or "b"
    chosen: Selection
    anchor: Event | None
    offered: list[Event]  # events that the days may be counted from
    index: list[tension.Day]
    events: list[Event]
    counts: dict[int, int]  # by quad class
    faults: list[str]

    @property
    def timeline(self) -> Timeline:
        """The dossier of this side."""
        return self.chosen.timeline

    @property
    def zero(self) -> date:
        """The day that counts as 0: the event's first, or the first day of the period."""
        return self.anchor.start if self.anchor else self.chosen.filters.start

    @property
    def total(self) -> int:
        """Count the events of the period."""
        return sum(self.counts.values())

    @property
    def peak(self) -> tension.Day | None:
        """The day on which the index is highest."""
        return max(self.index, key=lambda day: day.value, default=None)

    @property
    def mean(self) -> float | None:
        """The mean of the index over the period."""
        return sum(d.value for d in self.index) / len(self.index) if self.index else None

    def number(self, day: date) -> int:
        """Return how many days after day 0 a day is."""
        return (day - self.zero).days


@dataclass(frozen=True, slots=True)
class Together:
    """What happened on one day of the common scale, on either side."""

    number: int
    a: list[Event]
    b: list[Event]


@dataclass(frozen=True)
class Comparison:
    """Two sides and what they have in common."""

    a: Side
    b: Side
    chart: Overlay
    rows: list[Together]
    table: list[tuple[int, float | None, float | None]]
    quads: list[tuple[int, str, int, int]]

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides, in order."""
        return self.a, self.b

    @property
    def faults(self) -> list[str]:
        """A sentence for each value of the address that was left out."""
        return list(dict.fromkeys([*self.a.faults, *self.b.faults]))


@dataclass(frozen=True)
class _Renamed:
    """The part of a query string that is one side's: a_from is that side's from."""

    query: Query
    side: str

    def getlist(self, key: str) -> list[str]:
        if key in SHARED:
            return self.query.getlist(key)
        return self.query.getlist(f"{self.side}_{key}") if key in ("from", "to") else []

    def last(self, key: str) -> str:
        values = self.query.getlist(key)
        return values[-1].replace("\0", "").strip()[:100] if values else ""


def compare(here: Timeline, query: Query, as_of: AsOf) -> Comparison:
    """Read what `query` asks to compare; without `a` and `b`, `here` with another dossier or with itself."""
    published = list(Timeline.objects.public())
    a = _side("a", here, published, query, as_of)
    other = next((row for row in published if row.pk != a.timeline.pk), a.timeline)
    b = _side("b", other, published, query, as_of)
    points = [[(side.number(d.day), d.low, d.value, d.high) for d in side.index] for side in (a, b)]
    return Comparison(a, b, overlay(points), _together(a, b), _table(a, b), _quads(a, b))


def _side(name: str, usual: Timeline, published: list[Timeline], query: Query, as_of: AsOf) -> Side:
    asked = _Renamed(query, name)
    faults: list[str] = []
    timeline = _timeline(asked.last(name), usual, published, faults)
    chosen = select(timeline, asked, as_of)
    faults += chosen.faults
    anchor = _anchor(chosen, asked.last(f"since_{name}"), faults)
    chosen = _within(chosen, anchor, asked, faults)
    shown = chosen.events
    types = Counter(shown.order_by().values_list("type", flat=True))
    counts: dict[int, int] = defaultdict(int)
    for type_, number in types.items():
        counts[plover.QUAD[type_]] += number
    events = _weightiest(chosen, shown, MOST_EVENTS)
    offered = _weightiest(chosen, chosen.members, MOST_OFFERED)
    if anchor is not None and anchor not in offered:
        offered.append(anchor)
    return Side(
        name=name,
        chosen=chosen,
        anchor=anchor,
        offered=sorted(offered, key=lambda e: (e.start, e.public_id)),
        index=_index(chosen, as_of),
        events=sorted(events, key=lambda e: (e.start, e.public_id)),
        counts=dict(counts),
        faults=faults,
    )


def _weightiest(chosen: Selection, events: EventQuerySet, most: int) -> list[Event]:
    """Return the `most` events that were most severe at the moment: not those that turned out to be, later."""
    otherwise = chosen.scope.then.by_event
    others = events.filter(pk__in=list(otherwise)).order_by().values_list("pk", flat=True)
    top = sorted(others, key=lambda pk: -otherwise[pk]["severity"])[:most] if otherwise else []
    found = list(events.exclude(pk__in=list(otherwise)).order_by("-severity", "public_id")[:most])
    found += events.filter(pk__in=top) if top else []
    chosen.scope.then.onto(found)
    return sorted(found, key=lambda event: (-event.severity, event.public_id))[:most]


def _timeline(slug: str, usual: Timeline, published: list[Timeline], faults: list[str]) -> Timeline:
    found = next((row for row in published if row.slug == slug), None)
    if slug and found is None:
        words = gettext("There is no timeline “%(slug)s”; %(title)s is shown in its place.")
        faults.append(words % {"slug": slug, "title": usual.title})
    return found or usual


def _anchor(chosen: Selection, public_id: str, faults: list[str]) -> Event | None:
    if not public_id:
        return None
    found = chosen.members.filter(public_id=public_id).first()
    if found is None:
        words = gettext(
            "%(title)s has no published event “%(id)s”; its days are counted from the first."
        )
        faults.append(words % {"title": chosen.timeline.title, "id": public_id[:40]})
    return found


def _within(
    chosen: Selection, anchor: Event | None, asked: _Renamed, faults: list[str]
) -> Selection:
    """Return the selection on the days around its event where none were asked for, and on not too many."""
    filters, bounds = chosen.filters, chosen.bounds
    if anchor is not None and not asked.getlist("from") and not asked.getlist("to"):
        start = max(bounds.start, anchor.start - BEFORE)
        filters = replace(filters, start=min(start, anchor.start))
        filters = replace(filters, end=max(filters.start, min(bounds.end, anchor.start + AFTER)))
    if filters.days > MOST_DAYS:
        end = filters.start + timedelta(days=MOST_DAYS - 1)
        words = gettext("A comparison shows at most %(most)d days; %(title)s ends with %(day)s.")
        values = {"most": MOST_DAYS, "title": chosen.timeline.title, "day": wording.day(end)}
        faults.append(words % values)
        filters = replace(filters, end=end)
    return chosen.changed(filters)


def _index(chosen: Selection, as_of: AsOf) -> list[tension.Day]:
    """Return the dossier's index, or that of the matching events where filters are set; see the timeline."""
    start, end = chosen.filters.start, as_of.until(chosen.filters.end)
    if end < start:
        return []
    events = chosen.on_any_day if chosen.filters.narrowed else chosen.members
    return tension.series(readings(events, chosen.scope.then.by_event), start, end)


def _together(a: Side, b: Side) -> list[Together]:
    rows: dict[int, Together] = {}
    for side in (a, b):
        for event in side.events:
            number = side.number(event.start)
            row = rows.setdefault(number, Together(number, [], []))
            (row.a if side is a else row.b).append(event)
    return [rows[number] for number in sorted(rows)]


def _table(a: Side, b: Side) -> list[tuple[int, float | None, float | None]]:
    """Return the index of both sides on some days at even distances, for those who do not see the lines."""
    values = [{side.number(d.day): d.value for d in side.index} for side in (a, b)]
    days = sorted(values[0].keys() | values[1].keys())
    step = -(-len(days) // ROWS_OF_TABLE) or 1
    return [(day, values[0].get(day), values[1].get(day)) for day in days[::step]]


def _quads(a: Side, b: Side) -> list[tuple[int, str, int, int]]:
    names = sorted(QUAD_WORDS.items(), reverse=True)
    return [(quad, str(name), a.counts.get(quad, 0), b.counts.get(quad, 0)) for quad, name in names]
