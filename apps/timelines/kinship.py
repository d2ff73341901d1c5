"""Who acts for whom, however indirectly (see `Relation.objects.upward()`). Plain: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from apps.actors.upward import held

# The first and the last day on which something held, both included; None: open.
Spell = tuple[date | None, date | None]
Days = tuple[date, date]
_ALWAYS: Spell = (None, None)


@dataclass(frozen=True, slots=True)
class Parts:
    """Some actors with everybody who acts for them: on any day, or in spells of (actor, since, until)."""

    always: frozenset[int] = frozenset()
    spells: tuple[tuple[int, date | None, date | None], ...] = ()

    def acting(self, days_of: Mapping[int, Mapping[int, Days]]) -> set[int]:
        """Return the events (actor -> event -> its days) in which one of the actors takes part on its days."""
        found = {event for actor in self.always for event in days_of.get(actor, ())}
        for actor, since, until in self.spells:
            for event, (first, last) in days_of.get(actor, {}).items():
                if held(since, until, first, last):
                    found.add(event)
        return found


class Kinship:
    """(part, whole) pairs of ids, of actors or of places, with the days they held; circles are allowed."""

    def __init__(
        self, pairs: Iterable[tuple[int, int] | tuple[int, int, date | None, date | None]]
    ) -> None:
        self._parts: dict[int, list[tuple[int, Spell]]] = defaultdict(list)
        for part, whole, *days in pairs:
            since, until = days or _ALWAYS
            self._parts[whole].append((part, (since, until)))

    def with_parts(self, wholes: Iterable[int]) -> Parts:
        """Return `wholes` and everybody who acts for one of them, however indirectly, with the days they do."""
        spells: dict[int, list[Spell]] = {whole: [_ALWAYS] for whole in wholes}
        waiting = [(whole, _ALWAYS) for whole in spells]
        while waiting:
            whole, spell = waiting.pop()
            for part, days in self._parts.get(whole, ()):
                shared = _shared(spell, days)
                known = spells.setdefault(part, [])
                if shared is None or any(_within(shared, other) for other in known):
                    continue
                spells[part] = [*(other for other in known if not _within(other, shared)), shared]
                waiting.append((part, shared))
        always = frozenset(part for part, found in spells.items() if _ALWAYS in found)
        dated = (
            (part, *spell)
            for part, found in spells.items()
            if part not in always
            for spell in found
        )
        return Parts(always, tuple(sorted(dated, key=str)))


class Ladder:
    """Whom somebody acts for at last: up (part, whole, since, until) pairs to the first one who stands alone.

    `alone` are those nobody is asked above: states, say, that are members of a club all the same.
    """

    def __init__(
        self,
        pairs: Iterable[tuple[int, int, date | None, date | None]],
        alone: frozenset[int] = frozenset(),
    ) -> None:
        self._wholes: dict[int, list[tuple[int, Spell]]] = defaultdict(list)
        for part, whole, since, until in sorted(pairs, key=str):
            self._wholes[part].append((whole, (since, until)))
        self._alone = alone

    def top(self, actor: int, first: date, last: date) -> int:
        """Return the nearest one who stands alone above `actor` on days of the event, or else the topmost."""
        reached, rung, highest = {actor}, [actor], actor
        while rung:
            highest = rung[0]
            standing = [one for one in rung if one in self._alone]
            if standing:
                return standing[0]
            above = (
                whole
                for one in rung
                for whole, (since, until) in self._wholes.get(one, ())
                if held(since, until, first, last)
            )
            rung = list(dict.fromkeys(whole for whole in above if whole not in reached))
            reached.update(rung)
        return highest


def _shared(one: Spell, other: Spell) -> Spell | None:
    """Return the days of both; None where there are none."""
    since = max((day for day in (one[0], other[0]) if day), default=None)
    until = min((day for day in (one[1], other[1]) if day), default=None)
    return None if since and until and since > until else (since, until)


def _within(inner: Spell, outer: Spell) -> bool:
    starts = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    return starts and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))
