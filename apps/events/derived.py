"""The headline values of events, derived from their published claims: many events in a few queries."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.events.headline import Headline, headline
from apps.events.models import Claim, Event, Standing
from apps.events.voices import Voices, claims_with_lineage


def headlines(events: QuerySet[Event], moment: datetime | None = None) -> dict[int, Headline]:
    """Return the headline of each event by its id, from what was known at `moment` (aware); None: now."""
    rows = list(events.select_related("place").prefetch_related("participations"))
    claims = (
        Claim.objects.filter(standing=Standing.PUBLISHED)
        if moment is None  # of an event that is not public yet, too
        else Claim.objects.as_of(moment)
    )
    said: dict[int, list[Claim]] = defaultdict(list)
    loaded = claims.filter(event__in=[event.pk for event in rows])
    for claim in claims_with_lineage(loaded):
        said[claim.event_id].append(claim)
    voices = Voices(moment)
    return {
        event.pk: headline(voices.values(event, said[event.pk]) if event.pk in said else [])
        for event in rows
    }


def columns(head: Headline) -> dict[str, Any]:
    """Return a headline as the columns of its event."""
    return {
        "killed": head.killed.value,
        "killed_low": head.killed.low,
        "killed_high": head.killed.high,
        "wounded": head.wounded.value,
        "wounded_low": head.wounded.low,
        "wounded_high": head.wounded.high,
        "headline_rule": head.rule[:300],
        "contested": head.contested,
        "denied": head.denied,
    }
