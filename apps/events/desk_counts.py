"""How many items of the desk each value of each filter would show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Case, CharField, Count, F, Func, Q, When
from django.db.models import Value as Literal

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.core import plover
from apps.events.desk_queue import (
    CONFIDENCES,
    FLAGS,
    KINDS,
    OF_CONFIDENCE,
    OF_KIND,
    Filters,
    conditions,
    mine,
)
from apps.events.models import Decision, DeskItem

# Of the actors that take part in what waits, this many are offered.
ACTORS_OFFERED = 30
KEPT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a filter may take: its name, and how many items there are with the other filters."""

    value: str
    label: str
    count: int
    chosen: bool


def counts(filters: Filters, user: User, now: datetime) -> dict[str, list[Value]]:
    """Return filter -> its values with counts; keys are the filters' names, and "all". At most five queries.

    A value's count is what the queue would hold if it were chosen and all other filters stayed; "all" has one
    value, whose count is what the queue holds. Counting reads all that waits, so that counts are kept until
    somebody, or the machine, decides; what changes without a decision shows after KEPT_SECONDS.
    """
    last = Decision.objects.order_by("-pk").values_list("pk", flat=True).first()
    asked = replace(filters, page=1, order="salience").query()
    key = f"desk-counts:{user.pk}:{last}:{sha256(asked.encode()).hexdigest()}"
    found: dict[str, list[Value]] | None = cache.get(key)
    if found is None:
        found = _counted(filters, user, now)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _counted(filters: Filters, user: User, now: datetime) -> dict[str, list[Value]]:
    groups = _groups(filters, user, now)
    fixed = {"type": list(plover.TYPES), "kind": list(KINDS), "confidence": list(CONFIDENCES)}
    labels: dict[str, Mapping[str, str]] = {"kind": KINDS, "confidence": CONFIDENCES}
    found = {
        name: [
            Value(
                value=value,
                label=labels.get(name, {}).get(value, value),
                count=_sum(groups, _chosen(filters, name, value)),
                chosen=getattr(filters, name) == value,
            )
            for value in values
        ]
        for name, values in fixed.items()
    }
    for flag in FLAGS:
        count = _sum(groups, _chosen(filters, flag, True))
        found[flag] = [Value("1", "1", count, chosen=getattr(filters, flag))]
    found["all"] = [Value("", "", _sum(groups, filters), chosen=True)]
    asked = conditions(filters, user, now)
    found["dossier"] = _listed("timelines", "dossier", filters, asked)
    found["actor"] = _named(_listed("actors", "actor", filters, asked)[:ACTORS_OFFERED])
    return found


def _chosen(filters: Filters, name: str, value: Any) -> Filters:
    return replace(filters, **{name: value})


def _groups(filters: Filters, user: User, now: datetime) -> list[dict[str, Any]]:
    """Count the dossier's and the actor's items by all that the other filters ask: some hundred rows."""
    asked = conditions(filters, user, now)
    told = {
        **{f"of_{name}": condition for name, condition in OF_KIND.items()},
        "of_recommended": Q(recommended_by__isnull=False),
        "of_mine": mine(user, now),
        "of_snoozed": Q(snoozed_until__gt=now),
    }
    bands = [When(condition, then=Literal(name)) for name, condition in OF_CONFIDENCE.items()]
    rows = (
        DeskItem.objects.order_by()
        .filter(*(asked[name] for name in ("dossier", "actor") if name in asked))
        .annotate(
            band=Case(*bands, output_field=CharField()),
            **{n: Case(When(q, then=True), default=False) for n, q in told.items()},
        )
        .values("type", "contested", "band", *told)
        .annotate(count=Count("pk"))
    )
    return list(rows)


def _sum(groups: list[dict[str, Any]], filters: Filters) -> int:
    return sum(group["count"] for group in groups if _fits(group, filters))


def _fits(group: dict[str, Any], filters: Filters) -> bool:
    """Tell whether the items of a group are what all filters but dossier and actor ask for."""
    return (
        group["of_snoozed"] == filters.snoozed
        and filters.type in ("", group["type"])
        and filters.confidence in ("", group["band"])
        and (not filters.kind or group[f"of_{filters.kind}"])
        and (not filters.contested or group["contested"])
        and (not filters.recommended or group["of_recommended"])
        and (not filters.mine or group["of_mine"])
    )


def _others(asked: dict[str, Q], name: str) -> Q:
    others = Q()
    for other, condition in asked.items():
        if other != name:
            others &= condition
    return others


def _listed(column: str, name: str, filters: Filters, asked: dict[str, Q]) -> list[Value]:
    """Count the values of an array column, most frequent first."""
    rows = (
        DeskItem.objects.order_by()
        .filter(_others(asked, name))
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
