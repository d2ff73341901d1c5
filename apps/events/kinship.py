"""How close two actors are on a day, by who belongs to whom. Plain: values in, values out."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from apps.actors.upward import held, leads_up

# In a report a front's name stands for those behind it, though it does not speak for them.
_STANDS_FOR = ("front_of",)
# An armed group stands for the body just above it, never for the government above that.
_SHORT_REACH = ("armed_group", "population", "media")
_STEP = 0.1
_SIBLINGS = 0.6


@dataclass(frozen=True, slots=True)
class Bond:
    """`source` is `kind` (part_of ...) `target`, from `since` to `until`, both included; None: open."""

    source: str
    kind: str
    target: str
    since: date | None = None
    until: date | None = None


class Kinship:
    """The relations of all actors, read once and asked often."""

    def __init__(self, bonds: Iterable[Bond], kinds: Mapping[str, str] | None = None) -> None:
        """Take the bonds between actors (slugs), and what kind of actor each is."""
        self._kinds = kinds or {}
        self._above: dict[str, list[Bond]] = defaultdict(list)
        turns = set()
        for bond in sorted(bonds, key=lambda b: (b.source, b.target, b.kind)):
            kind_of_source = self._kinds.get(bond.source, "person")
            if bond.kind in _STANDS_FOR or leads_up(bond.kind, kind_of_source):
                self._above[bond.source].append(bond)
                turns |= {bond.since, bond.until and bond.until + timedelta(days=1)}
        # Between two of these days nothing changes: chains are kept by the stretch they are of.
        self._turns = sorted(turn for turn in turns if turn)
        self._chains: dict[tuple[str, int], dict[str, int]] = {}

    def chain(self, actor: str, on: date) -> dict[str, int]:
        """Return the actors above on a day, with the number of steps; the actor itself is 0 steps away."""
        key = actor, bisect_right(self._turns, on)
        if key not in self._chains:
            self._chains[key] = self._climb(actor, on)
        return self._chains[key]

    def _climb(self, actor: str, on: date) -> dict[str, int]:
        steps, front = {actor: 0}, [actor]
        while front:
            below = front.pop(0)
            if steps[below] and self._kinds.get(below) in _SHORT_REACH:
                continue
            if steps[below] == 1 and self._kinds.get(actor) in _SHORT_REACH:
                continue
            for bond in self._above.get(below, ()):
                if bond.target not in steps and held(bond.since, bond.until, on):
                    steps[bond.target] = steps[below] + 1
                    front.append(bond.target)
        return steps

    def closeness(self, one: str, other: str, on: date) -> float:
        """Return 1 for the same actor, 0.9 to 0.6 where one belongs to the other, 0.6 under one roof."""
        mine, theirs = self.chain(one, on), self.chain(other, on)
        steps = min(mine.get(other, 99), theirs.get(one, 99))
        if steps < 99:
            return max(_SIBLINGS, 1 - _STEP * steps)
        return _SIBLINGS if mine.keys() & theirs.keys() else 0.0
