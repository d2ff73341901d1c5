"""What changed of a timeline since a day, or since the reader's last visit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from apps.timelines import asof, visits, wording
from apps.timelines.asof import AsOf
from apps.timelines.costly import PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries.changes import Changed, changes
from apps.timelines.queries.selection import Selection, select
from apps.timelines.views.sections import sections

VISIT: Final = "visit"
PAGE_SIZE: Final = 50
MOST_COUNTED: Final = 99
# Where the address names no day.
_USUAL: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Since:
    """From when changes are told; `faults` say in sentences what of the address was left out."""

    moment: datetime
    visit: bool
    faults: list[str]

    @property
    def words(self) -> str:
        """The moment in words: its day alone where a day was asked for."""
        return wording.instant(self.moment)


@costly(PAGE)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The changes of the view since `since`: a day as 2020-01-31 (its first instant, UTC), or `visit`."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = select(found, request.GET, as_of)
    since = read_since(request, found, as_of)
    rows = changes(chosen, since.moment, most=PAGE_SIZE + 1, before=_before(request))
    context = {
        "timeline": found,
        "chosen": chosen,
        "since": since,
        "today": as_of.until(timezone.now().astimezone(UTC).date()),
        "faults": [*chosen.faults, *since.faults],
        "days": _by_day(rows[:PAGE_SIZE]),
        "count": min(len(rows), PAGE_SIZE),
        "more": _more(request, rows),
        "hidden": parse_qsl(chosen.filters.query()),
        "visit_query": urlencode([*parse_qsl(chosen.filters.query()), ("since", VISIT)]),
        "visited": visits.last_visit(request, found),
        "section": "timelines",
        "sections": sections(chosen, "changes"),
    }
    response = render(request, "timelines/changes.html", context)
    visits.note(request, response, found)
    patch_cache_control(response, no_cache=True)
    return response


def read_since(request: HttpRequest, timeline: Timeline, as_of: AsOf) -> Since:
    """Read `since`; where it makes no sense, a week before the day that is shown, and a sentence says so."""
    asked = (request.GET.getlist("since") or [""])[-1].strip()
    end = as_of.moment or timezone.now()
    usual = _midnight(end.date() - _USUAL)
    if asked == VISIT:
        visit = visits.last_visit(request, timeline)
        if visit is not None:
            return Since(visit, True, [])
        words = gettext("No earlier visit is known in this browser; the last seven days are shown.")
        return Since(usual, False, [words])
    if not asked:
        return Since(usual, False, [])
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        words = gettext("“%(asked)s” is not a day; write since as 2020-01-31, or visit.")
        return Since(usual, False, [words % {"asked": asked[:40]}])
    if day > end.date():
        words = gettext("%(day)s is after the day that is shown; the last seven days are shown.")
        return Since(usual, False, [words % {"day": wording.day(day)}])
    return Since(_midnight(max(day, asof.EARLIEST)), False, [])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _before(request: HttpRequest) -> int:
    """The change below which the page goes on; 0: from the newest."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0


def _more(request: HttpRequest, rows: list[Changed]) -> str:
    """Return the address of the next page; "" for the last."""
    if len(rows) <= PAGE_SIZE or not rows[PAGE_SIZE - 1].key:
        return ""
    query = [(k, v) for k, values in request.GET.lists() for v in values if k != "before"]
    return "?" + urlencode([*query, ("before", rows[PAGE_SIZE - 1].key)])


def _by_day(rows: list[Changed]) -> list[tuple[date, list[Changed]]]:
    return [
        (day, list(group))
        for day, group in groupby(rows, lambda row: row.at.astimezone(UTC).date())
    ]


def since_visit(request: HttpRequest, chosen: Selection) -> dict[str, Any]:
    """Return, for the timeline page, how many changes its view had since the last visit; none as of a day."""
    visit = visits.last_visit(request, chosen.timeline)
    if chosen.as_of.day is not None or visit is None:
        return {}
    count = len(changes(chosen, visit, most=MOST_COUNTED + 1))
    return {"changes_since_visit": count, "more_changes": count > MOST_COUNTED}
