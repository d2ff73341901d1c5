"""The home page and the timeline page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control, patch_vary_headers

from apps.timelines import asof, saved, visits
from apps.timelines.costly import turned
from apps.timelines.exports.menu import take_away
from apps.timelines.models import Timeline
from apps.timelines.queries.home import dossiers
from apps.timelines.queries.knowledge import knowledge
from apps.timelines.queries.selection import select
from apps.timelines.queries.timeline import read_view
from apps.timelines.views import fresh, toolbar
from apps.timelines.views.changes import since_visit
from apps.timelines.views.events import drawer_context
from apps.timelines.views.index import panel
from apps.timelines.views.sections import sections

VIEW = "view"
# Sent where plotly.js drew the chart already, which then needs the figure alone.
CHART, DRAWN = "Tensionline-Chart", "drawn"


@fresh.fresh
def home(request: HttpRequest) -> HttpResponse:
    """The published dossiers, each with its index in small."""
    context = {"dossiers": dossiers(asof.read(request)), "section": "timelines"}
    return render(request, "timelines/home.html", context)


@turned
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """One published dossier in the view that the address asks for; the view alone where it is the target."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    last = visits.last_visit(request, found)
    tag = fresh.tag(request, last)
    response = fresh.kept(request, tag) or fresh.tagged(_drawn(request, found, as_of), tag)
    if response.status_code in (200, 304):
        visits.note(request, response, found)
        patch_cache_control(response, no_cache=True)
        patch_vary_headers(response, [CHART])
    return response


def _drawn(request: HttpRequest, found: Timeline, as_of: asof.AsOf) -> HttpResponse:
    chosen = select(found, request.GET, as_of)
    asked = request.GET.get(toolbar.JUMP, "")
    if asked and (there := toolbar.jumped(chosen, asked)):
        return redirect(f"{request.path}{there}")
    view = read_view(chosen)
    fragment = request.htmx.target == VIEW  # type: ignore[attr-defined]
    context = {"timeline": found, "chosen": chosen, "view": view, "section": "timelines"}
    context["chart_drawn"] = fragment and request.headers.get(CHART) == DRAWN
    context |= toolbar.context(chosen, view)
    context |= {"take_away": take_away(chosen, view.total)}
    context |= {"sections": sections(chosen, "timeline")}
    if view.selected is not None:
        context |= drawer_context(view.selected, as_of)
    context |= knowledge(chosen, view) | since_visit(request, chosen)
    context |= panel(chosen) | saved.context(request, chosen)
    template = "timelines/timeline.html"
    response = render(request, f"{template}#{VIEW}" if fragment else template, context)
    if fragment:
        # One address for one view, however its form was filled in.
        response[asof.url_header(request)] = f"{request.path}?{view.filters.query()}".removesuffix(
            "?"
        )
    return response
