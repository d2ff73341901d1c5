"""Whether an event's days lie where its dossiers look: asked before a date far off is taken for granted.

Dossiers are above events: the app that has them registers here how to find the periods of an event.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from apps.events.models import Event


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a dossier covers, both included."""

    title: str
    start: date
    end: date


_lookups: list[Callable[[Event], Iterable[Period]]] = []


def register(lookup: Callable[[Event], Iterable[Period]]) -> None:
    """Let `lookup` say in which dossiers' periods an event is looked for, whatever its own days; once."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def outside(event: Event) -> str:
    """Say that the event's days lie in none of its dossiers' periods; empty where that is not so."""
    periods = [period for lookup in _lookups for period in lookup(event)]
    if not periods or any(p.start <= event.end and event.start <= p.end for p in periods):
        return ""
    days = f"{event.start}" if event.start == event.end else f"{event.start} to {event.end}"
    known = "; ".join(f"“{p.title}” covers {p.start} to {p.end}" for p in periods)
    return f"{days} lies outside the dossier of {event.public_id}: {known}. Confirm the date or correct it."
