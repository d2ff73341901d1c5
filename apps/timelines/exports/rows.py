"""The events of a view with all that files tell of them, read in chunks: memory does not grow with the view."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from django.db.models import Q

from apps.core import plover
from apps.events.independence import count
from apps.events.lineages import Lineages, with_lineage
from apps.events.models import Claim, Event, EventQuerySet, Evidence, Link, Participation
from apps.events.voices import claims_with_lineage
from apps.timelines.exports.shapes import Party, Row, Said, Source, Tie, Toll, clean
from apps.timelines.exports.urls import web
from apps.timelines.queries import then
from apps.timelines.queries.claims import says
from apps.timelines.queries.selection import Selection

CHUNK: Final = 400


def rows(chosen: Selection) -> Iterator[Row]:
    """Yield the view's events, oldest first: as many queries for each chunk whatever stands in it."""
    events = chosen.events.select_related("place").order_by("start", "public_id")
    yield from read(chosen, events.iterator(chunk_size=CHUNK))


def newest(chosen: Selection, most: int) -> list[Row]:
    """Return the `most` events of the view that became known last, newest first."""
    events = chosen.events.select_related("place").order_by("-first_public_at", "-public_id")
    return list(read(chosen, events[:most]))


def read(chosen: Selection, events: Iterable[Event]) -> Iterator[Row]:
    """Yield the row of each event (with its place), in their order."""
    reader = Lineages()
    found = iter(events)
    while chunk := list(islice(found, CHUNK)):
        yield from _read(chosen, chunk, reader)


def _read(chosen: Selection, events: Sequence[Event], reader: Lineages) -> Iterator[Row]:
    moment = chosen.as_of.moment
    chosen.scope.then.onto(events)
    parties = _parties(events)
    hidden = _hidden(events, moment)
    evidence = _evidence(events, moment)
    claims = _claims(events, moment)
    links = _links(events, moment)
    for event in events:
        told = (parties[event.pk], evidence[event.pk], claims[event.pk], links[event.pk])
        yield _row(event, event.pk in hidden, *told, reader)


def _hidden(events: Sequence[Event], moment: datetime | None) -> set[int]:
    """Return the ids of the events whose summary may tell of what became known after the moment."""
    if moment is None:
        return set()
    known: EventQuerySet = Event.objects.as_of(moment).filter(pk__in=[e.pk for e in events])
    return set(known.filter(then.hindsight(moment)).order_by().values_list("pk", flat=True))


def _parties(events: Sequence[Event]) -> dict[int, list[Party]]:
    """Kept apart from the events: parts that know their event, and it them, would stay in memory for long."""
    found: dict[int, list[Party]] = defaultdict(list)
    parts = Participation.objects.filter(event__in=list(events)).select_related("actor")
    for part in parts.order_by("role", "position", "pk"):
        found[part.event_id].append(_party(part))
    return found


def _evidence(events: Sequence[Event], moment: datetime | None) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    known = Evidence.objects.as_of(moment).filter(event__in=list(events))
    for row in with_lineage(known).order_by("known_at", "pk"):
        found[row.event_id].append(row)
    return found


def _claims(events: Sequence[Event], moment: datetime | None) -> dict[int, list[Said]]:
    known = Claim.objects.as_of(moment).filter(event__in=list(events))
    claims = list(claims_with_lineage(known))
    words = says(claims)
    found: dict[int, list[Said]] = defaultdict(list)
    for claim in claims:
        found[claim.event_id].append(
            Said(
                pk=claim.pk,
                speaker=clean(claim.speaker_name),
                act=claim.act,
                field=claim.field,
                number=claim.number,
                value=clean(claim.value),
                words=clean(words[claim.pk]),
                said_from=claim.said_from,
                said_to=claim.said_to,
                known_at=claim.known_at,
                source=_address(claim.evidence) if claim.evidence else "",
            )
        )
    return found


def _links(events: Sequence[Event], moment: datetime | None) -> dict[int, list[Tie]]:
    found: dict[int, list[Tie]] = defaultdict(list)
    known = Link.objects.as_of(moment).filter(Q(source__in=list(events)))
    for link in known.select_related("target").order_by("target__start", "pk"):
        words = str(link.get_kind_display())
        found[link.source_id].append(Tie(link.kind, words, link.target.public_id, link.note))
    return found


def _row(
    event: Event,
    hidden: bool,
    parties: Sequence[Party],
    evidence: Sequence[Evidence],
    claims: Sequence[Said],
    links: Sequence[Tie],
    reader: Lineages,
) -> Row:
    known_at = event.first_public_at
    if known_at is None:  # the database refuses it for what is published
        raise ValueError(f"{event.public_id} is public and has no known time.")
    telling = [row for row in evidence if row.stance != Evidence.Stance.CONTRADICTS]
    times = [known_at, *(row.known_at for row in evidence), *(claim.known_at for claim in claims)]
    return Row(
        id=event.public_id,
        title=clean(event.title),
        summary="" if hidden else clean(event.summary),
        type=event.type,
        mode=event.mode,
        quad=event.quad,
        plover_score=plover.score(event.type, event.mode),
        severity=round(event.severity, 3),
        start=event.start,
        end=event.end,
        precision=event.precision,
        edtf=event.edtf,
        place=event.place,
        geo_precision=event.geo_precision,
        killed=Toll(event.killed, event.killed_low, event.killed_high),
        wounded=Toll(event.wounded, event.wounded_low, event.wounded_high),
        contested=event.contested,
        denied=event.denied,
        confidence=event.confidence,
        reports=count(reader.piece(row) for row in telling).reports,
        known_at=known_at,
        told_at=max(times),
        page=event.get_absolute_url(),
        parties=tuple(parties),
        sources=tuple(_source(row) for row in evidence),
        claims=tuple(claims),
        links=tuple(links),
    )


def _party(part: Participation) -> Party:
    actor = part.actor
    return Party(actor.slug, actor.name, actor.kind, part.role, actor.get_absolute_url())


def _source(row: Evidence) -> Source:
    version = row.article_version
    if version is None:
        return Source(
            publisher=clean(row.publisher),
            title="",
            url=web(row.url),
            stance=row.stance,
            published_on=row.published_on,
            known_at=row.known_at,
            quote=clean(row.quote),
            sample=False,
        )
    article = version.article
    published = article.published_at
    return Source(
        publisher=article.source.name if article.source else article.agency,
        title=clean(version.title),
        url=_address(row),
        stance=row.stance,
        published_on=published.date() if published else None,
        known_at=row.known_at,
        quote=clean(row.quote),
        sample=article.project_written,
    )


def _address(row: Evidence) -> str:
    """The address of what the evidence stands on; "" where it has none on the web."""
    version = row.article_version
    return web(row.url if version is None else version.article.canonical_url)
