"""Making a proposed event of what matches nothing known."""

import re
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q

from apps.annotations.models import Candidate, StoryEvent
from apps.core.dossier.dates import edtf_of
from apps.core.plover import QUAD
from apps.events import curate
from apps.events.decide import close
from apps.events.known import World
from apps.events.models import Decision, Event, Evidence, Participation
from apps.events.numbering import next_public_id
from apps.events.snapshot import snapshot
from apps.events.titles import title
from apps.places.models import Place

# Below this the machine guesses; such a reading may support a known event but proposes none.
LEAST_CONFIDENCE = 0.3
# Two capitalised words on end: a party that the editor may want to add to the actors.
_PROPER_NAME = re.compile(r"\b[A-Z][\w'’-]+ (?:(?:of|for|the|and) )*[A-Z][\w'’-]+")
_VERBAL = (1, 3)  # quad classes of words: they need somebody they are said to
_GEO_PRECISION = {
    Place.Kind.SITE: Event.GeoPrecision.SITE,
    Place.Kind.CITY: Event.GeoPrecision.CITY,
    Place.Kind.REGION: Event.GeoPrecision.REGION,
    Place.Kind.COUNTRY: Event.GeoPrecision.COUNTRY,
    Place.Kind.SEA: Event.GeoPrecision.SEA,
}


def fingerprint(distinct: StoryEvent) -> str:
    """Return what the proposal is made from: article, kind of event and the words of its first sentence."""
    first = min(distinct.mentions.all(), key=lambda mention: mention.start)
    words = " ".join(re.findall(r"\w+", first.surface.lower()))
    article = distinct.annotation.article_version.article_id
    return sha256(f"{article}|{distinct.type}|{words}".encode()).hexdigest()


def proposed_before(distinct: StoryEvent) -> Event | None:
    """Return what this article's sentence was made into before, and somebody decided about since.

    A new version of the pipeline may cut sentences elsewhere or name the type anew: an event of the same quad
    class proposed from overlapping words of the same article is the same proposal.
    """
    made = Event.objects.filter(fingerprint=fingerprint(distinct)).order_by("pk")
    event = made.exclude(settled_at=None).first()
    if event is not None:
        return end_of_merges(event)
    for mention in distinct.mentions.all():
        rows = Evidence.objects.filter(
            article_version=distinct.annotation.article_version,
            start__lt=mention.end,
            end__gt=mention.start,
        ).exclude(Q(event__fingerprint="") | Q(event__settled_at=None))
        for row in rows.select_related("event").order_by("pk"):
            if row.event.quad == QUAD[distinct.type] and _same_days(row.event, distinct):
                return end_of_merges(row.event)
    return None


def withdrawn(made_from: str) -> Event | None:
    """Return the proposal with this fingerprint that the machine itself withdrew."""
    rows = Event.objects.filter(fingerprint=made_from, settled_at=None)
    return rows.filter(status=Event.Status.REJECTED).order_by("pk").first()


def end_of_merges(event: Event) -> Event:
    """Follow merges to the event that stands for this one."""
    while event.merged_into is not None:
        event = event.merged_into
    return event


def _same_days(event: Event, distinct: StoryEvent) -> bool:
    if distinct.date_from is None or distinct.date_to is None:
        return True
    return event.start <= distinct.date_to and distinct.date_from <= event.end


def refusal(distinct: StoryEvent, world: World) -> str:
    """Return why the reading cannot become a proposal; empty where it can."""
    article = distinct.annotation.article_version.article
    if distinct.modality != Candidate.Modality.ACTUAL:
        return f"{distinct.get_modality_display()}, and no known event fits"
    if distinct.date_from is None or distinct.date_to is None:
        return "no day is told, and no known event fits"
    if distinct.precision == Event.Precision.YEAR:
        return "only the year is told, and no known event fits"
    if distinct.precision == "month" and distinct.role == StoryEvent.Role.BACKGROUND:
        return "told as background, with no more than its month, and no known event fits"
    if distinct.date_from > article.known_at.date() + timedelta(days=1):
        return "dated after the report itself, and no known event fits"
    parties = {*distinct.initiators, *distinct.targets}
    if not (world.named(parties) or any(_PROPER_NAME.search(party) for party in parties)):
        return "none of its parties is known or bears a name, and no known event fits"
    if QUAD[distinct.type] in _VERBAL and not world.named(distinct.targets):
        return "it is said to nobody known, and no known event fits"
    if distinct.confidence < LEAST_CONFIDENCE:
        return f"read with confidence {distinct.confidence:.2f} only, and no known event fits"
    return ""


def write(
    event: Event | None, leader: StoryEvent, known_at: datetime, world: World, by_label: str
) -> Event:
    """Make the proposal say what `leader` says, or make one; `known_at` (aware) is its first report's time.

    refusal() of the leader must be empty. A new one gets its first decision once its evidence is there.
    """
    values = _values(leader, world) | {"first_public_at": known_at}
    if event is None:
        event = Event.objects.create(public_id=next_public_id(values["start"]), **values)
        _take_part(event, leader, world)
        return event
    if event.status == Event.Status.REJECTED:
        curate.reopen(event, by_label=by_label, reason="A report tells it again.")
    before = snapshot(event)
    for name, value in values.items():
        setattr(event, name, value)
    event.save(update_fields=[*values, "updated_at"])
    _take_part(event, leader, world)
    if snapshot(event) != before:
        close(event, Decision.Action.EDIT, before, None, by_label, "Its first report is another.")
    return event


def _values(distinct: StoryEvent, world: World) -> dict[str, Any]:
    start, end = distinct.date_from, distinct.date_to
    if start is None or end is None:
        raise ValueError(f"story event {distinct.pk} has no day: it cannot be proposed")
    place = world.places.get(distinct.place)
    precision = distinct.precision or "day"
    return {
        "title": title(
            distinct.type,
            distinct.mode,
            [_name(who, world) for who in distinct.initiators],
            [_name(who, world) for who in distinct.targets],
            place.name if place else distinct.place,
        ),
        "type": distinct.type,
        "mode": distinct.mode,
        "start": start,
        "end": end,
        "precision": precision,
        "edtf": edtf_of(start, end, precision),
        "place": place,
        "geo_precision": _GEO_PRECISION[Place.Kind(place.kind)] if place else "unknown",
        "confidence": "medium" if distinct.confidence >= 0.6 else "low",
        "fingerprint": fingerprint(distinct),
    }


def _take_part(event: Event, leader: StoryEvent, world: World) -> None:
    """Give the event exactly the known participants of its leader, in their order."""
    wanted: dict[tuple[int, str], int] = {}
    for role, slugs in (("initiator", leader.initiators), ("target", leader.targets)):
        known = dict.fromkeys(world.actors[slug] for slug in slugs if slug in world.actors)
        wanted |= {(actor.pk, role): position for position, actor in enumerate(known)}
    for row in event.participations.all():
        position = wanted.pop((row.actor_id, row.role), None)
        if position is None:
            row.delete()
        elif position != row.position:
            row.position = position
            row.save(update_fields=["position"])
    Participation.objects.bulk_create(
        Participation(event=event, actor_id=actor, role=role, position=position)
        for (actor, role), position in wanted.items()
    )


def _name(who: str, world: World) -> str:
    return world.actors[who].name if who in world.actors else who
