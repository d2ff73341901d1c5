"""The events that a report or a proposal may be the same as: read by index, few, however many there are.

What can match lies within some days of it (an undated report: anywhere before it). Where more than `AT_MOST`
events lie there, those nearest in days are read, with those that share an actor, the place, or have a name
of their own; each of these ways brings a bounded number.
"""

from datetime import date, timedelta

from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.db.models.functions import Abs

from apps.events.comparing import window
from apps.events.happenings import Reported
from apps.events.known import World, as_reported, read_known, read_world
from apps.events.matching import Match, Matcher
from apps.events.models import Event, EventQuerySet

AT_MOST = 300
EACH_WAY = 100
Status = Event.Status


class Decided:
    """The decided events that the reports of one article may be about."""

    def __init__(self, world: World, published: date) -> None:
        """Read them all at once where they are few; `published` is the article's day."""
        self._world = world
        self._settled = Event.objects.settled()
        rows = self._settled.near(date.min, published + timedelta(days=1))
        ids = list(rows.order_by().values_list("pk", flat=True)[: AT_MOST + 1])
        few = Event.objects.filter(pk__in=ids)
        self._all = _matcher(few, world) if len(ids) <= AT_MOST else None

    def near(self, reported: Reported) -> Matcher:
        """Return a matcher of those that the report may be about."""
        if self._all is not None:
            return self._all
        return _matcher(_near(reported, self._settled, self._world), self._world)


def best_matches(event: Event, limit: int = 3) -> list[Match]:
    """Return the standing events most like `event`, best first: proposals and published ones.

    `Match.proposes_merge` tells those that look the same. The cost does not depend on the number of events.
    """
    world = read_world()
    (known,) = read_known(Event.objects.filter(pk=event.pk), world)
    first_known = event.first_public_at or event.created_at
    reported = as_reported(known, max(event.end, first_known.date()))
    standing = Event.objects.filter(status__in=[Status.PROPOSED, Status.PUBLISHED])
    others = _near(reported, standing.exclude(pk=event.pk), world)
    return _matcher(others, world).ranked(reported, limit=limit)


def _matcher(events: QuerySet[Event], world: World) -> Matcher:
    return Matcher(read_known(events, world), world.kinship, world.counts)


def _near(reported: Reported, among: EventQuerySet, world: World) -> QuerySet[Event]:
    """Return the events that `reported` may be about: all in its window, or of too many the likeliest."""
    first, last = window(reported)
    rows = among.near(first, last)
    ids = list(rows.order_by().values_list("pk", flat=True)[: AT_MOST + 1])
    if len(ids) > AT_MOST:
        ids = _likeliest(reported, rows, world)
    return Event.objects.filter(pk__in=ids)


def _likeliest(reported: Reported, rows: QuerySet[Event], world: World) -> list[int]:
    days = reported.days
    middle = days.start if days else reported.published
    nearest = rows.order_by(_distance(middle), "public_id")
    actors = _kin(reported, middle, world)
    places = [place.pk for slug in reported.places if (place := world.places.get(slug))]
    ways = [
        nearest,
        nearest.filter(participations__actor__slug__in=actors),
        nearest.filter(place__in=places),
        nearest.filter(~Q(names=[])),
    ]
    return sorted({pk for way in ways for pk in way.values_list("pk", flat=True)[:EACH_WAY]})


def _distance(day: date) -> Abs:
    """How many days an event begins from a day."""
    days = Func(
        F("start"), day, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
    return Abs(days)


def _kin(reported: Reported, on: date, world: World) -> list[str]:
    """Return the actors that the report names, and all that one of them may stand for."""
    named = reported.initiators | reported.targets
    close = world.kinship.closeness
    return [slug for slug in world.actors if any(close(one, slug, on) > 0 for one in named)]
