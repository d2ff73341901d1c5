"""Signals as a layer of a timeline: the conditions that the filters of a view put on them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from apps.signals.formats.row import kinds_of
from apps.signals.models import WORDS, Party, Signal, SignalQuerySet, Spot
from apps.timelines.filters import OTHER_LANE
from apps.timelines.kinship import Parts
from apps.timelines.queries.scope import Lane, Scope

_NOTHING: Final = Q(pk__in=[])
_SIDES: Final = ("initiator", "target")


class _Signals:
    """The layer of machine-coded events, of the sources that pages show."""

    def rows(self, scope: Scope) -> SignalQuerySet:
        timeline = scope.timeline
        found = Signal.objects.as_of(scope.moment).alias(words=WORDS)
        inside = self.acting(scope, scope.actors) | self.placed(scope, scope.places)
        return found.filter(inside, start__lte=timeline.end, end__gte=timeline.start)

    def acting(self, scope: Scope, actors: Parts) -> Q:
        return _acts(scope, actors, *_SIDES)

    def placed(self, scope: Scope, places: Collection[int]) -> Q:
        return Q(spot__in=_spots(places))

    def among(self, scope: Scope, column: str, values: Sequence[str]) -> Q:
        if column == "type":
            return Q(kind__in=kinds_of(values))
        return _lanes(scope, values) if column == "lane" else Q(precision__in=values)

    def severe(self, scope: Scope, least: int) -> Q:
        return Q(kind__in=kinds_of(severity=least))

    def reported(self, scope: Scope, least: int) -> Q:
        # Nobody knows which of a machine's reports are copies of one another.
        return _NOTHING

    def telling(self, scope: Scope, word: str) -> Q:
        return Q(words=SearchQuery(word, config="simple", search_type="plain"))

    def contested(self, scope: Scope) -> Q:
        return _NOTHING


SIGNALS: Final = _Signals()


def _acts(scope: Scope, actors: Parts, *sides: str) -> Q:
    """One of `actors` is on one of the sides, on days when it counts."""
    found = _of(scope, actors.always, sides)
    for actor, since, until in actors.spells:
        begun = Q(end__gte=since) if since else Q()
        ended = Q(start__lte=until) if until else Q()
        found |= _of(scope, [actor], sides) & begun & ended
    return found


def _of(scope: Scope, actors: Iterable[int], sides: Sequence[str]) -> Q:
    by_actor = scope.made.setdefault("parties", None) or _read_parties(scope)
    parties = [party for actor in actors for party in by_actor.get(actor, ())]
    found = Q()
    for side in sides:
        found |= Q(**{f"{side}__in": parties})
    return found


def _read_parties(scope: Scope) -> dict[int, list[int]]:
    """Return the parties that stand for each actor; read once for a request."""
    found: dict[int, list[int]] = {}
    rows = Party.objects.filter(actor__isnull=False)
    for pk, actor, became in rows.values_list("pk", "actor", "actor__merged_into"):
        found.setdefault(became or actor, []).append(pk)
    scope.made["parties"] = found
    return found


def _spots(places: Collection[int]) -> list[int]:
    meant = Q(place__in=places) | Q(place__merged_into__in=places)
    return list(Spot.objects.filter(meant).values_list("pk", flat=True)) if places else []


def _lanes(scope: Scope, slugs: Sequence[str]) -> Q:
    """In one of the lanes: the first one whose sides act on one another is the signal's."""
    found, before = Q(pk__in=[]), Q(pk__in=[])
    for lane in scope.lanes:
        between = _between(scope, lane)
        if lane.slug in slugs:
            found |= between & ~before
        before |= between
    return found | ~before if OTHER_LANE in slugs else found


def _between(scope: Scope, lane: Lane) -> Q:
    one, other = lane.side_a, lane.side_b
    there = _acts(scope, one, "initiator") & _acts(scope, other, "target")
    return there | _acts(scope, other, "initiator") & _acts(scope, one, "target")
