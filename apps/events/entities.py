"""What merging and splitting actors and places means for the events: a decision on each, nothing said twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.core import moving
from apps.events import curate
from apps.events.merging import claim_key
from apps.events.models import Claim, Event, Standing
from apps.events.snapshot import snapshot
from apps.places.models import Place


@moving.around(Actor)
@contextmanager
def of_actor(loser: Actor, gainer: Actor, by: User, reason: str) -> Iterator[None]:
    """Record what changes on the events in which the actor takes part or speaks."""
    concerned = Q(participations__actor=loser) | Q(claims__speaker=loser)
    with _recorded(concerned, by, reason):
        yield


@moving.around(Place)
@contextmanager
def of_place(loser: Place, gainer: Place, by: User, reason: str) -> Iterator[None]:
    """Record what changes on the events at the place."""
    with _recorded(Q(place=loser), by, reason):
        yield


@contextmanager
def _recorded(concerned: Q, by: User, reason: str) -> Iterator[None]:
    """Decide on the events that changed: their headline is derived again, and the timelines are woken."""
    pks = Event.objects.filter(concerned).order_by("pk").values_list("pk", flat=True).distinct()
    events = {event.pk: snapshot(event) for event in Event.objects.filter(pk__in=list(pks))}
    yield
    for event in Event.objects.filter(pk__in=events):
        _say_once(event)
        curate.edited(event, before=events[event.pk], by=by, reason=reason)


def _say_once(event: Event) -> None:
    """Of claims that became the same keep one: a published one before others, then the first known."""
    kept: dict[tuple[object, ...], Claim] = {}
    order = {Standing.PUBLISHED: 0, Standing.PROPOSED: 1}
    for claim in sorted(event.claims.all(), key=lambda row: order.get(Standing(row.standing), 2)):
        first = kept.setdefault(claim_key(claim), claim)
        if first is not claim:
            claim.answered_by.exclude(pk=first.pk).update(answers=first)
            claim.delete()
