"""Which actors count as the same in a measure: one that contains, commands or is joined by the other."""

from collections import defaultdict
from collections.abc import Iterable

from apps.annotations.pipeline.types import ActorEntry

_UPWARD = frozenset({"part_of", "member_of", "commands"})
_DEPTH = 4
# Two bodies of one state are not the same actor because a government is above both.
_TOO_GENERAL = frozenset({"us-gov", "iran-gov", "iraq-gov"})


class Chains:
    """The actors above each actor of a dossier."""

    def __init__(self, actors: Iterable[ActorEntry]) -> None:
        self._above: dict[str, set[str]] = defaultdict(set)
        for actor in actors:
            for relation in actor.relations:
                if relation.kind in _UPWARD:
                    self._above[actor.id].add(relation.target)

    def of(self, actor: str) -> set[str]:
        """Return the actor and everything above it, at most four steps."""
        seen, todo = {actor}, {actor}
        for _ in range(_DEPTH):
            todo = {up for one in todo for up in self._above.get(one, ())} - seen
            seen |= todo
        return seen

    def same(self, one: str, other: str) -> bool:
        """Tell whether one is the other, is above it, or both stand below a third that is no government."""
        a, b = self.of(one), self.of(other)
        return one in b or other in a or bool((a & b) - _TOO_GENERAL)
