"""The desk's queue: what an editor asks for, in which order, how many of each there are, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Func, Q, QuerySet

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.core import plover
from apps.events.models import DeskItem

PER_PAGE = 50
MOST_PAGES = 10_000
# Of the actors that take part in what waits, this many are offered.
ACTORS_OFFERED = 30
LONGEST_VALUE = 100

KINDS = {
    "new": "New events",
    "addition": "Additions to published events",
    "link": "Links between events",
    "correction": "Corrections: a source changed",
}
CONFIDENCES = {
    "high": "High (0.8 and more)",
    "medium": "Medium (0.6 to 0.8)",
    "low": "Low (below 0.6)",
    "unknown": "Not read by the machine",
}
ORDERS = {"salience": "Most salient first", "age": "Longest waiting first"}
FLAGS = ("contested", "recommended", "mine", "snoozed")
_KIND = {
    "new": Q(is_new=True),
    "addition": Q(is_new=False) & (Q(evidence_waiting__gt=0) | Q(claims_waiting__gt=0)),
    "link": Q(links_waiting__gt=0),
    "correction": Q(corrections_waiting__gt=0),
}
_CONFIDENCE = {
    "high": Q(confidence__gte=0.8),
    "medium": Q(confidence__gte=0.6, confidence__lt=0.8),
    "low": Q(confidence__lt=0.6),
    "unknown": Q(confidence__isnull=True),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; an empty value asks for everything. `page` counts from 1.

    `mine`: what the user holds or recommended. `snoozed`: what sleeps, which is left out otherwise.
    """

    dossier: str = ""
    type: str = ""
    actor: str = ""
    confidence: str = ""
    kind: str = ""
    contested: bool = False
    recommended: bool = False
    mine: bool = False
    snoozed: bool = False
    order: str = "salience"
    page: int = 1

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> "Filters":
        """Read a query string; what is no known value asks for everything."""
        told = {name: query.get(name, "").replace("\0", "")[:LONGEST_VALUE] for name in _NAMES}
        return cls(
            dossier=told["dossier"],
            type=_known(told["type"], plover.QUAD),
            actor=told["actor"],
            confidence=_known(told["confidence"], CONFIDENCES),
            kind=_known(told["kind"], KINDS),
            order=_known(told["order"], ORDERS) or "salience",
            page=_number(told["page"]),
            **{flag: told[flag] == "1" for flag in FLAGS},
        )

    def query(self, **changes: Any) -> str:
        """Return the query string of these filters with `changes`, led by "?"; "" where all are empty.

        A change of anything but the page leads to the first page.
        """
        changed = replace(self, **({"page": 1} | changes))
        said = {
            name: "1" if value is True else value
            for name in _NAMES
            if (value := getattr(changed, name)) and value != _DEFAULTS[name]
        }
        return f"?{urlencode(said)}" if said else ""

    @property
    def narrowed(self) -> bool:
        """Tell whether anything is asked for but an order and a page."""
        return replace(self, order="salience", page=1) != Filters()


_NAMES = tuple(field.name for field in fields(Filters))
_DEFAULTS = {field.name: field.default for field in fields(Filters)}


def _known(value: str, allowed: Mapping[str, Any]) -> str:
    return value if value in allowed else ""


def _number(text: str) -> int:
    whole = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return min(max(whole, 1), MOST_PAGES)


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a filter may take: its name, and how many items there are with the other filters."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue; nothing counts how many there are in all."""

    items: list[DeskItem]
    number: int
    has_previous: bool
    has_next: bool


def items(filters: Filters, user: User, now: datetime) -> QuerySet[DeskItem]:
    """Return the items that `filters` ask for, in their order; `now` (aware) tells what sleeps."""
    conditions = _conditions(filters, user, now)
    rows = DeskItem.objects.filter(*conditions.values())
    return rows.order_by(*ORDER[filters.order])


ORDER = {"salience": ("-salience", "since", "id"), "age": ("since", "id")}


def page(filters: Filters, user: User, now: datetime, size: int = PER_PAGE) -> Page:
    """Return one page of `items` with events, places, participants and who holds them: three queries."""
    first = (filters.page - 1) * size
    rows = (
        items(filters, user, now)
        .select_related("event__place", "claimed_by", "recommended_by")
        .prefetch_related("event__participations__actor")
    )
    found = list(rows[first : first + size + 1])
    return Page(
        items=found[:size],
        number=filters.page,
        has_previous=filters.page > 1,
        has_next=len(found) > size,
    )


