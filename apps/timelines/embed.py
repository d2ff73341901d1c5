"""What a small page for other people's sites shows of a view, and the code that puts it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core import plover
from apps.events.models import Event
from apps.timelines import tension
from apps.timelines.drawing.embedding import Strip, strips
from apps.timelines.drawing.sparklines import Sparkline, sparkline
from apps.timelines.filters import OTHER_LANE
from apps.timelines.queries.index import index
from apps.timelines.queries.lanes import Lanes, lanes_of
from apps.timelines.queries.readings import readings, severity
from apps.timelines.queries.selection import Selection

MOST_LISTED: Final = 8
MOST_LANES: Final = 8
THEME: Final = "theme"
THEMES: Final = ("auto", "light", "dark")
# Width and height in pixels. The page stands from 300 pixels on and shows more where there is room.
SIZES: Final = {"small": (320, 240), "medium": (600, 420), "large": (900, 640)}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A view of a timeline in small."""

    total: int
    line: Sparkline
    part: Sparkline | None  # of the matching events alone
    first: tension.Day | None
    last: tension.Day | None
    peak: tension.Day | None
    lanes: list[Strip]
    events: list[Event]


def embedded(chosen: Selection) -> Embedded:
    """Read a view in small; a number of queries that does not grow with it."""
    whole, part = index(chosen.scope, chosen.filters, chosen.as_of, chosen.actor_ids)
    lanes = lanes_of(chosen.scope, chosen.filters)
    drawn = _lanes(chosen, lanes)
    return Embedded(
        total=sum(strip.count for strip in drawn),
        line=_line(whole),
        part=_line(part) if part else None,
        first=whole[0] if whole else None,
        last=whole[-1] if whole else None,
        peak=max(whole, key=lambda day: day.value, default=None),
        lanes=drawn[:MOST_LANES],
        events=_heaviest(chosen),
    )


def _line(days: Sequence[tension.Day]) -> Sparkline:
    return sparkline([(day.low, day.value, day.high) for day in days])


def _lanes(chosen: Selection, lanes: Lanes) -> list[Strip]:
    """Return the lanes in which something is, the fullest first, what is in none last."""
    rows = (
        lanes.of_events(chosen.events)
        .order_by()
        .values_list("drawn_in", "start", "type")  # type: ignore[misc]  # of_events()
        .annotate(count=Count("pk"))
    )
    counts = [(lane, day, plover.QUAD[type_], count) for lane, day, type_, count in rows]
    used = {lane for lane, *_ in counts}
    specs = [lane for lane in lanes.specs if lane.slug in used]
    drawn = strips(counts, specs, chosen.filters.start, chosen.filters.end)
    rest = {lane.label for lane in specs if lane.slug == OTHER_LANE}
    return sorted(drawn, key=lambda strip: (strip.label in rest, -strip.count))


def _heaviest(chosen: Selection) -> list[Event]:
    """Return the most severe events as they read then, either way, in the order of their days."""
    read = readings(chosen.events, chosen.scope.then.by_event)
    keys = [found.key for found in sorted(read, key=lambda r: -abs(severity(r)))[:MOST_LISTED]]
    rows = chosen.events.filter(public_id__in=keys).order_by("start", "public_id")
    found = list(rows.select_related("place"))
    chosen.scope.then.onto(found)
    return found


def theme_of(query: QueryDict) -> str:
    """Return the theme asked for; "auto" follows the reader's own."""
    asked = query.get(THEME, "")
    return asked if asked in THEMES else "auto"


def frame_address(kind: str, name: str, query: str, theme: str = "auto") -> str:
    """Return the path of the small page of a timeline or an event, in a view (its query string)."""
    values = QueryDict(query, mutable=True)
    values.pop(THEME, None)
    if theme != "auto":
        values[THEME] = theme
    path, asked = reverse(f"embed-{kind}", args=[name]), values.urlencode()
    return f"{path}?{asked}" if asked else path


def code(address: str, title: str, size: tuple[int, int]) -> SafeString:
    """Return the element that puts a whole address into a page; `size` is its width and height in pixels."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>',
        *(address, title, *size),
    )
