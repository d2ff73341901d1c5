"""Writing down what the pipeline found in an article version."""

from typing import Any

from apps.actors.models import Actor
from apps.annotations.models import Annotation, Candidate, ClaimCandidate, Mention, StoryEvent
from apps.annotations.pipeline.types import Annotations, CodedEvent, Span
from apps.places.models import Place


def replace(annotation: Annotation, found: Annotations) -> None:
    """Write `found` as the content of `annotation`, instead of any rows that it has."""
    for rows in (annotation.claim_candidates, annotation.candidates, annotation.story_events):
        rows.all().delete()
    annotation.mentions.all().delete()
    annotation.agency = (found.agency or "")[:40]
    annotation.dateline = (found.dateline or "")[:100]
    annotation.removed = [
        {"start": piece.span.start, "end": piece.span.end, "why": piece.why}
        for piece in found.removed
    ]
    annotation.save(update_fields=["agency", "dateline", "removed", "took_ms"])
    _Writer(annotation, found).write()


class _Writer:
    """Makes the rows of one annotation, in bulk."""

    def __init__(self, annotation: Annotation, found: Annotations) -> None:
        self.annotation = annotation
        self.found = found
        self.text = annotation.article_version.text

    def write(self) -> None:
        """Write every row; the database checks each span against the text."""
        Mention.objects.bulk_create(self.mentions())
        stories = StoryEvent.objects.bulk_create(self.story_events())
        candidates = Candidate.objects.bulk_create(self.candidates(stories))
        ClaimCandidate.objects.bulk_create(self.claims(candidates))

    def spanned(self, span: Span) -> dict[str, Any]:
        """Columns that every row with a span has."""
        return {
            "annotation": self.annotation,
            "start": span.start,
            "end": span.end,
            "surface": span.of(self.text),
        }

    def mentions(self) -> list[Mention]:
        """Rows of actors, places and dates."""
        actors = {slug: actor.pk for slug, actor in Actor.objects.by_slug().items()}
        places = {slug: place.pk for slug, place in Place.objects.by_slug().items()}
        rows = [
            Mention(
                **self.spanned(m.span),
                kind=Mention.Kind.ACTOR,
                how=m.kind[:20],
                actor_id=actors.get(m.actor or ""),
            )
            for m in self.found.actors
        ]
        rows += [
            Mention(
                **self.spanned(m.span),
                kind=Mention.Kind.PLACE,
                place_id=places.get(m.place or ""),
            )
            for m in self.found.places
        ]
        rows += [
            Mention(
                **self.spanned(m.span),
                kind=Mention.Kind.DATE,
                date_from=m.value.start if m.value else None,
                date_to=m.value.end if m.value else None,
                precision=m.value.precision if m.value else "",
            )
            for m in self.found.dates
        ]
        return rows

    def story_events(self) -> list[StoryEvent]:
        """Rows of distinct events."""
        return [
            StoryEvent(annotation=self.annotation, role=s.role, **_coded(index, s.event))
            for index, s in enumerate(self.found.story_events)
        ]

    def candidates(self, stories: list[StoryEvent]) -> list[Candidate]:
        """Rows of event mentions, each with the distinct event it is a mention of."""
        story_of = {
            mention: stories[index]
            for index, story in reversed(list(enumerate(self.found.story_events)))
            for mention in story.mentions
        }
        return [
            Candidate(
                **self.spanned(event.sentence),
                **_coded(index, event),
                story_event=story_of.get(index),
                trigger_start=event.trigger.start,
                trigger_end=event.trigger.end,
            )
            for index, event in enumerate(self.found.events)
        ]

    def claims(self, candidates: list[Candidate]) -> list[ClaimCandidate]:
        """Rows of claims."""
        return [
            ClaimCandidate(
                **self.spanned(claim.span),
                index=index,
                candidate=candidates[claim.event] if claim.event is not None else None,
                speaker=claim.speaker[:200],
                act=claim.act,
                field=claim.field,
                value=claim.value,
                earlier=claim.earlier,
            )
            for index, claim in enumerate(self.found.claims)
        ]


def _coded(index: int, event: CodedEvent) -> dict[str, Any]:
    """Columns that event mentions and distinct events share."""
    return {
        "index": index,
        "type": event.type,
        "mode": event.mode or "",
        "modality": event.modality,
        "initiators": [name[:200] for name in event.initiators],
        "targets": [name[:200] for name in event.targets],
        "place": (event.place or "")[:200],
        "date_from": event.date.start if event.date else None,
        "date_to": event.date.end if event.date else None,
        "precision": event.date.precision if event.date else "",
        "killed": event.killed,
        "wounded": event.wounded,
        "attribution_speaker": (event.attribution.speaker if event.attribution else "")[:200],
        "attribution_act": event.attribution.act if event.attribution else "",
        "confidence": event.confidence,
        "why": event.why,
    }
