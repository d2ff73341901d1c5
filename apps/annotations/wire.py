"""Annotations as plain values for JSON, in the shape of the `annotate_jsonl` command."""

from typing import Any

from apps.annotations.pipeline.types import (
    Annotations,
    CodedClaim,
    CodedEvent,
    Interval,
    Span,
)

Item = dict[str, Any]


def document(text: str, found: Annotations) -> Item:
    """Return the reading of `text` as values that JSON knows; offsets as in the reading."""
    return {
        "agency": found.agency,
        "dateline": found.dateline,
        "removed": [{**_span(r.span), "why": r.why} for r in found.removed],
        "actors": [
            {**_span(a.span), "surface": a.surface, "actor": a.actor, "kind": a.kind}
            for a in found.actors
        ],
        "places": [
            {
                **_span(p.span),
                "surface": p.surface,
                "place": p.place,
                "country": p.country,
                "lat": p.lat,
                "lon": p.lon,
            }
            for p in found.places
        ],
        "dates": [{**_span(d.span), "surface": d.surface, **_days(d.value)} for d in found.dates],
        "events": [_event(text, e) for e in found.events],
        "claims": [_claim(c) for c in found.claims],
        "story_events": [
            {**_event(text, s.event), "mentions": s.mentions, "role": s.role}
            for s in found.story_events
        ],
    }


def _span(span: Span) -> Item:
    return {"start": span.start, "end": span.end}


def _days(days: Interval | None) -> Item:
    if days is None:
        return {"from": None, "to": None, "precision": None}
    return {
        "from": days.start.isoformat(),
        "to": days.end.isoformat(),
        "precision": days.precision,
    }


def _event(text: str, event: CodedEvent) -> Item:
    said = event.attribution
    return {
        **_span(event.sentence),
        "trigger": {**_span(event.trigger), "surface": event.trigger.of(text)},
        "type": event.type,
        "mode": event.mode,
        "modality": event.modality,
        "initiators": event.initiators,
        "targets": event.targets,
        "place": event.place,
        "date": _days(event.date) if event.date else None,
        "killed": event.killed,
        "wounded": event.wounded,
        "attribution": {"speaker": said.speaker, "act": said.act} if said else None,
        "confidence": event.confidence,
        "why": event.why,
    }


def _claim(claim: CodedClaim) -> Item:
    return {
        "speaker": claim.speaker,
        "act": claim.act,
        "field": claim.field,
        "value": claim.value,
        "event": claim.event,
        **_span(claim.span),
    }
