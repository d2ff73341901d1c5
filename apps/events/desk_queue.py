"""The desk's queue: what an editor asks for, in which order, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.core import plover
from apps.events.models import DeskItem

PER_PAGE = 25
MOST_PAGES = 10_000
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
OF_KIND = {
    "new": Q(is_new=True),
    "addition": Q(is_new=False) & (Q(evidence_waiting__gt=0) | Q(claims_waiting__gt=0)),
    "link": Q(links_waiting__gt=0),
    "correction": Q(corrections_waiting__gt=0),
}
OF_CONFIDENCE = {
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
class Page:
    """One page of the queue; nothing counts how many there are in all."""

    items: list[DeskItem]
    number: int
    has_previous: bool
    has_next: bool


def items(filters: Filters, user: User, now: datetime) -> QuerySet[DeskItem]:
    """Return the items that `filters` ask for, in their order; `now` (aware) tells what sleeps."""
    asked = conditions(filters, user, now)
    rows = DeskItem.objects.filter(*asked.values())
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


def conditions(filters: Filters, user: User, now: datetime) -> dict[str, Q]:
    """Return filter -> its condition, for those that are set; whether asleep or not is always told."""
    asleep = Q(snoozed_until__gt=now)
    asked = {"snoozed": asleep if filters.snoozed else ~asleep | Q(snoozed_until__isnull=True)}
    if filters.dossier:
        asked["dossier"] = Q(timelines__contains=[filters.dossier])
    if filters.actor:
        asked["actor"] = Q(actors__contains=[filters.actor])
    if filters.type:
        asked["type"] = Q(type=filters.type)
    if filters.kind:
        asked["kind"] = OF_KIND[filters.kind]
    if filters.confidence:
        asked["confidence"] = OF_CONFIDENCE[filters.confidence]
    if filters.contested:
        asked["contested"] = Q(contested=True)
    if filters.recommended:
        asked["recommended"] = Q(recommended_by__isnull=False)
    if filters.mine:
        asked["mine"] = mine(user, now)
    return asked


def mine(user: User, now: datetime) -> Q:
    """A condition on items: `user` holds them at `now`, or recommended them."""
    return Q(claimed_by=user, claimed_until__gt=now) | Q(recommended_by=user)
