"""Where the events of a view happened: the map and the table beside it, as well as the places are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Max, Min, Window
from django.db.models.functions import Abs, RowNumber
from django.utils.translation import get_language, gettext

from apps.core import plover
from apps.events.models import Event, EventQuerySet
from apps.places.models import Place
from apps.timelines import wording
from apps.timelines.drawing import basemap, map_marks
from apps.timelines.drawing import map as frame
from apps.timelines.drawing.map_marks import Spot
from apps.timelines.filters import Filters
from apps.timelines.queries.panel import Panel, address, read_panel
from apps.timelines.queries.selection import Selection

BOX: Final = "box"
MOST_PLACES: Final = 100  # of the table; the rest is counted
MOST_EVENTS: Final = 5  # of a place in the table
# An event known to this only happened in a place of these kinds, if its place lies in one.
_WITHIN: Final[Mapping[str, tuple[str, ...]]] = {
    "country": (Place.Kind.COUNTRY,),
    "region": (Place.Kind.REGION, Place.Kind.COUNTRY),
    "district": (Place.Kind.REGION,),
    "sea": (Place.Kind.SEA,),
}
_AREAS: Final = (Place.Kind.COUNTRY, Place.Kind.REGION, Place.Kind.SEA)
_VAGUE: Final = (*_WITHIN, "unknown")


@dataclass(slots=True)
class PlaceRow:
    """A place of the table: its events by quad class, how well it is known, and some of its events."""

    place: Place
    vague: bool
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    severity: float = 0.0
    contested: int = 0
    first: date = date.max
    last: date = date.min
    events: list[Event] = field(default_factory=list)
    links: list[tuple[Event, str]] = field(
        default_factory=list
    )  # each with its place on the timeline
    precision: str = ""
    href: str = ""  # its events on the timeline
    zoom: str = ""  # the map around it

    @property
    def count(self) -> int:
        """How many events."""
        return sum(self.counts)

    @property
    def more(self) -> int:
        """How many events are not listed."""
        return self.count - len(self.events)

    @property
    def key(self) -> str:
        """What ties the row to its mark."""
        return f"{self.place.slug}-area" if self.vague else self.place.slug

    @property
    def quads(self) -> list[tuple[int, int]]:
        """The classes that occur with their counts, conflict first."""
        return [(quad, self.counts[quad - 1]) for quad in (4, 3, 2, 1) if self.counts[quad - 1]]

    @property
    def days(self) -> str:
        """From the first to the last day of its events, in words."""
        return wording.days(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Step:
    """A way to another part of the world; `href` is empty where it leads nowhere."""

    name: str
    label: str
    sign: str
    href: str


@dataclass(frozen=True)
class MapView:
    """A view as a map, ready for its template."""

    panel: Panel
    projection: frame.Projection
    outlines: Sequence[basemap.Outline]
    marks: map_marks.Marks
    labels: list[map_marks.Label]
    steps: list[Step]
    rows: list[PlaceRow]
    more_places: int
    unplaced: int  # events without a place
    every_href: str  # all places
    list_href: str  # all events, with and without a place
    zooms: list[tuple[map_marks.Mark, str]]  # each mark with where it leads
    width: int = frame.WIDTH
    height: int = frame.HEIGHT

    @property
    def bar(self) -> frame.ScaleBar:
        """The scale."""
        return frame.scale_bar(self.projection)

    @property
    def placed(self) -> int:
        """Events that have a place."""
        return self.panel.total - self.unplaced

    @property
    def shown_countries(self) -> list[basemap.Outline]:
        """The countries that are areas of events."""
        return [row for row in self.outlines if row.code in self.marks.countries]


def read_map(chosen: Selection, asked: str) -> MapView:
    """Read the map of a view; `asked` is the part of the world, `west,south,east,north`, or empty."""
    rows, unplaced = _places(chosen)
    total = sum(row.count for row in rows) + unplaced
    spots = [_spot(row) for row in rows]
    areas = [frame.Area(s.lon, s.lat, s.radius_km, s.count) for s in spots]
    faults, box = [], frame.parse(asked) if asked else None
    if asked and box is None:
        words = gettext(
            "“%(asked)s” is no part of the world; write box as west, south, east and north in degrees: "
            "40,22,64,40."
        )
        faults.append(words % {"asked": asked[:60]})
    box = box or frame.fitted(areas)
    projection = frame.Projection(box)
    marks = map_marks.marks(spots, projection)
    shown = rows[:MOST_PLACES]
    _finish(chosen, shown)
    return MapView(
        panel=read_panel(chosen, total, faults),
        projection=projection,
        outlines=basemap.outlines(box),
        marks=marks,
        labels=map_marks.labels(
            marks.marks,
            basemap.names(projection, marks.countries, (get_language() or "en").split("-")[0]),
        ),
        steps=_steps(chosen, box),
        rows=shown,
        more_places=len(rows) - len(shown),
        unplaced=unplaced,
        every_href=_to(chosen, frame.whole(areas)),
        list_href=address("timeline", chosen),
        zooms=[(mark, _leads(chosen, mark)) for mark in marks.marks],
    )


# --- places ---------------------------------------------------------------------------------


def _places(chosen: Selection) -> tuple[list[PlaceRow], int]:
    """Return a row for each place that something happened in, most events first, and how many have none."""
    places = Place.objects.in_bulk()
    rows: dict[str, PlaceRow] = {}
    unplaced = 0
    for found in (*_counted(chosen), *_read_otherwise(chosen)):
        if found["place"] is None:
            unplaced += found["count"]
            continue
        place, vague = _known_to(places[found["place"]], found["geo_precision"], places)
        row = PlaceRow(place, vague)
        row = rows.setdefault(row.key, row)
        row.counts[plover.QUAD[found["type"]] - 1] += found["count"]
        row.severity = max(row.severity, found["most"] or 0.0)
        row.contested += found["count"] if found["contested"] else 0
        row.first, row.last = min(row.first, found["first"]), max(row.last, found["last"])
    return sorted(rows.values(), key=lambda row: (-row.count, row.place.name, row.vague)), unplaced


def _counted(chosen: Selection) -> Iterable[dict[str, Any]]:
    """Count events by place, how well it is known, type and dispute, those apart that read otherwise then."""
    events = _plain(chosen).exclude(pk__in=list(chosen.scope.then.by_event))
    counted: Any = (
        events.order_by()
        .values("place", "geo_precision", "type", "contested")
        .annotate(
            count=Count("pk"),
            most=Max(Abs("severity")),
            first=Min("start"),
            last=Max("end"),
        )
    )
    return counted


def _read_otherwise(chosen: Selection) -> list[dict[str, Any]]:
    """Return the events that read otherwise at the moment, one by one, as `_counted` counts."""
    otherwise = chosen.scope.then.by_event
    if not otherwise:
        return []
    events = _plain(chosen).filter(pk__in=list(otherwise)).order_by()
    found: list[dict[str, Any]] = []
    rows: Iterable[Any] = events.values("pk", "place", "geo_precision", "type", "start", "end")
    for row in rows:
        then = otherwise[row["pk"]]
        read = {"count": 1, "contested": then["contested"], "most": abs(then["severity"])}
        found.append({**row, **read, "first": row["start"], "last": row["end"]})
    return found


def _plain(chosen: Selection) -> EventQuerySet:
    """Return the events of the view without what the selection annotates."""
    return Event.objects.filter(pk__in=chosen.events.order_by().values("pk"))


def _known_to(place: Place, precision: str, places: Mapping[int, Place]) -> tuple[Place, bool]:
    """Return the area in which an event is known to have happened, and whether it is more than a spot."""
    place = places.get(place.merged_into_id or place.pk, place)
    wanted = _WITHIN.get(precision, ())
    around: Place | None = place
    seen: set[int] = set()
    while around is not None and around.kind not in wanted and around.pk not in seen:
        seen.add(around.pk)
        around = places.get(around.parent_id) if around.parent_id else None
    found = around if around is not None and around.kind in wanted else place
    return found, found.kind in _AREAS or precision in _VAGUE


def _spot(row: PlaceRow) -> Spot:
    place = row.place
    lon, lat, country = place.lon, place.lat, ""
    if place.kind == Place.Kind.COUNTRY and (there := basemap.place_of_name(place.country)):
        (lon, lat), country = there, place.country
    one, two, three, four = row.counts
    return Spot(
        key=row.key,
        name=place.name,
        lon=lon,
        lat=lat,
        radius_km=place.radius_km,
        vague=row.vague,
        counts=(one, two, three, four),
        severity=row.severity,
        contested=row.contested,
        country=country,
    )


# --- the table ------------------------------------------------------------------------------


def _finish(chosen: Selection, rows: Sequence[PlaceRow]) -> None:
    """Give the rows of the table their words, addresses and newest events; one query."""
    by_place = _newest(chosen)
    keys = {row.key: row for row in rows}
    places = Place.objects.in_bulk()
    for event in by_place:
        place, vague = _known_to(places[event.place_id or 0], event.geo_precision, places)
        row = keys.get(PlaceRow(place, vague).key)
        if row is not None and len(row.events) < MOST_EVENTS:
            row.events.append(event)
    for row in rows:
        row.precision = _precision(row)
        row.links = [(event, _opened(chosen, event)) for event in row.events]
        row.href = address("timeline", chosen, _only(chosen, row.place))
        near = frame.Area(row.place.lon, row.place.lat, max(row.place.radius_km * 2, 60))
        row.zoom = _to(chosen, frame.whole([near]))


def _newest(chosen: Selection) -> list[Event]:
    """Return the newest events of each place, as they read at the moment."""
    number = Window(
        RowNumber(),
        partition_by=[F("place"), F("geo_precision")],
        order_by=[F("start").desc(), F("public_id").asc()],
    )
    fields = ("public_id", "title", "type", "mode", "start", "end", "precision", "place",
              "geo_precision", "contested")  # fmt: skip
    events = _plain(chosen).filter(place__isnull=False).annotate(number=number)
    found = list(events.filter(number__lte=MOST_EVENTS).only(*fields))
    chosen.scope.then.onto(found)
    return sorted(found, key=lambda event: (-event.start.toordinal(), event.public_id))


def _precision(row: PlaceRow) -> str:
    """Say how well the place of a row's events is known."""
    place = row.place
    if not row.vague:
        if place.radius_km <= 1:
            return gettext("a known spot")
        return gettext("within about %(distance)s km") % {"distance": f"{place.radius_km:,.0f}"}
    if place.kind == Place.Kind.COUNTRY:
        return gettext("somewhere in the country")
    words = gettext("somewhere within about %(distance)s km")
    return words % {"distance": f"{place.radius_km:,.0f}"}


