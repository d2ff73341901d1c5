"""The history written out for an audit: JSON lines or CSV, row by row, however long it is."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from apps.core import history_words
from apps.core.history_words import Told
from apps.core.models import Change

COLUMNS: Final = (
    "id", "at", "who", "user", "why", "decision", "what", "table", "row", "of_table", "of_row",
    "moved_from", "operation", "before", "after",
)  # fmt: skip
# Rows that are in memory at once: their names are looked up together.
AT_ONCE: Final = 500
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class ExportError(Exception):
    """What was asked for cannot be exported; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes to write out: of the days (inclusive, UTC), by the user, of the object; None for all."""

    first: date | None = None
    last: date | None = None
    user: str | None = None
    object: tuple[str, int] | None = None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Wanted":
        """Return what the texts `from`, `to`, `user`, `object` ask for; ExportError says which is wrong."""
        wanted = cls(
            _day(values.get("from", ""), "from"),
            _day(values.get("to", ""), "to"),
            values.get("user", "").replace("\0", "").strip() or None,
            _object(values.get("object", "")),
        )
        if wanted.first and wanted.last and wanted.last < wanted.first:
            raise ExportError(f"The last day {wanted.last} lies before the first, {wanted.first}.")
        users = get_user_model()._default_manager
        if wanted.user and not users.filter(username=wanted.user).exists():
            raise ExportError(f"There is no user {wanted.user[:150]}.")
        return wanted

    def changes(self) -> QuerySet[Change]:
        """Return the changes, oldest first."""
        rows = Change.objects.of(*self.object) if self.object else Change.objects.all()
        if self.first:
            rows = rows.filter(at__gte=_midnight(self.first))
        if self.last:
            rows = rows.filter(at__lt=_midnight(self.last + timedelta(days=1)))
        if self.user:
            rows = rows.filter(user__username=self.user)
        return rows.order_by("pk")


def _day(text: str, name: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ExportError(f"{name}: “{text[:40]}” is no day; write it as 2020-01-31.") from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _object(text: str) -> tuple[str, int] | None:
    """Read events.event:12, or with the table's own name events_event:12."""
    if not text.strip():
        return None
    name, _, number = text.strip().partition(":")
    try:
        table = apps.get_model(name)._meta.db_table if "." in name else name
    except (LookupError, ValueError):
        table = ""
    if table not in history_words.models() or not (number.isascii() and number.isdigit()):
        raise ExportError(f"object: write model and number, as events.event:12, not “{text[:80]}”.")
    return table, int(number[:18])


def jsonl(wanted: Wanted) -> Iterator[str]:
    """Yield the changes as JSON objects, one a line."""
    for told in _told(wanted.changes()):
        yield json.dumps(_values(told), ensure_ascii=False) + "\n"


def as_csv(wanted: Wanted) -> Iterator[str]:
    """Yield the changes as CSV with a header; what a spreadsheet would take for a formula is quoted by '."""
    yield _line(COLUMNS)
    for told in _told(wanted.changes()):
        yield _line(_cell(value) for value in _values(told).values())


FORMATS: Final[Mapping[str, tuple[str, Callable[[Wanted], Iterator[str]]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", jsonl),
}


def _told(changes: QuerySet[Change]) -> Iterator[Told]:
    """Read with a cursor of the database and put into words a few hundred at a time."""
    rows = changes.select_related("user").iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield from history_words.tell(some)


def _values(told: Told) -> dict[str, Any]:
    change = told.change
    values = (
        change.pk, change.at.astimezone(UTC).isoformat(), change.who,
        change.user.get_username() if change.user else None, change.why, change.group, str(told),
        change.table, change.row_id, change.owner_table, change.owner_id, change.former_owner_id,
        change.get_op_display(), change.before, change.after,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
