"""An installation that only its own people may read."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts import factor
from apps.accounts.models import User


class ClosedMiddleware(LoginRequiredMiddleware):
    """Where CLOSED is set, every page asks for a login but those that say they need none; no cache shares one.

    Comes after AuthenticationMiddleware.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let everybody through in an open installation."""
        if not settings.CLOSED:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """Send the reader to the login; a fragment's request takes the whole page there."""
        answer = super().handle_no_permission(request, view_func)
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(answer.url)  # type: ignore[return-value]
        return answer

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep pages out of shared caches: the next reader may be a stranger."""
        if settings.CLOSED:
            patch_cache_control(response, private=True)
        return response


class SecondFactorMiddleware:
    """Whose duty a second factor is (REQUIRE_TOTP) does nothing in the admin until they have set it up.

    Comes after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Lead to the page where it is set up, from every page of the admin but those that log out."""
        match = request.resolver_match
        if match is None or match.app_name != "admin" or match.url_name in ("logout", "jsi18n"):
            return None
        user = request.user
        if not isinstance(user, User) or factor.given(request.session):
            return None
        return redirect("second_factor") if factor.required(user) else None
