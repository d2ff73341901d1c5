"""When things became known, where nobody says: one rule for forms, decisions and the machine.

Never earlier than what the row rests on: a view as of a day must not show what was learned after it. Where a
row rests on nothing that is dated, it is known since it is written down.
"""

from datetime import UTC, date, datetime, time

from django.utils import timezone

from apps.events.models import Claim, Event, Evidence, Standing


def of_evidence(row: Evidence) -> datetime:
    """Return since when evidence is known (aware UTC): its article version's words, or the cited source."""
    if row.article_version is not None:
        return row.article_version.known_at
    return _midnight(row.published_on) or timezone.now()


def of_claim(row: Claim) -> datetime:
    """Return since when a claim is known (aware UTC): as its evidence is, else since it was said."""
    if row.evidence is not None:
        return row.evidence.known_at
    return _midnight(row.said_to) or timezone.now()


def fill(row: Event | Evidence | Claim) -> None:
    """Give a row its known time where it has none; a proposed event may wait for it."""
    if isinstance(row, Event):
        if row.first_public_at is None and row.status == Event.Status.PUBLISHED:
            row.first_public_at = of_event(row)
    elif row.known_at is None:
        row.known_at = of_evidence(row) if isinstance(row, Evidence) else of_claim(row)


def of_event(event: Event) -> datetime | None:
    """Return since when an event is known (aware UTC): its own time, or a published report before it.

    A report that only mentions it tells no earlier time, though it gives one where there is none; a
    contradiction does neither.
    """
    published = event.evidence.filter(standing=Standing.PUBLISHED).order_by("known_at")
    supports = published.filter(stance=Evidence.Stance.SUPPORTS)
    times = [*supports.values_list("known_at", flat=True)[:1]]
    if event.first_public_at is not None:
        times.append(event.first_public_at)
    if not times:
        told = published.exclude(stance=Evidence.Stance.CONTRADICTS)
        times = [*told.values_list("known_at", flat=True)[:1]]
    return min(times, default=None)


def _midnight(day: date | None) -> datetime | None:
    """Return the first instant of a day (UTC), as days of dossiers are kept."""
    return datetime.combine(day, time.min, UTC) if day else None
