"""Counts of a view, kept as long as the entries that they were made of are exact."""

from collections.abc import Callable
from typing import TypeVar

from apps.timelines.filters import Filters
from apps.timelines.queries import stored
from apps.timelines.queries.scope import Scope

Value = TypeVar("Value")


def kept(scope: Scope, filters: Filters, name: str, make: Callable[[], Value]) -> Value:
    """Return what `make` makes of the events of a view, kept under `name` where it rests on entries alone.

    It must hold no words: the language is the reader's.
    """
    version = scope.version_now
    if not version:
        return make()
    # Which events are asked for, and in which lanes; not how the list is sorted or what is open.
    asked = filters.changed(arcs=False, sort="", day=None, event="", focus=None).query()
    return stored.kept(version, f"{name} {asked}", make)
