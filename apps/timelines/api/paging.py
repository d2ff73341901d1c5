"""Keyset pages: a signed cursor names the last row that was given, so that no row is told twice or left out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from apps.timelines.api.problems import bad_parameter

MOST: Final = 200
DEFAULT: Final = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page:
    """What a request asks of a list: where to go on and how many rows; `kind` names the list's order."""

    kind: str
    limit: int = DEFAULT
    after: tuple[Any, ...] = ()

    def cut(
        self, found: Iterable[Row], key: Callable[[Row], Sequence[Any]]
    ) -> tuple[list[Row], str]:
        """Return the rows of this page out of `limit` + 1 that were read, and the next cursor, if any."""
        rows = list(found)
        more = len(rows) > self.limit
        rows = rows[: self.limit]
        return rows, signed(self.kind, key(rows[-1])) if more else ""


def asked(kind: str, limit: int, cursor: str, types: Sequence[type] = (str,)) -> Page:
    """Read a request's page; RefusedError where the cursor is not one that this list gave out.

    `types` are those of the order's columns: str, int or date.
    """
    if not cursor:
        return Page(kind, limit)
    try:
        values = _signer(kind).unsign_object(cursor)
        after = tuple(_READ[type_](value) for type_, value in zip(types, values, strict=True))
    except (signing.BadSignature, ValueError, TypeError) as error:
        detail = gettext("cursor is not one that this list gave out; begin without it.")
        raise bad_parameter("cursor", detail) from error
    return Page(kind, limit, after)


_READ: dict[type, Callable[[Any], Any]] = {str: str, int: int, date: date.fromisoformat}


def signed(kind: str, key: Sequence[Any]) -> str:
    """Return the cursor after the row with this key."""
    plain = [value.isoformat() if isinstance(value, date) else value for value in key]
    return _signer(kind).sign_object(plain)


def _signer(kind: str) -> signing.Signer:
    return signing.Signer(salt=f"api {kind}")


def beyond(page: Page, *columns: str) -> Q:
    """A condition on rows in ascending order of `columns`: they come after the cursor."""
    if not page.after:
        return Q()
    found, same = Q(), Q()
    for column, value in zip(columns, page.after, strict=True):
        found |= same & Q(**{f"{column}__gt": value})
        same &= Q(**{column: value})
    return found


def next_address(request: HttpRequest, response: HttpResponse, cursor: str) -> str | None:
    """Return the address of the next page and tell it in a Link field, too; None on the last."""
    return _turned(request, response, "cursor", cursor) if cursor else None


def next_page(request: HttpRequest, response: HttpResponse, number: int) -> str:
    """Return the address of a page by its number, for lists that are ranked anew; tell it in a Link, too."""
    return _turned(request, response, "page", str(number))


def _turned(request: HttpRequest, response: HttpResponse, name: str, value: str) -> str:
    query = request.GET.copy()
    query[name] = value
    address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    response["Link"] = f'<{address}>; rel="next"'
    return address
