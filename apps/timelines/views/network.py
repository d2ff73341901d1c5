"""Who acts on whom in a view of a timeline."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control

from apps.timelines import asof
from apps.timelines.costly import PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries.network import read_network
from apps.timelines.queries.selection import select
from apps.timelines.views.sections import sections
from apps.timelines.views.timeline import VIEW


@costly(PAGE)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The actors of a view and what they do to each other; `by` and `at` list the events of one pair."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = select(found, request.GET, as_of)
    drawn = read_network(chosen, request.GET)
    context = {
        "timeline": found,
        "network": drawn,
        "view": drawn.panel,
        "sections": sections(chosen, "network"),
        "section": "timelines",
    }
    fragment = request.htmx.target == VIEW  # type: ignore[attr-defined]
    template = "timelines/network.html"
    response = render(request, f"{template}#{VIEW}" if fragment else template, context)
    patch_cache_control(response, no_cache=True)
    return response
