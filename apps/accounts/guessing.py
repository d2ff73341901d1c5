"""Guessing passwords: whom it locks out, and whom it must not.

Ten failures for one name from one address lock that pair for a quarter of an hour. Who guesses from many
addresses, or many names from one, meets a second limit over all of them, ACCOUNT_LIMIT; so that nobody locks
somebody else out with it, browsers in which that user has logged in before are free of the second limit. They
hold a signed cookie that lets nobody in.
"""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponseBase

from apps.accounts.models import User
from apps.core import callers

COOKIE = "__Host-known-browser" if settings.HTTPS_ONLY else "known-browser"
_SALT = "apps.accounts.guessing"
_YEAR = 365 * 24 * 60 * 60


class Handler(AxesDatabaseHandler):
    """Counts failures in the database, so that they hold for every process, and knows the second limit."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Tell whether the name may not be tried from here now."""
        if super().is_locked(request, credentials):
            return True
        name = get_client_username(request, credentials) or ""
        return not known(request, name) and _failures_anywhere(request, name) >= (
            settings.ACCOUNT_LIMIT
        )

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        """Count the failure, and let whoever is locked out by the second limit be told so."""
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is not None and self.is_locked(request, credentials):
            request.axes_locked_out = True  # type: ignore[attr-defined]


def remember(response: HttpResponseBase, user: User) -> None:
    """Let the browser prove later that its user has logged in with it before."""
    value = signing.dumps(user.pk, salt=_SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=_YEAR,
        secure=settings.HTTPS_ONLY,
        httponly=True,
        samesite="Lax",
    )


def known(request: HttpRequest, name: str) -> bool:
    """Tell whether the user of that name has logged in with this browser within a year."""
    try:
        pk = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_YEAR)
    except signing.BadSignature:
        return False
    return User.objects.filter(pk=pk, username=name).exists()


def _failures_anywhere(request: HttpRequest, name: str) -> int:
    """Return the larger of: failures for the name from all addresses, from the address for all names."""
    recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
    mine = Q(ip_address=callers.counted_address(request))
    counted = recent.aggregate(
        name=Sum("failures_since_start", filter=Q(username=name)),
        address=Sum("failures_since_start", filter=mine),
    )
    return max(counted["name"] or 0, counted["address"] or 0)
