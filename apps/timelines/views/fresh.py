"""Pages that a reader has already: told so by their entity tag, before anything is drawn or counted.

What is behind a page is what is behind the answers of the API (api/freshness.py), and the program itself: a
newer version may write the same facts another way.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from apps.timelines import asof
from apps.timelines.api import freshness

View = Callable[..., HttpResponse]
# What of a program shows in its pages.
_SHOWS: Final = ("apps", "templates", "locale", "static", "config")
_KINDS: Final = {".py", ".html", ".svg", ".css", ".js", ".mo", ".json"}
# Answers that name a fragment differ from the page of the same address.
_HEADERS: Final = ("HX-Request", "HX-Target", "Tensionline-Chart", asof.REPLAY_HEADER)
# The open event is shown with its articles' facts, which no history keeps; so is any past moment.
_BY_ARTICLES: Final = (asof.PARAMETER, "event")


def tag(request: HttpRequest, *more: object) -> str:
    """Return the entity tag of a page, empty where it has none; `more` is what else it rests on."""
    reader = request.user.is_authenticated or any(name in request.GET for name in _BY_ARTICLES)
    if reader or request.method not in ("GET", "HEAD"):
        return ""
    asked = [request.headers.get(name, "") for name in _HEADERS]
    return freshness.tag(request, _program(), settings.SITE_ADDRESS, *asked, *more)


def kept(request: HttpRequest, tag: str) -> HttpResponse | None:
    """Return 304 where the reader has the page of that tag, else None."""
    found = get_conditional_response(request, tag) if tag else None
    return None if found is None else tagged(found, tag)


def tagged(response: HttpResponse, tag: str) -> HttpResponse:
    """Write the tag into an answer, where it has one; it is asked for again each time."""
    if tag and response.status_code in (200, 304):
        response["ETag"] = tag
        patch_cache_control(response, no_cache=True)
    return response


def fresh(view: View) -> View:
    """Answer 304 in place of the page where the reader has what stands."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asof.read(request)
        named = tag(request)
        return kept(request, named) or tagged(view(request, *args, **kwargs), named)

    return cast(View, inner)


@cache
def _program() -> str:
    """Return what tells one version of the program from another: a hash over its files, on any host."""
    found = hashlib.sha256()
    for folder in _SHOWS:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in _KINDS and file.is_file():
                found.update(str(file.relative_to(settings.BASE_DIR)).encode() + file.read_bytes())
    return found.hexdigest()[:16]