def _opened(chosen: Selection, event: Event) -> str:
    return address("timeline", chosen, chosen.filters.changed(event=event.public_id, day=None))


def _only(chosen: Selection, place: Place) -> Filters:
    return chosen.filters.changed(places=(place.slug,), event="", day=None)


# --- other parts of the world ---------------------------------------------------------------


def _to(chosen: Selection, box: frame.Box) -> str:
    return address("map", chosen, box=box.address)


def _leads(chosen: Selection, mark: map_marks.Mark) -> str:
    """Return where a mark leads: nearer, where it is several places; else to the line of its place."""
    if len(mark.spots) == 1:
        return f"#place-{mark.spots[0].key}"
    areas = [frame.Area(s.lon, s.lat, min(s.radius_km, 5), s.count) for s in mark.spots]
    return _to(chosen, frame.whole(areas))


def _steps(chosen: Selection, box: frame.Box) -> list[Step]:
    moves = (
        ("closer", gettext("Zoom in"), "+", box.moved(0, 0, 2)),
        ("wider", gettext("Zoom out"), "−", box.moved(0, 0, 0.5)),
        ("west", gettext("To the west"), "←", box.moved(-1 / 3, 0)),
        ("east", gettext("To the east"), "→", box.moved(1 / 3, 0)),
        ("north", gettext("To the north"), "↑", box.moved(0, 1 / 3)),
        ("south", gettext("To the south"), "↓", box.moved(0, -1 / 3)),
    )
    return [
        Step(name, label, sign, "" if there.address == box.address else _to(chosen, there))
        for name, label, sign, there in moves
    ]
