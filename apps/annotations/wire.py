"""Articles from plain values of JSON, and what was read in them as such values: the commands' lines."""

from typing import Any

from apps.annotations.pipeline.timeline import Entry
from apps.annotations.pipeline.types import (
    Annotations,
    ArticleInput,
    CodedClaim,
    CodedEvent,
    Interval,
    Span,
)
from apps.core import jsonl

Item = dict[str, Any]


def article(item: Item) -> ArticleInput:
    """Return the article of a line; jsonl.BadItemError where a field is missing or no text or day."""
    return ArticleInput(
        text=jsonl.text_of(item, "text"),
        title=jsonl.text_of(item, "title", needed=False),
        published=jsonl.day_of(item, "published_at"),
        url=jsonl.text_of(item, "url", needed=False),
        source=jsonl.text_of(item, "source", needed=False),
    )


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
        "places": _places(found),
        "dates": [{**_span(d.span), "surface": d.surface, **_days(d.value)} for d in found.dates],
        "events": [_event(text, e) for e in found.events],
        "claims": [_claim(c) for c in found.claims],
        "story_events": [
            {**_event(text, s.event), "mentions": s.mentions, "role": s.role}
            for s in found.story_events
        ],
    }


def timeline_entry(entry: Entry) -> Item:
    """Return one entry of a timeline in the shape of the `build_timeline` command."""
    return {
        "date": entry.date.isoformat(),
        "precision": entry.precision,
        "summary": entry.summary,
        "articles": entry.articles,
        "score": entry.score,
    }


def _places(found: Annotations) -> list[Item]:
    """Every name that lies somewhere: places, and the states' names that mean actors."""
    return [
        {
            **_span(p.span),
            "surface": p.surface,
            "place": p.place,
            "country": p.country,
            "lat": p.lat,
            "lon": p.lon,
        }
        for p in sorted((*found.places, *found.lands), key=lambda p: p.span.start)
    ]


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
