"""Whom an actor acts on, and who acts on it: counts over all public events known at a moment."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from apps.actors.models import Actor
from apps.events.models import Event
from apps.timelines.models import Entry, Timeline
from apps.timelines.queries.network import ties

MOST: Final = 20


@dataclass(slots=True)
class Counterpart:
    """Another actor: events of conflict and of cooperation, by it and by the actor of the page."""

    actor: Actor
    acts: tuple[int, int] = (0, 0)  # the page's actor on it: conflict, cooperation
    acted_on: tuple[int, int] = (0, 0)  # it on the page's actor

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.acts) + sum(self.acted_on)


def counterparts(actor: Actor, moment: datetime | None = None) -> tuple[list[Counterpart], int]:
    """Return the actors that it acts on or that act on it, most events first, and how many are left out."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for tie in ties(Event.objects.as_of(moment).filter(actors=actor)):
        if tie.by == actor.slug and tie.at != actor.slug:
            found[tie.at]["acts"] = tie.conflict, tie.cooperation
        elif tie.at == actor.slug and tie.by != actor.slug:
            found[tie.by]["acted_on"] = tie.conflict, tie.cooperation
    actors = Actor.objects.in_bulk(list(found), field_name="slug")
    rows = [Counterpart(actors[slug], **counts) for slug, counts in found.items()]
    rows.sort(key=lambda row: (-row.count, row.actor.name))
    return rows[:MOST], max(0, len(rows) - MOST)


def timelines_of(actor: Actor, moment: datetime | None = None) -> QuerySet[Timeline]:
    """Return the published timelines that hold an event of the actor; one query, from the entries kept."""
    events = Event.objects.as_of(moment).filter(actors=actor)
    inside = Entry.objects.filter(event__in=events.values("pk")).values("timeline")
    return Timeline.objects.public().filter(pk__in=inside)
