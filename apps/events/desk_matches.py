"""The known events that a proposal comes near, kept on its item until something near it in time is decided."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from apps.events.matching import Match
from apps.events.models import Decision, DeskItem, Event, Participation
from apps.events.neighbours import best_matches

SHOWN = 3
# Decisions about events this many days apart may change which known events come near.
NEAR = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A known event that a proposal may be: `score` 0 to 1 with its parts; `merge`: the machine would merge."""

    event: Event
    score: float
    parts: Mapping[str, float]
    merge: bool

    @property
    def why(self) -> str:
        """The parts of the score in words, strongest first."""
        parts = sorted(self.parts.items(), key=lambda part: -part[1])
        return ", ".join(f"{name} {value:.2f}" for name, value in parts)


def events_of(item: DeskItem) -> dict[int, Event]:
    """Read the item's event and those that it was last compared with, with places and participants, by id."""
    return _read([item.event_id, *(row["event"] for row in item.matches)])


def suggestions(
    item: DeskItem, event: Event, now: datetime, read: Mapping[int, Event] | None = None
) -> list[Suggested]:
    """Return the best known events for a proposal, best first; computed again where they may have changed.

    `read`: what `events_of` read of the item, so that it is not read again.
    """
    if not is_fresh(item, event):
        keep(item, best_matches(event, limit=SHOWN), now)
        read = None
    found = _read([row["event"] for row in item.matches]) if read is None else read
    standing = (Event.Status.PROPOSED, Event.Status.PUBLISHED)
    return [
        Suggested(found[row["event"]], row["score"], row["parts"], row["merge"])
        for row in item.matches
        if row["event"] in found and found[row["event"]].status in standing
    ]


def _read(pks: Iterable[int]) -> dict[int, Event]:
    parts = Prefetch("participations", Participation.objects.select_related("actor"))
    return Event.objects.select_related("place").prefetch_related(parts).in_bulk(list(pks))


def is_fresh(item: DeskItem, event: Event) -> bool:
    """Tell whether the kept matches still hold: nothing near in time was decided since."""
    if item.matched_at is None:
        return False
    since = Decision.objects.filter(
        at__gt=item.matched_at,
        event__start__lte=event.end + NEAR,
        event__end__gte=event.start - NEAR,
    )
    return not since.exists()


def keep(item: DeskItem, matches: Iterable[Match], now: datetime) -> None:
    """Write the matches on the item."""
    item.matches = [_kept(match) for match in matches]
    item.matched_at = now
    DeskItem.objects.filter(pk=item.pk).update(matches=item.matches, matched_at=now)


def _kept(match: Match) -> dict[str, Any]:
    return {
        "event": match.known.id,
        "score": round(match.score, 3),
        "parts": {name: round(value, 3) for name, value in match.parts.items()},
        "merge": match.proposes_merge,
    }


def _unmatched() -> QuerySet[DeskItem]:
    return DeskItem.objects.filter(matched_at__isnull=True, is_new=True).order_by("-salience")


def match_waiting(seconds: float) -> int:
    """Compare proposals that nobody has compared yet, most salient first, for so long; return how many."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        item = _unmatched().select_related("event").first()
        if item is None:
            break
        keep(item, best_matches(item.event, limit=SHOWN), timezone.now())
        done += 1
    return done
