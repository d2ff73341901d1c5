"""How close two actors are, by who belongs to whom. Plain: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

# A relation of these kinds lets one name stand for the other in a report ("Iran" for its missile force).
UPWARD = ("part_of", "member_of", "commands", "front_of")
# An armed group stands for the body just above it, never for the government above that.
_SHORT_REACH = ("armed_group", "population", "media")
_STEP = 0.1
_SIBLINGS = 0.6


class Kinship:
    """The relations of all actors, read once and asked often."""

    def __init__(
        self, relations: Iterable[tuple[str, str, str]], kinds: Mapping[str, str] | None = None
    ) -> None:
        """Take (actor, kind of relation, actor above) triples, and what kind of actor each is."""
        self._kinds = kinds or {}
        self._above: dict[str, set[str]] = defaultdict(set)
        for source, kind, target in relations:
            if kind in UPWARD and self._leads_up(source, kind):
                self._above[source].add(target)
        self._chains: dict[str, dict[str, int]] = {}

    def _leads_up(self, source: str, kind: str) -> bool:
        """Tell whether the relation leads up: a ministry that commands forces stands above them."""
        return kind != "commands" or self._kinds.get(source, "person") == "person"

    def chain(self, actor: str) -> dict[str, int]:
        """Return the actors above, with the number of steps; the actor itself is 0 steps away."""
        if actor not in self._chains:
            self._chains[actor] = self._climb(actor)
        return self._chains[actor]

    def _climb(self, actor: str) -> dict[str, int]:
        steps, front = {actor: 0}, [actor]
        while front:
            below = front.pop(0)
            if steps[below] and self._kinds.get(below) in _SHORT_REACH:
                continue
            if steps[below] == 1 and self._kinds.get(actor) in _SHORT_REACH:
                continue
            for above in sorted(self._above[below]):
                if above not in steps:
                    steps[above] = steps[below] + 1
                    front.append(above)
        return steps

    def closeness(self, one: str, other: str) -> float:
        """Return 1 for the same actor, 0.9 to 0.6 where one belongs to the other, 0.6 under one roof."""
        mine, theirs = self.chain(one), self.chain(other)
        steps = min(mine.get(other, 99), theirs.get(one, 99))
        if steps < 99:
            return max(_SIBLINGS, 1 - _STEP * steps)
        return _SIBLINGS if mine.keys() & theirs.keys() else 0.0
