"""How sure a distinct event is: the share of such events that were right in the gold articles.

`make bench-annotation` prints the reliability of these numbers. They are few and round on purpose: more of them
would fit the 16 articles, and no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.annotations.pipeline.story_actors import UNKNOWN_DOER
from apps.annotations.pipeline.story_kin import Kin

if TYPE_CHECKING:
    from apps.annotations.pipeline.story import Cluster

# Types whose words are hardly used for anything else.
_PLAIN = frozenset({"ASSAULT", "THREATEN", "ACCUSE"})


def of(cluster: Cluster, kin: Kin) -> tuple[float, str]:
    """Return the confidence, 0 to 1, of an event whose dates and actors are complete, and what it rests on."""
    event = cluster.event
    doer = any(a in kin.known and a != UNKNOWN_DOER for a in event.initiators)
    target = any(a in kin.known for a in event.targets)
    plain = event.type in _PLAIN
    if cluster.is_named:
        return 0.95, "a known event by its name"
    if event.date is None:
        return 0.05, "no day is told"
    if not target:
        return 0.3 if plain else 0.1, "to whom it was done is not known"
    if not doer:
        return 0.65 if plain else 0.3, "who did it is not known"
    return 0.75 if plain else 0.5, "both sides are known"
