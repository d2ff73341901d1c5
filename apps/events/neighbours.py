"""The events that a proposal may be the same as, for the desk."""

from apps.events.known import read_world
from apps.events.matching import Match
from apps.events.models import Event


def best_matches(event: Event, limit: int = 3) -> list[Match]:
    """Return the standing events most like `event`, best first, whose days allow it."""
    world = read_world()
    parts = list(event.participations.values_list("role", "actor__slug"))
    sentences = " ".join(event.evidence.exclude(quote="").values_list("quote", flat=True)[:20])
    found = world.matcher.ranked(world.as_reported(event, parts, sentences), limit=limit + 3)
    return [m for m in found if m.known.id != event.pk and m.known.standing][:limit]
