"""Small pages for other people's sites, the page with the code to copy, and oEmbed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt

from apps.timelines import asof, embed
from apps.timelines.api.shapes import Addresses
from apps.timelines.costly import PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries import events as queries_events
from apps.timelines.queries.selection import select
from apps.timelines.views.events import drawer_context

View = Callable[..., HttpResponse]
ANYWHERE: Final = ["*"]
HERE: Final = ["'self'"]


def framed(view: View) -> View:
    """Let other sites show the page in a frame; of a closed installation only its own pages may."""

    @wraps(view)
    @xframe_options_exempt
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ancestors = HERE if settings.CLOSED else ANYWHERE
        policy = csp_replace({"frame-ancestors": ancestors, "script-src": None})
        return cast(HttpResponse, policy(view)(request, *args, **kwargs))  # type: ignore[arg-type,call-arg]

    return inner


@costly(PAGE)
@framed
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """A view of a timeline in small: the index, the lanes and the weightiest events. No script, no cookie."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = select(found, request.GET, as_of)
    query = chosen.filters.query()
    context = {
        "timeline": found,
        "chosen": chosen,
        "small": embed.embedded(chosen),
        "theme": embed.theme_of(request.GET),
        "whole": f"{found.get_absolute_url()}?{query}".removesuffix("?"),
    }
    return render(request, "embed/timeline.html", context)


@framed
def event(request: HttpRequest, public_id: str) -> HttpResponse:
    """A published event as a card."""
    as_of = asof.read(request)
    found = queries_events.find(public_id)
    if found is None or found.first_public_at is None:
        raise Http404("There is no published event of that id.")
    if as_of.moment is not None and found.first_public_at > as_of.moment:
        raise Http404("The event was not known by then.")
    shown = drawer_context(found, as_of)
    context = {**shown, "theme": embed.theme_of(request.GET)}
    return render(request, "embed/event.html", context)


@csp_replace({"frame-src": HERE})  # type: ignore[arg-type]  # django-csp knows no arguments
def embed_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The code that puts a view of a timeline into another page, with how it will look."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = select(found, request.GET, as_of)
    size = request.GET.get("size", "")
    size = size if size in embed.SIZES else "medium"
    theme = embed.theme_of(request.GET)
    frame = embed.frame_address("timeline", slug, chosen.filters.query(), theme)
    whole = Addresses(request, asof.NOW).whole(frame)
    context = {
        "timeline": found,
        "view_query": _pairs(chosen.filters.query()),
        "back": f"{found.get_absolute_url()}?{chosen.filters.query()}".removesuffix("?"),
        "faults": chosen.faults,
        "frame": frame,
        "sizes": [(name, *measures) for name, measures in embed.SIZES.items()],
        "size": size,
        "measures": embed.SIZES[size],
        "themes": embed.THEMES,
        "theme": theme,
        "code": embed.code(whole, found.title, embed.SIZES[size]),
        "section": "timelines",
        "where": urlsplit(whole).netloc,
        "title": gettext("Embed"),
    }
    return render(request, "embed/code.html", context)


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return the view's values as hidden fields of the form carry them."""
    values = embed.QueryDict(query)
    return [(name, value) for name in values for value in values.getlist(name)]
