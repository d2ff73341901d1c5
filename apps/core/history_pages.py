"""The history as pages show it: changes in words, those of one decision together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import NoReverseMatch, reverse

from apps.core import history_words
from apps.core.history_words import Told
from apps.core.models import Change

PER_PAGE = 100


@dataclass(slots=True)
class Entry:
    """What one decision changed: who, why, and the changes in words. Pages may add what they know of it."""

    group: str
    at: datetime
    who: str
    why: str
    told: list[Told] = field(default_factory=list)
    decisions: list[Any] = field(default_factory=list)
    undone: bool = False

    @property
    def by_somebody(self) -> bool:
        """Tell whether a user did it, or somebody with SQL: such a decision may be taken back whole."""
        changes = [told.change for told in self.told]
        return any(c.user_id is not None or c.who.startswith("database role ") for c in changes)


def entries(changes: Iterable[Change]) -> list[Entry]:
    """Return the changes by decision, in the order given."""
    found: dict[tuple[str, str], Entry] = {}
    for told in history_words.tell(changes):
        change = told.change
        entry = found.setdefault(
            (change.group, change.who), Entry(change.group, change.at, change.who, change.why)
        )
        entry.told.append(told)
        entry.why = entry.why or change.why
    return list(found.values())


def address(table: str, pk: int) -> str:
    """Return the address of a row's history in the admin; "" where it has none."""
    model = history_words.models().get(table)
    if model is None:
        return ""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[pk])
    except NoReverseMatch:
        return ""


def may_change(user: AbstractBaseUser | AnonymousUser, table: str) -> bool:
    """Tell whether a user may change rows of a table, and so take their changes back."""
    model = history_words.models().get(table)
    if model is None:
        return False
    return user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")  # type: ignore[union-attr]
