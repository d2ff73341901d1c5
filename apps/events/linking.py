"""Proposing links between events from what an article says of them (see cues.py)."""

import re
from collections.abc import Iterator, Sequence

from django.db.models import Q

from apps.annotations.models import Annotation, Candidate
from apps.events.cues import Linked, Told, links
from apps.events.models import Event, Evidence, Link, Placement, Standing
from apps.events.models.link import link_fault

_STANDS = (Event.Status.PROPOSED, Event.Status.PUBLISHED)
_MACHINES = Q(origin=Evidence.Origin.MACHINE, standing=Standing.PROPOSED)


def propose_links(annotation: Annotation) -> set[int]:
    """Propose the links that an article states between the events its reports were put with.

    Call it when the article's evidence is written. Returns the ids of the events whose links it proposed or
    took back. Events that the text calls by a name of theirs are among them, too. Two events that somebody
    linked already, or whose link an editor rejected, stay as they are, and so does what the database would
    refuse. Safe to repeat: what the machine proposed from this article before and would not propose any more
    is taken away.
    """
    told, events = _told(annotation)
    stated = links(annotation.article_version.text, told) if told else []
    rows = [row for link in stated if (row := _propose(link, annotation, events)) is not None]
    gone = Link.objects.filter(_MACHINES).exclude(pk__in=[row.pk for row in rows])
    orphaned = Q(evidence=None) & (Q(source__in=events) | Q(target__in=events))
    article = annotation.article_version.article_id
    gone = gone.filter(Q(evidence__article_version__article=article) | orphaned)
    touched = {row.source_id for row in (*rows, *gone)}
    gone.delete()
    return touched


def _told(annotation: Annotation) -> tuple[list[Told], dict[int, Event]]:
    """Return where the article tells which event, and the events by their ids."""
    events: dict[int, Event] = {}
    found: dict[tuple[int, int | None], Event] = {}
    placements = Placement.objects.filter(story_event__annotation=annotation, event__isnull=False)
    for row in placements.select_related("event"):
        if row.event is not None and row.event.status in _STANDS:
            key = (row.story_event_id or 0, row.mention_id)
            found[key] = events[row.event.pk] = row.event
    told = []
    for mention in annotation.candidates.filter(modality=Candidate.Modality.ACTUAL):
        story = mention.story_event_id or 0
        event = found.get((story, mention.pk)) or found.get((story, None))
        if event is not None:
            told.append(_mention(mention, event))
    for event, named in _named(annotation, told):
        events[event.pk] = event
        told.append(named)
    return told, events


def _mention(row: Candidate, event: Event) -> Told:
    return Told(row.trigger_start, row.start, row.end, event.pk, row.type)


def _named(annotation: Annotation, told: Sequence[Told]) -> Iterator[tuple[Event, Told]]:
    """Find events by their names in the sentences that tell of others: "for the killing of Soleimani"."""
    text = annotation.article_version.text
    day = annotation.article_version.known_at.date()
    by_name: dict[str, list[Event]] = {}
    for event in Event.objects.filter(status__in=_STANDS, start__lte=day).exclude(names=[]):
        for name in event.names:
            by_name.setdefault(name.lower(), []).append(event)
    for start, end in sorted({(mention.start, mention.end) for mention in told}):
        for name, bearers in by_name.items():
            place = re.search(rf"\b{re.escape(name)}\b", text[start:end], re.IGNORECASE)
            if place is not None and len(bearers) == 1:
                (event,) = bearers
                yield event, Told(start + place.start(), start, end, event.pk, event.type)


def _propose(link: Linked, annotation: Annotation, events: dict[int, Event]) -> Link | None:
    """Find or write one link, with the sentence as its evidence; None where there is nothing to propose."""
    source, target = events[link.source], events[link.target]
    known = Link.objects.filter(source=source, target=target)
    same = known.filter(_MACHINES, kind=link.kind).first()
    if same is not None or known.exclude(_MACHINES).exists():
        return same
    evidence = _sentence(link, annotation, source) or _sentence(link, annotation, target)
    if evidence is None or link_fault(source, target, link.kind):
        return None
    sentence = annotation.article_version.text[slice(*link.sentence)]
    return Link.objects.create(
        source=source,
        target=target,
        kind=link.kind,
        evidence=evidence,
        origin=Evidence.Origin.MACHINE,
        standing=Standing.PROPOSED,
        known_at=evidence.known_at,
        why=f"“{link.cue.words}” in: {sentence}",
    )


def _sentence(link: Linked, annotation: Annotation, event: Event) -> Evidence | None:
    """Return the event's evidence in which the cue stands."""
    start, end = link.sentence
    rows = event.evidence.filter(article_version=annotation.article_version)
    rows = rows.exclude(standing=Standing.REJECTED)
    return rows.filter(start__lt=end, end__gt=start).order_by("start").first()
