"""oEmbed (oembed.com): what another site asks in order to show one of this installation's addresses."""

from datetime import UTC
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from apps.timelines import asof, embed
from apps.timelines.api.shapes import Addresses
from apps.timelines.costly import PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries import events as queries_events
from apps.timelines.queries.selection import select

PROVIDER: Final = "Tensionline"
USUAL: Final = {"timeline": (600, 420), "event": (600, 300)}
KEPT_SECONDS: Final = 3600
Answer = dict[str, Any]


@costly(PAGE)
@login_not_required  # a program asks: it is told that it may not, instead of being sent to a form
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Answer for the address in `url`: 404 where it is none of ours, 501 for a format that is not known."""
    if settings.CLOSED and not request.user.is_authenticated:
        return _said(401, gettext("This installation is closed: log in first."))
    form = request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return _said(501, gettext("format is json or xml."))
    try:
        most = _most(request, "maxwidth"), _most(request, "maxheight")
        found = _answer(request, request.GET.get("url", ""), most)
    except (Http404, BadRequest) as error:
        return _said(404 if isinstance(error, Http404) else 400, str(error))
    response = JsonResponse(found) if form == "json" else _xml(found)
    if not settings.CLOSED:
        response["Access-Control-Allow-Origin"] = "*"
    return response


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _most(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and int(asked[:6]) > 0):
        raise BadRequest(gettext("%(name)s is a number of pixels.") % {"name": name})
    return int(asked[:6])


def _answer(request: HttpRequest, address: str, most: tuple[int | None, int | None]) -> Answer:
    kind, name, query = _own(request, address)
    values = QueryDict(query)
    days = values.getlist(asof.PARAMETER)
    day = asof.parse(days[-1] if days else "", timezone.now().astimezone(UTC).date())
    title, view = _TITLED[kind](name, values, asof.AsOf(day))
    to = Addresses(request, asof.NOW)
    width, height = (
        min(usual, limit or usual) for usual, limit in zip(USUAL[kind], most, strict=True)
    )
    frame = to.whole(embed.frame_address(kind, name, view, embed.theme_of(values)))
    return {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": PROVIDER,
        "provider_url": to.of("home"),
        "cache_age": KEPT_SECONDS,
        "width": width,
        "height": height,
        "html": embed.code(frame, title, (width, height)),
    }


def _own(request: HttpRequest, address: str) -> tuple[str, str, str]:
    """Return which page of this installation an address is: its kind, its name and its query string."""
    nothing = Http404(gettext("url is the address of a timeline or an event of this installation."))
    try:
        parts = urlsplit(address)
        hosts = {request.get_host(), urlsplit(settings.SITE_ADDRESS).netloc} - {""}
        if parts.scheme not in ("http", "https") or parts.netloc not in hosts:
            raise nothing
        match = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise nothing from error
    if match.url_name not in _TITLED:
        raise nothing
    return match.url_name, str(next(iter(match.kwargs.values()))), parts.query


def _timeline(name: str, values: QueryDict, as_of: asof.AsOf) -> tuple[str, str]:
    found = Timeline.objects.public().filter(slug=name).first()
    if found is None:
        raise Http404(gettext("There is no published timeline of that name."))
    return found.title, select(found, values, as_of).filters.query()


def _event(name: str, values: QueryDict, as_of: asof.AsOf) -> tuple[str, str]:
    found = queries_events.find(name)
    since = found.first_public_at if found else None
    if found is None or since is None or (as_of.moment and since > as_of.moment):
        raise Http404(gettext("There is no published event of that id."))
    query = QueryDict(mutable=True)
    query.update(as_of.query)
    return found.title, query.urlencode()


_TITLED: Final = {"timeline": _timeline, "event": _event}


def _xml(found: Answer) -> HttpResponse:
    root = Element("oembed")
    for name, value in found.items():
        SubElement(root, name).text = str(value)
    head = b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return HttpResponse(head + tostring(root), content_type="text/xml; charset=utf-8")
