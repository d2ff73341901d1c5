"""A view of a timeline as a picture with its table: where its events happened, and who acts on whom."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from apps.timelines import asof
from apps.timelines.costly import PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries.map import BOX, read_map
from apps.timelines.queries.network import read_network
from apps.timelines.queries.selection import Selection, select
from apps.timelines.queries.signal_list import read_signals
from apps.timelines.views.fresh import fresh
from apps.timelines.views.sections import sections
from apps.timelines.views.timeline import VIEW

_TEMPLATE: Final = "timelines/picture.html"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page of this kind is made of: templates of the picture and its table, a style, a script or ""."""

    picture: str
    twin: str
    style: str
    script: str = ""


_MAP: Final = Parts(
    "timelines/_map.html", "timelines/_places.html", "css/map.css", script="js/map.js"
)
_SIGNALS: Final = Parts("timelines/_behind.html", "timelines/_signal_list.html", "css/signals.css")
_NETWORK: Final = Parts("timelines/_network.html", "timelines/_pairs.html", "css/network.css")


@costly(PAGE)
@fresh
def map_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The events of a view where they happened; `box` is the part of the world that is shown."""
    chosen = _chosen(request, slug)
    drawn = read_map(chosen, request.GET.get(BOX, "").strip())
    context = {"map": drawn, "view": drawn.panel, "label": gettext("Map")}
    return _page(request, chosen, "map", _MAP, context)


@costly(PAGE)
@fresh
def network_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The actors of a view and what they do to each other; `by` and `at` list the events of one pair."""
    chosen = _chosen(request, slug)
    drawn = read_network(chosen, request.GET)
    context = {"network": drawn, "view": drawn.panel, "label": gettext("Network")}
    return _page(request, chosen, "network", _NETWORK, context)


@costly(PAGE)
@fresh
def signals_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The machine-coded events behind a view: how many when, and the loudest of them."""
    chosen = _chosen(request, slug)
    found = read_signals(chosen)
    context = {"signals": found, "view": found.panel, "label": gettext("Signals")}
    return _page(request, chosen, "signals", _SIGNALS, {**context, "counted_as": "signal"})


def _chosen(request: HttpRequest, slug: str) -> Selection:
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    return select(found, request.GET, as_of)


def _page(
    request: HttpRequest, chosen: Selection, name: str, parts: Parts, context: dict[str, Any]
) -> HttpResponse:
    """Show the page, or the view alone where htmx asks for it."""
    context = {
        "counted_as": "event",
        **context,
        "timeline": chosen.timeline,
        "picture": parts.picture,
        "twin": parts.twin,
        "style": parts.style,
        "script": parts.script,
        "sections": sections(chosen, name),
        "section": "timelines",
    }
    fragment = request.htmx.target == VIEW  # type: ignore[attr-defined]
    response = render(request, f"{_TEMPLATE}#{VIEW}" if fragment else _TEMPLATE, context)
    patch_cache_control(response, no_cache=True)
    return response
