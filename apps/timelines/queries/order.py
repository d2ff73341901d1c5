"""The order of the list twin: by any column, either way, with figures as they were known then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.events import lineages
from apps.events.models import Event, EventQuerySet
from apps.timelines.chart_words import LANES
from apps.timelines.filters import SORTS, Filters
from apps.timelines.queries.keeping import kept
from apps.timelines.queries.scope import Scope

DAYS: Final = "days"
COLUMNS: Final[dict[str, str | Promise]] = {
    DAYS: gettext_lazy("Days"),
    "event": gettext_lazy("Event"),
    "between": gettext_lazy("Between"),
    "severity": gettext_lazy("Severity"),
    "killed": gettext_lazy("Killed"),
    "wounded": gettext_lazy("Wounded"),
    "reports": gettext_lazy("Reports"),
}
# What a first click on a column should bring to the top: the most, where it holds numbers.
FALLING_FIRST: Final = ("severity", "killed", "wounded", "reports")

# An event's values by name, and its independent reports.
Row = Mapping[str, Any]
FIELDS: Final = (
    *("pk", "start", "public_id", "title", "lane", "severity"),
    *("killed", "killed_high", "wounded", "wounded_high", "reports"),
)
# Columns that the database sorts by, where nothing reads otherwise then.
_NUMBERS: Final[dict[str, Coalesce]] = {
    "severity": Coalesce("severity", Value(0.0)),
    "killed": Coalesce("killed", "killed_high"),
    "wounded": Coalesce("wounded", "wounded_high"),
    "reports": Coalesce("reports", Value(0)),
}
_DAYS: Final = ("start", "public_id")
# No line of a list has them.
_LONG: Final = ("summary", "notes", "names", "date_note", "headline_rule", "fingerprint")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head: the address that sorts by it, and how it is sorted now ("" where it is not)."""

    name: str
    label: str
    href: str
    sorted: str  # aria-sort: "ascending", "descending" or ""

    @property
    def arrow(self) -> str:
        """A sign of the order."""
        return {"ascending": "▲", "descending": "▼"}.get(self.sorted, "")

    @property
    def number(self) -> bool:
        """Tell whether the column holds numbers."""
        return self.name in FALLING_FIRST


def columns(filters: Filters) -> list[Column]:
    """Return the heads of the list's columns in the view of `filters`."""
    labels = COLUMNS
    if filters.lanes != "dyad":
        labels = {**COLUMNS, "between": LANES[filters.lanes]}
    return [_column(filters, name, str(label)) for name, label in labels.items()]


def _column(filters: Filters, name: str, label: str) -> Column:
    now = filters.sort or DAYS
    falls = now == f"-{name}"
    first, second = name, f"-{name}"
    if name in FALLING_FIRST:
        first, second = second, first
    wanted = second if now == first else first
    order = "descending" if falls else "ascending" if now == name else ""
    href = filters.changed(sort="" if wanted == DAYS else wanted).href
    return Column(name, label, href, order)


def page(events: EventQuerySet, scope: Scope, filters: Filters, size: int) -> list[Event]:
    """Return the events of the page that `filters` ask for, in their order, `size` at most.

    By their days unless another column is asked for. Figures that read otherwise then are sorted as they were
    then; an unknown figure stands last either way. The events' own values are as now (see `Then.onto`), without
    their long texts.
    """
    first = (filters.page - 1) * size
    sort = filters.sort if filters.sort in SORTS else DAYS
    ids = kept(
        scope,
        filters,
        f"page {sort} {first} {size}",
        lambda: _ordered(events, scope, sort, first, first + size),
    )
    by_id = {event.pk: event for event in events.filter(pk__in=ids).defer(*_LONG)}
    return [by_id[pk] for pk in ids if pk in by_id]


def _ordered(events: EventQuerySet, scope: Scope, sort: str, first: int, after: int) -> list[int]:
    """Return the ids of some `events` in the order of a column; as many queries as for one event."""
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    if sort == DAYS:
        return list(events.order_by(*_DAYS).values_list("pk", flat=True)[first:after])
    then = scope.then.by_event
    exact = scope.version and not scope.told.by_event if name == "reports" else not then
    if name in _NUMBERS and exact:
        value = _NUMBERS[name]
        order = value.desc(nulls_last=True) if falling else value.asc(nulls_last=True)
        return list(events.order_by(order, *_DAYS).values_list("pk", flat=True)[first:after])
    rows = [{**row, **then.get(row["pk"], {})} for row in events.order_by(*_DAYS).values(*FIELDS)]
    key = _key(name, scope, events)
    known = [row for row in rows if key(row) is not None]
    unknown = [row["pk"] for row in rows if key(row) is None]
    # Both ways keep the order of days among equals.
    known.sort(key=key, reverse=falling)
    return [*(row["pk"] for row in known), *unknown][first:after]


def _key(name: str, scope: Scope, events: EventQuerySet) -> Callable[[Row], Any]:
    if name == "reports":
        if scope.version:
            told = scope.told.by_event
            return lambda row: told.get(row["pk"], row["reports"])
        counts = lineages.counts(events, scope.moment)
        return lambda row: counts[row["pk"]].reports if row["pk"] in counts else 0
    if name in ("killed", "wounded"):
        return lambda row: row[f"{name}_high"] if row[name] is None else row[name]
    keys: dict[str, Callable[[Row], Any]] = {
        DAYS: lambda row: (row["start"], row["public_id"]),
        "event": lambda row: row["title"].casefold(),
        "between": lambda row: scope.lane_label(row["lane"]).casefold(),
        "severity": lambda row: row["severity"],
    }
    return keys[name]
