"""Middleware that every page passes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


class HtmxVaryMiddleware:
    """Tell caches that a page and its fragments share an address but not an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add `Vary: HX-Target` to every answer."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Target"])
        return response
