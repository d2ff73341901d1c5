"""The state of an event as a decision keeps it: plain JSON, small, readable in a diff."""

from typing import Any

from apps.events.models import Claim, Event

FIELDS = (
    "public_id", "status", "title", "summary", "type", "mode", "type_fit", "precision", "edtf", "date_note",
    "geo_precision", "rank", "soil", "confidence", "names", "notes", "killed", "killed_low", "killed_high",
    "wounded", "wounded_low", "wounded_high", "contested", "denied",
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
    state["evidence"] = {
        str(row.pk): f"{row.standing}, {row.stance}: {row.quote[:120] or row.url}"
        for row in event.evidence.defer("why").order_by("pk")
    }
    state["claims"] = {
        str(row.pk): f"{row.standing}: {row} ({row.field}{_number(row)})"
        for row in event.claims.select_related("speaker", "source").order_by("pk")
    }
    state["links"] = sorted(
        f"{kind} {public_id} ({standing})"
        for kind, public_id, standing in event.links_out.values_list(
            "kind", "target__public_id", "standing"
        )
    )
    return state


def _number(claim: Claim) -> str:
    """The claim's number, where its words do not tell it."""
    told = claim.number is None or str(claim.number) in claim.value
    return "" if told else f" {claim.number}"


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (what, was, is) for every value that differs between two snapshots, nested ones opened."""
    rows = []
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if isinstance(was or now, dict):
            nested = difference(was or {}, now or {})
            rows += [(f"{name} {key}", old, new) for key, old, new in nested]
        else:
            rows.append((name, _shown(was), _shown(now)))
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
