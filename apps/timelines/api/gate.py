"""What every answer of the API passes: who may ask, how often, how, and whether it is still fresh."""

from collections.abc import Callable
from functools import wraps
from typing import Final, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext

from apps.timelines import asof
from apps.timelines.api import description, freshness, limits
from apps.timelines.api.problems import problem
from apps.timelines.api.service import unknown_parameters

METHODS: Final = "GET, HEAD, OPTIONS"
TOLD: Final = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
# They show facts of articles or of what was read of feeds, which no history keeps.
TAGGED_BY_TEXT: Final = {"api-event", "api-article", "api-coverage", "api-search", "api-openapi"}
View = Callable[..., HttpResponse]


def gated(view: View, name: str) -> View:
    """Return `view` behind the gate; `name` is its address's."""

    @login_not_required  # the gate itself asks for one: a program cannot fill in a form
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        # One answer for every caller, whatever language a browser asks for.
        with translation.override(settings.LANGUAGE_CODE):
            response = _before(request)
            if response is None:
                response = _limited(request, lambda: _fresh(request, name, view, args, kwargs))
        response["Content-Language"] = settings.LANGUAGE_CODE
        if not settings.CLOSED:
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = TOLD
        return response

    return cast(View, guarded)


def _before(request: HttpRequest) -> HttpResponse | None:
    """Answer what needs no look at the data; None where the request goes on."""
    if request.method == "OPTIONS":
        return _options()
    if request.method not in ("GET", "HEAD"):
        response = problem("method-not-allowed", gettext("The API is read-only: use GET."))
        response["Allow"] = METHODS
        return response
    if settings.CLOSED and not request.user.is_authenticated:
        response = problem("login-needed", gettext("This installation is closed: log in first."))
        response["WWW-Authenticate"] = 'Session realm="Tensionline"'
        return response
    return None


def _options() -> HttpResponse:
    response = HttpResponse(status=204)
    del response["Content-Type"]
    response["Allow"] = METHODS
    if not settings.CLOSED:
        response["Access-Control-Allow-Methods"] = METHODS
        response["Access-Control-Allow-Headers"] = "If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
    return response


def _limited(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    allowance = limits.spend(request)
    if allowance is None:
        return answer()
    response = allowance.refusal() if allowance.exceeded else answer()
    allowance.onto(response)
    return response


def _fresh(
    request: HttpRequest, name: str, view: View, args: tuple[object, ...], kwargs: dict[str, object]
) -> HttpResponse:
    """Answer 304 where the caller has what stands, else with the view's answer and its tag."""
    # How many reports told of an event by then follows from articles, too.
    by_text = name in TAGGED_BY_TEXT or asof.PARAMETER in request.GET
    tag = "" if by_text else freshness.tag(request)
    kept = None if by_text else _not_modified(request, tag)
    if kept is not None:
        return kept
    refusal = unknown_parameters(request, description.parameters(name))
    response = refusal or _answer(request, view, args, kwargs)
    if response.status_code != 200:
        return response
    tag = tag or freshness.tag_of(request, response.content)
    return _not_modified(request, tag, response) or _tagged(response, tag)


def _answer(
    request: HttpRequest, view: View, args: tuple[object, ...], kwargs: dict[str, object]
) -> HttpResponse:
    """Ask the view, which knows GET alone; the server leaves out the body of an answer to HEAD."""
    method, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def _not_modified(
    request: HttpRequest, tag: str, response: HttpResponse | None = None
) -> HttpResponse | None:
    """Return 304 where the caller's tag is still right, else None.

    There is no Last-Modified: derived columns and rows that are committed late change an answer that was given
    with the same second.
    """
    found = get_conditional_response(request, tag, None, response)
    return _tagged(found, tag) if found is not None and found is not response else None


def _tagged(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    patch_cache_control(response, no_cache=True)
    return response
