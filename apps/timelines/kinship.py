"""Who belongs to whom: an actor acts for those it is part of, is a member of, or commands. Plain."""

from collections import defaultdict
from collections.abc import Iterable

# Relation kinds whose source acts for their target: a unit for its army, a commander for the unit.
ACTS_FOR = ("part_of", "member_of", "commands")


class Kinship:
    """The actors' belonging, as (part, whole) pairs of ids; circles are allowed."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        self._parts: dict[int, set[int]] = defaultdict(set)
        for part, whole in pairs:
            self._parts[whole].add(part)

    def with_parts(self, actors: Iterable[int]) -> frozenset[int]:
        """Return `actors` and everybody who acts for one of them, however indirectly."""
        found = set(actors)
        waiting = list(found)
        while waiting:
            new = self._parts.get(waiting.pop(), set()) - found
            found |= new
            waiting.extend(new)
        return frozenset(found)
