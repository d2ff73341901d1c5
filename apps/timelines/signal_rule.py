"""Where a signal belongs in a timeline: whether it is in scope, its dyad, whom it counts for, its place.

The rule is that of curated events: the same scope, lanes and kinship (queries/scope.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from apps.actors.models import Actor, Relation
from apps.actors.upward import held
from apps.timelines.kinship import Kinship, Parts, Spell
from apps.timelines.models import Dyad
from apps.timelines.queries.scope import Scope
from apps.timelines.signal_models import Dim

# A dimension and its value: what a signal is counted under.
Key = tuple[int, int]
# Actor -> when it counts; None: always.
_Acting = dict[int, list[Spell] | None]


class Rule:
    """One timeline's rule, for signals whose parties and spots are known as actors and places."""

    def __init__(self, scope: Scope, wholes: "Wholes") -> None:
        """Take the rule from a timeline's scope."""
        timeline = scope.timeline
        self.timeline = timeline
        self._actors, self._places, self._wholes = _acting(scope.actors), scope.places, wholes
        pks = dict(Dyad.objects.filter(timeline=timeline).values_list("slug", "pk"))
        self._lanes = [
            (pks[lane.slug], _acting(lane.side_a), _acting(lane.side_b)) for lane in scope.lanes
        ]
        dated = {a for a, spells in self._actors.items() if spells}
        for _, *sides in self._lanes:
            dated |= {actor for side in sides for actor, spells in side.items() if spells}
        self._dated = frozenset(dated | wholes.dated)
        self._known: dict[tuple[object, ...], tuple[Key, ...]] = {}

    def keys(
        self, initiator: int | None, target: int | None, place: int | None, first: date, last: date
    ) -> tuple[Key, ...]:
        """Return what a signal of these actors, at this place and on these days is counted under."""
        if first > self.timeline.end or last < self.timeline.start:
            return ()
        days = (first, last) if initiator in self._dated or target in self._dated else ()
        known = (initiator, target, place, *days)
        found = self._known.get(known)
        if found is None:
            found = self._known[known] = self._keys(initiator, target, place, first, last)
        return found

    def _keys(
        self, initiator: int | None, target: int | None, place: int | None, first: date, last: date
    ) -> tuple[Key, ...]:
        parties = [actor for actor in (initiator, target) if actor is not None]
        inside = any(_acts(self._actors, actor, first, last) for actor in parties)
        if not inside and place not in self._places:
            return ()
        wholes = {whole for actor in parties for whole in self._wholes.above(actor, first, last)}
        return (
            (Dim.ALL.value, 0),
            (Dim.LANE.value, self._lane(initiator, target, first, last)),
            (Dim.PLACE.value, place or 0),
            *((Dim.ACTOR.value, whole) for whole in wholes),
        )

    def _lane(self, initiator: int | None, target: int | None, first: date, last: date) -> int:
        """Return the first dyad whose two sides act on one another, 0 where there is none."""
        for pk, one, other in self._lanes:
            for by, at in ((one, other), (other, one)):
                if _acts(by, initiator, first, last) and _acts(at, target, first, last):
                    return pk
        return 0


class Wholes:
    """Whom each actor acts for, itself included, with the days on which it does."""

    def __init__(self) -> None:
        """Read all actors and relations."""
        kinship = Kinship(
            Relation.objects.upward().values_list("source_id", "target_id", "since", "until")
        )
        self._above: dict[int, _Acting] = defaultdict(dict)
        for whole in Actor.objects.values_list("pk", flat=True):
            for part, spells in _acting(kinship.with_parts([whole])).items():
                self._above[part][whole] = spells
        self.dated = frozenset(part for part, above in self._above.items() if any(above.values()))

    def above(self, actor: int, first: date, last: date) -> Iterable[int]:
        """Return whom an actor acts for on these days."""
        above = self._above.get(actor, {})
        return (whole for whole in above if _acts(above, whole, first, last))


def _acting(parts: Parts) -> _Acting:
    found: _Acting = dict.fromkeys(parts.always)
    for actor, since, until in parts.spells:
        spells = found.setdefault(actor, [])
        if spells is not None:
            spells.append((since, until))
    return found


def _acts(acting: _Acting, actor: int | None, first: date, last: date) -> bool:
    if actor not in acting:
        return False
    spells = acting[actor]
    return spells is None or any(held(since, until, first, last) for since, until in spells)
