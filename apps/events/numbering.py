"""Numbers of events that come from no dossier: EV-YYYYMMDD-n."""

from datetime import date

from django.db import connection

from apps.events.models import Event

# Held until the transaction ends: two writers must not take the same number, nor propose the same event.
_LOCK = 0x7E_45_10


def lock_events() -> None:
    """Wait until no other transaction makes new events; call inside one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def next_public_id(day: date) -> str:
    """Return the next free number of the day; the caller holds lock_events()."""
    stem = f"EV-{day:%Y%m%d}-"
    taken = Event.objects.filter(public_id__startswith=stem).values_list("public_id", flat=True)
    numbers = [int(tail) for tail in (one.removeprefix(stem) for one in taken) if tail.isdigit()]
    return f"{stem}{max(numbers, default=0) + 1}"
