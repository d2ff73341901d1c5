"""The state of an event as a decision keeps it: plain JSON, small, readable in a diff."""

from collections import Counter
from typing import Any

from apps.events.models import Event

FIELDS = (
    "public_id", "status", "title", "summary", "type", "mode", "type_fit", "precision", "edtf", "date_note",
    "geo_precision", "rank", "soil", "confidence", "names", "notes", "killed", "killed_low", "killed_high",
    "wounded", "wounded_low", "wounded_high", "contested",
)  # fmt: skip


def snapshot(event: Event) -> dict[str, Any]:
    """Return the event's own fields, its participants, and its evidence, claims and links by standing."""
    state = {name: getattr(event, name) for name in FIELDS}
    state["start"], state["end"] = str(event.start), str(event.end)
    state["place"] = event.place.slug if event.place else None
    state["merged_into"] = event.merged_into.public_id if event.merged_into else None
    state["first_public_at"] = event.first_public_at and event.first_public_at.isoformat()
    state["participants"] = [
        f"{role}: {slug}"
        for role, slug in event.participations.order_by("role", "position", "id").values_list(
            "role", "actor__slug"
        )
    ]
    state["evidence"] = dict(Counter(event.evidence.values_list("standing", flat=True)))
    state["claims"] = dict(Counter(event.claims.values_list("standing", flat=True)))
    state["links"] = sorted(
        f"{kind} {public_id} ({standing})"
        for kind, public_id, standing in event.links_out.values_list(
            "kind", "target__public_id", "standing"
        )
    )
    return state
