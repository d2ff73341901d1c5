"""In which lane an event stands, where lanes are actors or places: worked out from who took part, and where."""

from datetime import date
from functools import cache

from django.db.models import OuterRef, Subquery

from apps.actors.models import Actor, Relation
from apps.events.models import EventQuerySet, Participation
from apps.places.models import Place
from apps.timelines.filters import OTHER_LANE
from apps.timelines.kinship import Ladder

# They answer for themselves, also as members of a club or, on paper, as parts of somebody's forces.
ALONE = (Actor.Kind.STATE, Actor.Kind.GOVERNMENT, Actor.Kind.ARMED_GROUP)


def actors_of(events: EventQuerySet) -> dict[int, str]:
    """Return for each event the slug of the actor that its first initiator acts for; three queries."""
    first = Participation.objects.filter(event=OuterRef("pk"), role=Participation.Role.INITIATOR)
    rows = list(
        events.order_by()
        .annotate(first=Subquery(first.order_by("position", "pk").values("actor")[:1]))
        .values_list("pk", "first", "start", "end")
    )
    # After the events, so that everybody who takes part is known.
    pairs = Relation.objects.upward().values_list("source_id", "target_id", "since", "until")
    slugs = dict(Actor.objects.values_list("pk", "slug"))
    alone = Actor.objects.filter(kind__in=ALONE).values_list("pk", flat=True)
    ladder = Ladder(pairs, frozenset(alone))

    @cache
    def top(actor: int, start: date, end: date) -> str:
        return slugs[ladder.top(actor, start, end)]

    return {
        pk: OTHER_LANE if actor is None else top(actor, start, end)
        for pk, actor, start, end in rows
    }


def tops_of_places() -> dict[int, str]:
    """Return for each place the slug of the country around it, or of the outermost place; one query."""
    rows = Place.objects.values_list("pk", "slug", "kind", "parent_id")
    places = {pk: (slug, kind, parent) for pk, slug, kind, parent in rows}
    found = {}
    for pk in places:
        top, seen = pk, {pk}
        while places[top][1] != Place.Kind.COUNTRY:
            parent = places[top][2]
            if parent is None or parent in seen:
                break
            seen.add(parent)
            top = parent
        found[pk] = places[top][0]
    return found
