"""A view of a timeline on the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control

from apps.timelines import asof
from apps.timelines.costly import PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries.map import BOX, read_map
from apps.timelines.queries.selection import select
from apps.timelines.views.sections import sections
from apps.timelines.views.timeline import VIEW


@costly(PAGE)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The events of a view where they happened; `box` is the part of the world that is shown."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = select(found, request.GET, as_of)
    drawn = read_map(chosen, request.GET.get(BOX, "").strip())
    context = {
        "timeline": found,
        "map": drawn,
        "view": drawn.panel,
        "sections": sections(chosen, "map"),
        "section": "timelines",
    }
    fragment = request.htmx.target == VIEW  # type: ignore[attr-defined]
    template = "timelines/map.html"
    response = render(request, f"{template}#{VIEW}" if fragment else template, context)
    patch_cache_control(response, no_cache=True)
    return response
