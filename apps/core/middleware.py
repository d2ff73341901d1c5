"""Middleware that every page passes."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from apps.core import history

_ENGLISH = ("/admin/", "/oembed")
# What scripts of a page, or of a page inside it, may not ask the browser for.
_UNNEEDED = ", ".join(
    f"{name}=()"
    for name in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer"),
        *("microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb"),
        *("browsing-topics", "screen-wake-lock", "xr-spatial-tracking"),
    )
)
_READING = ("GET", "HEAD", "OPTIONS", "TRACE")


class PrivacyHeadersMiddleware:
    """Tell browsers what no page needs, and caches that what somebody who is logged in sees is theirs alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers, where the view has not said otherwise."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _UNNEEDED)
        if "Access-Control-Allow-Origin" not in response.headers:
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if _is_theirs(request):
            patch_cache_control(response, private=True)
        return response


def _is_theirs(request: HttpRequest) -> bool:
    """Tell whether the answer was made for somebody who is logged in; asking must not touch the session."""
    session = getattr(request, "session", None)
    return bool(session is not None and session.accessed and SESSION_KEY in session)


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


class PageLanguageMiddleware(LocaleMiddleware):
    """Answer pages in the reader's language; files and the editors' side are English.

    A file is the same whoever fetches it, and programs read it (so is an answer of the API: see its gate); the
    editors' words are not in the catalogue. What has a dot in the last part of its path is a file: names in
    addresses have none.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Put the language in force for the request, a streamed answer included."""
        if _is_english(request):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        else:
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Tell caches that the language follows the cookie that keeps the reader's choice, too."""
        answer = super().process_response(request, response)
        if not _is_english(request):
            patch_vary_headers(answer, ["Cookie"])
        return answer


def _is_english(request: HttpRequest) -> bool:
    """Tell whether the answer is English, whatever the reader reads."""
    path = request.path_info
    return path.startswith(_ENGLISH) or "." in path.rsplit("/", 1)[-1]
