"""Whether an event's days lie where its dossiers look: asked before a date far off is taken for granted.

Dossiers are above events, so that who knows their periods is named in the settings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from apps.events.models import Event


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a dossier covers, both included."""

    title: str
    start: date
    end: date


def outside(event: Event) -> str:
    """Say that the event's days lie in none of its dossiers' periods; empty where that is not so."""
    periods_of: Callable[[Event], list[Period]] = import_string(settings.PERIODS_OF_EVENT)
    periods = periods_of(event)
    if not periods or any(p.start <= event.end and event.start <= p.end for p in periods):
        return ""
    days = f"{event.start}" if event.start == event.end else f"{event.start} to {event.end}"
    known = "; ".join(f"“{p.title}” covers {p.start} to {p.end}" for p in periods)
    return f"{days} lies outside the dossier of {event.public_id}: {known}. Confirm the date or correct it."
