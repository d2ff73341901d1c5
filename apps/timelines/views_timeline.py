"""The home page and the timeline page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control

from apps.timelines import asof
from apps.timelines.models import Timeline
from apps.timelines.queries_home import dossiers
from apps.timelines.queries_timeline import read_view
from apps.timelines.views_events import drawer_context

VIEW = "view"


def home(request: HttpRequest) -> HttpResponse:
    """The published dossiers, each with its index in small."""
    context = {"dossiers": dossiers(asof.read(request)), "section": "timelines"}
    return render(request, "timelines/home.html", context)


def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """One published dossier in the view that the address asks for; the view alone where it is the target."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    view = read_view(found, request.GET, as_of)
    fragment = request.htmx.target == VIEW  # type: ignore[attr-defined]
    context = {"timeline": found, "view": view, "section": "timelines"}
    if view.selected is not None:
        context |= drawer_context(view.selected, as_of)
    template = "timelines/timeline.html"
    response = render(request, f"{template}#{VIEW}" if fragment else template, context)
    if fragment:
        # One address for one view, however its form was filled in.
        response["HX-Push-Url"] = f"{request.path}?{view.filters.query()}".removesuffix("?")
    patch_cache_control(response, no_cache=True)
    return response
