"""Two periods or two dossiers side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control

from apps.core import plover
from apps.timelines import asof, wording
from apps.timelines.costly import FILE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries.compare import MOST_EVENTS, compare
from apps.timelines.queries.knowledge import address
from apps.timelines.views.sections import sections


@costly(FILE)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The comparison that the address asks for: a, b, a_from, a_to, since_a and so on, type, severity."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    compared = compare(found, request.GET, as_of)
    context = {
        "timeline": found,
        "compared": compared,
        "timelines": Timeline.objects.public(),
        "types": [(t, wording.TYPE_WORDS[t]) for t in plover.TYPES],
        "shared": compared.a.chosen.filters,
        "views": [address(side.chosen, side.chosen.filters) for side in compared.sides],
        "most_events": MOST_EVENTS,
        "section": "timelines",
        "sections": sections(compared.a.chosen, "compare"),
    }
    response = render(request, "timelines/compare.html", context)
    patch_cache_control(response, no_cache=True)
    return response
