"""What goes wrong, said as RFC 9457 has it: application/problem+json with a sentence for whoever calls."""

from collections.abc import Sequence
from typing import Any, Final

import orjson
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext, gettext_lazy

MEDIA_TYPE: Final = "application/problem+json"
# What each kind is called; `type` is its place on the documentation page.
TITLES: Final = {
    "bad-parameter": gettext_lazy("A parameter cannot be used"),
    "login-needed": gettext_lazy("A login is needed"),
    "not-found": gettext_lazy("Not found"),
    "method-not-allowed": gettext_lazy("Method not allowed"),
    "too-many-requests": gettext_lazy("Too many requests"),
}
STATUS: Final = {
    "bad-parameter": 400,
    "login-needed": 401,
    "not-found": 404,
    "method-not-allowed": 405,
    "too-many-requests": 429,
}
# Each with its status, for the documentation page.
PROBLEMS: Final = [(kind, STATUS[kind], title) for kind, title in TITLES.items()]


class RefusedError(Exception):
    """A request that is not answered; `errors` name a parameter each, where parameters are at fault."""

    def __init__(self, kind: str, detail: str, errors: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.errors = kind, detail, list(errors)

    def response(self) -> HttpResponse:
        """Return the answer that says so."""
        return problem(self.kind, self.detail, self.errors)


def bad_parameter(name: str, detail: str) -> RefusedError:
    """Return the refusal of one parameter; `detail` is a sentence that names it."""
    return RefusedError("bad-parameter", detail, [{"parameter": name, "detail": detail}])


def not_found(detail: str = "") -> RefusedError:
    """Return the refusal of an address that nothing is at."""
    return RefusedError("not-found", detail or gettext("Nothing public is at this address."))


def problem(kind: str, detail: str, errors: Sequence[dict[str, str]] = ()) -> HttpResponse:
    """Return the answer of a kind of TITLES."""
    body: dict[str, Any] = {
        "type": f"{reverse_lazy('api-docs')}#{kind}",
        "title": str(TITLES[kind]),
        "status": STATUS[kind],
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return HttpResponse(orjson.dumps(body), status=STATUS[kind], content_type=MEDIA_TYPE)