def counts(filters: Filters, user: User, now: datetime) -> dict[str, list[Value]]:
    """Return filter -> its values with counts; keys are the filters' names. Four queries.

    A value's count is what the queue would hold if it were chosen and all other filters stayed.
    """
    conditions = _conditions(filters, user, now)
    fixed = _fixed(conditions, user, now)
    tallies = DeskItem.objects.order_by().aggregate(
        **{
            f"{name}__{value}".replace("-", "_"): Count("pk", filter=condition)
            for name, values in fixed.items()
            for value, condition in values.items()
        }
    )
    labels = {"kind": KINDS, "confidence": CONFIDENCES}
    found = {
        name: [
            Value(
                value=value,
                label=labels.get(name, {}).get(value, value),
                count=tallies[f"{name}__{value}"],
                chosen=str(getattr(filters, name)) in (value, "True"),
            )
            for value in values
        ]
        for name, values in fixed.items()
    }
    found["dossier"] = _listed("timelines", "dossier", filters, conditions)
    found["actor"] = _named(_listed("actors", "actor", filters, conditions)[:ACTORS_OFFERED])
    return found


def _conditions(filters: Filters, user: User, now: datetime) -> dict[str, Q]:
    """Return filter -> its condition, for those that are set; whether asleep or not is always told."""
    asleep = Q(snoozed_until__gt=now)
    conditions = {"snoozed": asleep if filters.snoozed else ~asleep | Q(snoozed_until__isnull=True)}
    if filters.dossier:
        conditions["dossier"] = Q(timelines__contains=[filters.dossier])
    if filters.actor:
        conditions["actor"] = Q(actors__contains=[filters.actor])
    if filters.type:
        conditions["type"] = Q(type=filters.type)
    if filters.kind:
        conditions["kind"] = _KIND[filters.kind]
    if filters.confidence:
        conditions["confidence"] = _CONFIDENCE[filters.confidence]
    if filters.contested:
        conditions["contested"] = Q(contested=True)
    if filters.recommended:
        conditions["recommended"] = Q(recommended_by__isnull=False)
    if filters.mine:
        conditions["mine"] = _mine(user, now)
    return conditions


def _mine(user: User, now: datetime) -> Q:
    return Q(claimed_by=user, claimed_until__gt=now) | Q(recommended_by=user)


def _fixed(conditions: dict[str, Q], user: User, now: datetime) -> dict[str, dict[str, Q]]:
    """Return filter -> value -> condition, for the filters whose values are known beforehand."""
    values = {
        "type": {type_: Q(type=type_) for type_ in plover.TYPES},
        "kind": _KIND,
        "confidence": _CONFIDENCE,
        "contested": {"1": Q(contested=True)},
        "recommended": {"1": Q(recommended_by__isnull=False)},
        "mine": {"1": _mine(user, now)},
        "snoozed": {"1": Q(snoozed_until__gt=now)},
    }
    return {
        name: {value: condition & _others(conditions, name) for value, condition in told.items()}
        for name, told in values.items()
    }


def _others(conditions: dict[str, Q], name: str) -> Q:
    others = Q()
    for other, condition in conditions.items():
        if other != name:
            others &= condition
    return others


def _listed(column: str, name: str, filters: Filters, conditions: dict[str, Q]) -> list[Value]:
    """Count the values of an array column, most frequent first."""
    rows = (
        DeskItem.objects.order_by()
        .filter(_others(conditions, name))
        .annotate(listed=Func(F(column), function="unnest"))
        .values_list("listed")
        .annotate(count=Count("pk"))
        .order_by("-count", "listed")
    )
    chosen = getattr(filters, name)
    found = [Value(value, value, count, chosen=value == chosen) for value, count in rows]
    if chosen and not any(value.chosen for value in found):
        found.insert(0, Value(chosen, chosen, 0, chosen=True))
    return found


def _named(values: list[Value]) -> list[Value]:
    """Call actors by their names."""
    slugs = [value.value for value in values]
    names = dict(Actor.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [replace(value, label=names.get(value.value, value.value)) for value in values]
