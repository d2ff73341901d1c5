"""Middleware that every page passes."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from apps.core import history

_READING = ("GET", "HEAD", "OPTIONS", "TRACE")


class HtmxVaryMiddleware:
    """Tell caches that a page and its fragments share an address but not an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add `Vary: HX-Target` to every answer."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Target"])
        return response


class HistoryMiddleware:
    """Run what a user's request changes in one transaction, and keep in the history that it was theirs.

    Comes after AuthenticationMiddleware. A request that is refused (4xx) or fails (5xx) changes nothing, but
    for the count of wrong passwords: it must grow while it locks somebody out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; changes of one request share a group."""
        if request.method in _READING or not request.user.is_authenticated:
            return self.get_response(request)
        with transaction.atomic():
            with history.noted(user=request.user, why=request.POST.get("reason", "")[:1000]):
                response = self.get_response(request)
            locked_out = getattr(request, "axes_locked_out", False)
            if response.status_code >= 400 and not locked_out:
                transaction.set_rollback(True)
        return response
