"""The index opens: its highest days, one day taken apart, and the files that recompute it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from apps.timelines import asof, tension, wording
from apps.timelines.costly import turned
from apps.timelines.drawing import report_chart
from apps.timelines.models import Timeline
from apps.timelines.queries import day as queries_day
from apps.timelines.queries.selection import Selection, select
from apps.timelines.views.fresh import fresh
from apps.timelines.views.sections import sections


@turned
@fresh
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The highest days of a timeline's index, and what can be taken away of it."""
    chosen = _chosen(request, slug)
    peaks = queries_day.peaks(chosen)
    context = {
        "timeline": chosen.timeline,
        "formula": tension.VERSION,
        "peaks": peaks,
        **_drawn(chosen, [peak.day for peak in peaks]),
        "sections": sections(chosen, "index"),
        "section": "timelines",
    }
    return _fresh(render(request, "timelines/index/index.html", context))


def day(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """One day of a timeline's index, taken apart."""
    chosen = _chosen(request, slug)
    asked = _day(day)
    bounds = chosen.bounds
    if not bounds.start <= asked <= bounds.end:
        raise Http404(f"The timeline goes from {bounds.start} to {bounds.end}.")
    told = opened(chosen, asked)
    context = {
        "timeline": chosen.timeline,
        "day": asked,
        "iso": asked.isoformat(),
        **told,
        **(_drawn(chosen, [told["opened"].today]) if "opened" in told else {}),
        **_neighbours(chosen, asked),
        "sections": sections(chosen, "index"),
        "section": "timelines",
    }
    return _fresh(render(request, "timelines/index/day.html", context))


def _drawn(chosen: Selection, marked: Sequence[tension.Day]) -> dict[str, Any]:
    """The whole index as a picture, with some of its days marked."""
    first, last = chosen.bounds.start, chosen.bounds.end
    return {
        "picture": report_chart.picture(queries_day.whole_index(chosen), [], first, last),
        "spots": report_chart.spots(marked, first, last),
        "picture_from": first,
        "picture_to": last,
    }


def panel(chosen: Selection) -> dict[str, Any]:
    """What templates/timelines/_day.html needs: the day taken apart where the view asks for one."""
    filters = chosen.filters
    closed = filters.changed(day=None, page=filters.page)
    context: dict[str, Any] = {
        "day_closed_href": closed.href,
        "day_fields": parse_qsl(closed.query()),
        "day_last": queries_day.last_known(chosen),
    }
    if filters.day is None:
        return context
    page = reverse("index_day", args=[chosen.timeline.slug, filters.day.isoformat()])
    return {**context, "day_page": page, **opened(chosen, filters.day)}


def opened(chosen: Selection, asked: date) -> dict[str, Any]:
    """The day taken apart, or the sentence that says why there is nothing to take apart."""
    words = wording.day(asked)
    last = queries_day.last_known(chosen)
    if asked > last:
        fault = gettext("As of %(last)s nothing is known of %(day)s: the index ends with that day.")
        return {
            "day_words": words,
            "day_fault": fault % {"last": wording.day(last), "day": words},
        }
    return {
        "opened": queries_day.open_day(chosen, asked),
        "day_words": words,
        "narrowed": chosen.filters.narrowed,
    }


def _neighbours(chosen: Selection, asked: date) -> dict[str, str]:
    """The days before and after, as addresses have them and in words, where there are any."""
    found: dict[str, str] = {}
    days = {"earlier": asked - timedelta(days=1), "later": asked + timedelta(days=1)}
    for name, other in days.items():
        if chosen.bounds.start <= other <= queries_day.last_known(chosen):
            found |= {name: other.isoformat(), f"{name}_words": wording.day(other)}
    return found


def _chosen(request: HttpRequest, slug: str) -> Selection:
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    return select(found, request.GET, as_of)


def _day(asked: str) -> date:
    try:
        found = date.fromisoformat(asked)
    except ValueError:
        found = None
    # One day has one address: 20200108 is a day, too.
    if found is None or found.isoformat() != asked:
        raise Http404(f"“{asked[:40]}” is not a day.")
    return found


def _fresh(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_cache=True)
    return response
