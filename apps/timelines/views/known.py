"""The known-time clock's own addresses: steps to other days, days to replay, and the difference to now."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control

from apps.timelines import asof
from apps.timelines.asof import NOW, AsOf
from apps.timelines.costly import FILE, PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries import difference as queries_difference
from apps.timelines.queries import knowledge as queries_knowledge
from apps.timelines.queries.selection import select
from apps.timelines.views.sections import sections

DIFFERENCE = "difference"


@costly(PAGE)
def known(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Lead to the day before or after on which something of the view became known (`step`), or list the next.

    It tells of days to come, so pages as of a day ask for it only when the reader wants to go on.
    """
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = select(found, request.GET, NOW)
    way = request.GET.get("step", "")
    if way in ("previous", "next"):
        day = queries_knowledge.step(chosen, as_of.day, way)
        filters = replace(chosen.filters, as_of=day)
        return redirect(queries_knowledge.address(chosen, filters))
    after = as_of.day or queries_knowledge.replay_start(chosen.filters)
    days = queries_knowledge.known_days(chosen, after)
    response = JsonResponse({"days": [day.isoformat() for day in days]})
    patch_cache_control(response, no_cache=True)
    return response


@costly(FILE)
def difference(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What is known now of a view and was not on its day: the one page as of a day that tells of later ones."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    fragment = request.htmx.target == DIFFERENCE  # type: ignore[attr-defined]
    template = "timelines/difference.html"
    context = _compared(found, request, as_of)
    response = render(request, f"{template}#{DIFFERENCE}" if fragment else template, context)
    patch_cache_control(response, no_cache=True)
    return response


def _compared(found: Timeline, request: HttpRequest, as_of: AsOf) -> dict[str, Any]:
    """Read the view on its day and now; as known now there is nothing to compare, and a day is asked for."""
    stood, stands = select(found, request.GET, as_of), select(found, request.GET, NOW)
    context: dict[str, Any] = {
        "timeline": found,
        "chosen": stood,
        "hidden": parse_qsl(stands.filters.query()),
        "sections": sections(stood, "timeline"),
        "view_now": queries_knowledge.address(stands, stands.filters),
        "section": "timelines",
    }
    if as_of.day is not None and as_of.moment is not None:
        context |= {
            "difference": queries_difference.between(stands, as_of.moment),
            "index_was": queries_difference.index_on(stood, as_of.day),
            "index_now": queries_difference.index_on(stands, as_of.day),
        }
    return context
