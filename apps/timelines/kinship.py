"""Who acts for whom, however indirectly (see `Relation.objects.upward()`). Plain: values in, values out."""

from collections import defaultdict
from collections.abc import Iterable


class Kinship:
    """(part, whole) pairs of ids, of actors or of places; circles are allowed."""

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
