"""Which rows of a layer a view asks for: the filters of its address as conditions."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from django.db.models import Q, QuerySet

from apps.events.models import EventQuerySet
from apps.timelines.filters import Filters
from apps.timelines.kinship import Parts
from apps.timelines.queries import then
from apps.timelines.queries.scope import Scope, takes_part

# Columns that are compared with the values of a filter as they are.
_COLUMNS: Final = {"lane": "dyads", "type": "types", "precision": "precisions"}


class Layer(Protocol):
    """What a timeline shows one layer of: curated events, or signals behind them (see signal_layer.py).

    Each answers to the same filters, with conditions on rows of its own.
    """

    def rows(self, scope: Scope) -> QuerySet[Any, Any]:
        """Return the layer's public rows of the timeline, known at its moment."""

    def acting(self, scope: Scope, actors: Parts) -> Q:
        """One of the actors takes part, on days when it counts."""

    def placed(self, scope: Scope, places: Collection[int]) -> Q:
        """It happened at one of the places."""

    def among(self, scope: Scope, column: str, values: Sequence[str]) -> Q:
        """Its lane, type or precision is one of the values."""

    def severe(self, scope: Scope, least: int) -> Q:
        """At least so severe, towards conflict or towards cooperation."""

    def reported(self, scope: Scope, least: int) -> Q:
        """At least so many independent reports told of it."""

    def telling(self, scope: Scope, word: str) -> Q:
        """Its words have the word."""

    def contested(self, scope: Scope) -> Q:
        """It is contested."""


class _Events:
    """The layer of curated events; `lane` is annotated."""

    def rows(self, scope: Scope) -> EventQuerySet:
        return scope.laned

    def acting(self, scope: Scope, actors: Parts) -> Q:
        return Q(takes_part(actors))

    def placed(self, scope: Scope, places: Collection[int]) -> Q:
        return Q(place__in=places)

    def among(self, scope: Scope, column: str, values: Sequence[str]) -> Q:
        return Q(**{f"{column}__in": values})

    def severe(self, scope: Scope, least: int) -> Q:
        return scope.then.severe(least)

    def reported(self, scope: Scope, least: int) -> Q:
        return scope.told.at_least(least)

    def telling(self, scope: Scope, word: str) -> Q:
        return _telling(word, scope.moment)

    def contested(self, scope: Scope) -> Q:
        return scope.then.contested


EVENTS: Final = _Events()


def narrowed(
    scope: Scope, filters: Filters, *, actor_ids: Mapping[str, int], ignoring: str = ""
) -> EventQuerySet:
    """Public events of the view on any day, with their lane; `ignoring` names one filter to leave out."""
    found: EventQuerySet = narrow(EVENTS, scope, filters, actor_ids, ignoring)
    return found


def narrow(
    layer: Layer, scope: Scope, filters: Filters, actor_ids: Mapping[str, int], ignoring: str = ""
) -> Any:
    """Return the rows of a layer that answer to the filters, on any day.

    Several values of one filter widen it (this or that), different filters narrow each other. An actor
    stands for everybody who acts for it unless it is asked for alone, a place for all places inside.
    """
    rows = layer.rows(scope)
    if ignoring:
        filters = filters.without(ignoring)
    if filters.actors:
        asked = frozenset(actor_ids[slug] for slug in filters.actors)
        wanted = Parts(asked) if filters.alone else scope.kinship.with_parts(asked)
        rows = rows.filter(layer.acting(scope, wanted))
    if filters.places:
        rows = rows.filter(layer.placed(scope, places_inside(scope, filters)))
    for column, name in _COLUMNS.items():
        if values := getattr(filters, name):
            rows = rows.filter(layer.among(scope, column, values))
    if filters.severity:
        rows = rows.filter(layer.severe(scope, filters.severity))
    if filters.reports:
        rows = rows.filter(layer.reported(scope, filters.reports))
    for word in searched(filters.text):
        rows = rows.filter(layer.telling(scope, word))
    if filters.contested:
        rows = rows.filter(layer.contested(scope))
    return rows


def places_inside(scope: Scope, filters: Filters) -> frozenset[int]:
    """Return the places asked for, and all inside them."""
    around = (scope.gazetteer[slug].pk for slug in filters.places)
    return scope.inside.with_parts(around).always


def searched(text: str) -> list[str]:
    """Return what a text asks for: its words, and what stands in quotation marks as one."""
    found = re.findall(r'["“]([^"“”]+)["”]|([^\s"“”]+)', text)
    return [words for phrase, word in found if (words := " ".join((phrase or word).split()))]


def _telling(word: str, moment: datetime | None) -> Q:
    """A condition on events: title, summary, id or place have the word; a summary that may tell of later
    things is not shown, so it is not searched either."""
    summary = Q(summary__icontains=word)
    if moment is not None:
        summary &= ~then.hindsight(moment)
    named = Q(public_id__iexact=word) | Q(place__name__icontains=word)
    return Q(title__icontains=word) | summary | named


def matching(
    scope: Scope, filters: Filters, *, actor_ids: Mapping[str, int], ignoring: str = ""
) -> EventQuerySet:
    """Public events of the view that share a day with the days shown (see `narrowed`)."""
    events = narrowed(scope, filters, actor_ids=actor_ids, ignoring=ignoring)
    return events.overlapping(filters.start, filters.end)
