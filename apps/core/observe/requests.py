"""Each request has an id, leaves one record in the access log, and is counted."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from apps.core import callers
from apps.core.observe import logs, metrics

logger = logging.getLogger("tensionline.access")

HEADER: Final = "X-Request-ID"
_GIVEN: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Parts of addresses that let whoever knows them in.
SECRET: Final = frozenset({"token", "uidb64"})
LONGEST_PATH: Final = 200


class RequestMiddleware:
    """Comes first: what all others do is within the request's time and under its id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; its id is in the answer's header and in all that is logged meanwhile."""
        named = _id(request)
        before = logs.request_id.set(named)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = named
            seconds = time.perf_counter() - started
            metrics.observe(request.method or "", route(request), response.status_code, seconds)
            if settings.ACCESS_LOG != "off":
                _log(request, response, seconds)
            return response
        finally:
            logs.request_id.reset(before)


def _id(request: HttpRequest) -> str:
    """Return the id that the proxy in front gave the request, else a new one."""
    given = request.headers.get(HEADER, "") if settings.PROXIES_IN_FRONT else ""
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(8)


def route(request: HttpRequest) -> str:
    """Return the name of the request's address, "none" where there is none."""
    match = request.resolver_match
    return (match.view_name if match else "") or "none"


def shown_path(request: HttpRequest) -> str:
    """Return the path without its secrets, and without what is asked for."""
    path = request.path
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in SECRET and value:
            path = path.replace(str(value), f"<{name}>")
    return path[:LONGEST_PATH]


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """Write the record; who asked is in it only where ACCESS_LOG is `full`, and then by address alone."""
    told = {
        "method": request.method,
        "path": shown_path(request),
        "route": route(request),
        "status": response.status_code,
        "bytes": len(getattr(response, "content", b"")),
        "ms": round(seconds * 1000),
    }
    if settings.ACCESS_LOG == "full":
        told["caller"] = callers.address(request)
    words = " ".join(f"{value}" for value in told.values())
    logger.info("%s", words, extra=told)
