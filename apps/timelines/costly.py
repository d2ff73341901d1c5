"""A limit for public addresses that take much work: so much a caller may ask for in a while (HEAVY_RATE).

Without it, one reader who asks for snapshots again and again would keep every web process from all others. The
count is the API's (api/limits.py): in the database, right for any number of processes.

Pages that readers turn have a wider limit of their own (PAGE_RATE), which counts only addresses that ask for
something narrower: the whole page is kept, and everybody who comes by a link may see it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from apps.timelines.api import limits
from apps.timelines.views.pages import too_many_requests

View = Callable[..., HttpResponseBase]
# What a request counts: a page that searches counts one, about half a second of one processor at 129 events; a
# snapshot reads and packs everything.
PAGE: Final = 1
FILE: Final = 4
SNAPSHOT: Final = 20


def costly(cost: int) -> Callable[[View], View]:
    """Count a request of the view as `cost` units of its caller's HEAVY_RATE; answer 429 beyond it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            allowance = limits.charge(request, "heavy", settings.HEAVY_RATE, cost)
            return _refusal(request, allowance) or view(request, *args, **kwargs)

        return cast(View, inner)

    return decorate


def turned(view: View) -> View:
    """Count a request of the page that narrows it, as one of its caller's PAGE_RATE; answer 429 beyond it."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.META.get("QUERY_STRING"):
            return view(request, *args, **kwargs)
        allowance = limits.charge(request, "pages", settings.PAGE_RATE)
        return _refusal(request, allowance) or view(request, *args, **kwargs)

    return cast(View, inner)


def _refusal(request: HttpRequest, allowance: limits.Allowance | None) -> HttpResponse | None:
    """Return the 429 answer where nothing is left to the caller."""
    if allowance is None or not allowance.exceeded:
        return None
    refused = too_many_requests(request, allowance.resets)
    refused["Retry-After"] = str(allowance.resets)
    patch_cache_control(refused, no_store=True)
    return refused
