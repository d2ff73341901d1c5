"""How many requests one caller may make in a while, counted in the database: right for any number of processes.

One statement a request. The windows are fixed (minute by minute), so that a row is one number for each caller
and each thing that is counted.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from apps.core import callers
from apps.timelines.api.problems import problem

_COUNT = """
    INSERT INTO timelines_apicalls AS kept (caller, "window", calls) VALUES (%(who)s, %(ends)s, %(cost)s)
    ON CONFLICT (caller) DO UPDATE SET
        calls = CASE WHEN kept."window" = excluded."window"
                THEN least(kept.calls + excluded.calls, 1000000000) ELSE excluded.calls END,
        "window" = excluded."window"
    RETURNING calls
"""
# Two who clear at once must not wait for one another.
_CLEAR = """
    DELETE FROM timelines_apicalls WHERE caller IN (
        SELECT caller FROM timelines_apicalls WHERE "window" <= %s FOR UPDATE SKIP LOCKED
    )
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a caller: of `most` requests in `seconds`, `left`; a new window begins in `resets`."""

    most: int
    seconds: int
    left: int
    resets: int
    exceeded: bool = False

    def onto(self, response: HttpResponse) -> None:
        """Tell it in the fields of the IETF's draft (RateLimit header fields for HTTP)."""
        response["RateLimit-Policy"] = f'"calls";q={self.most};w={self.seconds}'
        response["RateLimit"] = f'"calls";r={self.left};t={self.resets}'

    def refusal(self) -> HttpResponse:
        """Return the 429 answer."""
        detail = ngettext(
            "This installation answers %(most)d request in %(seconds)d seconds; wait %(resets)d seconds.",
            "This installation answers %(most)d requests in %(seconds)d seconds; wait %(resets)d seconds.",
            self.most,
        ) % {"most": self.most, "seconds": self.seconds, "resets": self.resets}
        response = problem("too-many-requests", detail)
        response["Retry-After"] = str(self.resets)
        return response


def spend(request: HttpRequest) -> Allowance | None:
    """Count one request of its caller; None where there is no limit."""
    return charge(request, "api-calls", settings.API_RATE)


def charge(
    request: HttpRequest, what: str, limit: tuple[int, int] | None, cost: int = 1
) -> Allowance | None:
    """Count a request of its caller as `cost` of `what`; `limit` is (most, seconds), None for none."""
    if limit is None:
        return None
    most, seconds = limit
    now = int(time.time())
    ends = (now // seconds + 1) * seconds
    calls = _counted(caller(request, what), ends, cost, now)
    return Allowance(most, seconds, max(0, most - calls), ends - now, calls > most)


def _counted(who: str, ends: int, cost: int, now: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"who": who, "ends": ends, "cost": cost})
        calls = int(cursor.fetchone()[0])
        if calls == cost:
            # Once for each caller and window: rows of windows that are over go, however long these were.
            cursor.execute(_CLEAR, [now])
    return calls


def caller(request: HttpRequest, what: str) -> str:
    """Return whom a request counts for: the user who is logged in, else the address; hashed."""
    user = request.user
    key = (
        f"user {user.pk}"
        if user.is_authenticated
        else f"address {callers.network(callers.address(request))}"
    )
    return salted_hmac(what, key, algorithm="sha256").hexdigest()
