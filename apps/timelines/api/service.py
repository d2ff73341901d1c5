"""The read-only API, version 1: its operations, and how their refusals are said."""

from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import ValidationError

from apps.timelines.api import actors, articles, events, places, search, signals, timelines
from apps.timelines.api.problems import RefusedError, problem
from apps.timelines.asof import PARAMETER

VERSION: Final = "1"
DESCRIPTION: Final = """
Timelines of regional tension, read-only: events with who says what on which evidence, and the index by day.

- Everything is what the pages show: published by editors, never a machine's proposal.
- `as_of=2020-01-17` answers with what was known by the end of that day (UTC).
- A timeline's parameters are the words of its page's address. An unknown or senseless parameter is refused:
  a mistyped filter never widens an answer.
- Lists come in pages: follow `next` (also a `Link` header) until it is null.
- Answers carry an `ETag`: send it back in `If-None-Match` and get 304 while nothing changed.
- Refusals are `application/problem+json` (RFC 9457).
""".strip()

api = NinjaAPI(
    title="Tensionline",
    version=VERSION,
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-v1",
)
api.add_router("timelines", timelines.router)
api.add_router("timelines", signals.router)
api.add_router("events", events.router)
api.add_router("actors", actors.router)
api.add_router("articles", articles.router)
api.add_router("places", places.router)
api.add_router("search", search.router)


@api.exception_handler(RefusedError)
def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """Say why a request is refused."""
    return error.response()


@api.exception_handler(Http404)
def nothing_there(request: HttpRequest, error: Http404) -> HttpResponse:
    """Say that nothing public is there."""
    return problem("not-found", str(error))


@api.exception_handler(BadRequest)
def bad_request(request: HttpRequest, error: BadRequest) -> HttpResponse:
    """Say what is wrong with the day that an answer is to be as of."""
    errors = [{"parameter": PARAMETER, "detail": str(error)}]
    return problem("bad-parameter", str(error), errors)


@api.exception_handler(ValidationError)
def bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name each parameter that has another form than the description says."""
    errors = [_fault(row) for row in error.errors]
    told = [f"{row['parameter']}: {row['detail']}" for row in errors]
    return problem("bad-parameter", "; ".join(told) + ".", errors)


def _fault(row: dict[str, Any]) -> dict[str, str]:
    """Turn one error of pydantic into the parameter's name and what is wrong with it."""
    names = [str(part) for part in row["loc"][1:] if isinstance(part, str) and part != "query"]
    return {
        "parameter": names[0] if names else "",
        "detail": str(row["msg"]).removeprefix("Value error, "),
    }


def unknown_parameters(request: HttpRequest, known: frozenset[str] | None) -> HttpResponse | None:
    """Return the refusal of parameters that are not among the known; None where all are, or any may be."""
    if known is None:
        return None
    unknown = [name for name in request.GET if name not in known]
    if not unknown:
        return None
    sentence = gettext("“%(name)s” is no parameter here; there are: %(known)s.")
    errors = [
        {
            "parameter": name[:60],
            "detail": sentence % {"name": name[:60], "known": ", ".join(sorted(known))},
        }
        for name in unknown[:20]
    ]
    return problem("bad-parameter", errors[0]["detail"], errors)
