"""Who acts on whom in a view: counts by pair, the picture made of them, and the events of one pair."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, FilteredRelation, Q
from django.utils.translation import gettext

from apps.actors.models import Actor
from apps.core import plover
from apps.events.models import Event, Participation
from apps.timelines.drawing import network as drawing
from apps.timelines.drawing.network import Party, Tie
from apps.timelines.filters import Query
from apps.timelines.queries.panel import Panel, address, read_panel
from apps.timelines.queries.selection import Selection

MOST_ROWS: Final = 100  # pairs of the table; the rest is counted
MOST_EVENTS: Final = 200  # of one pair
BY, AT = "by", "at"


@dataclass(frozen=True, slots=True)
class Pair:
    """One acts on another: in how many events, and where they are listed."""

    by: Actor
    at: Actor
    tie: Tie
    href: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The events of one pair; `more` counts those that are not listed."""

    by: Actor
    at: Actor
    events: list[tuple[Event, str]]  # each with its place on the timeline
    total: int
    more: int


@dataclass(frozen=True)
class NetworkView:
    """A view as a network, ready for its template."""

    panel: Panel
    picture: drawing.Network
    pairs: list[Pair]
    more_pairs: int
    opened: Opened | None
    alone: int  # events in which nobody acts on anybody
    closed_href: str
    nodes: list[tuple[drawing.Node, str]]  # each with its events on the timeline
    curves: list[tuple[drawing.Curve, str]]  # each with the list of its events


def ties(events: Any) -> list[Tie]:
    """Count in how many of the events (a query set) who acts on whom; the most frequent first. One query.

    An event of several doers and several targets counts for each pair of them.
    """
    rows = (
        Event.objects.filter(pk__in=events.order_by().values("pk"))
        .order_by()
        .annotate(
            doing=FilteredRelation(
                "participations", condition=Q(participations__role=Participation.Role.INITIATOR)
            ),
            done=FilteredRelation(
                "participations", condition=Q(participations__role=Participation.Role.TARGET)
            ),
        )
        .filter(doing__isnull=False, done__isnull=False)
        .values_list("doing__actor__slug", "done__actor__slug", "type")
        .annotate(count=Count("pk", distinct=True))
    )
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for by, at, type_, count in rows:
        counts[by, at][0 if plover.QUAD[type_] >= 3 else 1] += count
    found = [Tie(by, at, conflict, other) for (by, at), (conflict, other) in counts.items()]
    return sorted(found, key=lambda tie: (-tie.count, tie.by, tie.at))


def between(events: Any, by: Actor, at: Actor) -> Any:
    """Return those of the events (a query set) in which one acts on the other."""
    roles = Participation.Role
    doing = Participation.objects.filter(actor=by, role=roles.INITIATOR).values("event")
    done = Participation.objects.filter(actor=at, role=roles.TARGET).values("event")
    return events.filter(pk__in=doing).filter(pk__in=done)


def read_network(chosen: Selection, query: Query) -> NetworkView:
    """Read the network of a view; `query` may name the pair whose events are listed: `by` and `at`."""
    found = ties(chosen.events)
    actors = Actor.objects.in_bulk(
        {slug for tie in found for slug in (tie.by, tie.at)}, field_name="slug"
    )
    parties = {slug: Party(slug, a.name, a.country) for slug, a in actors.items()}
    picture = drawing.network(parties, found)
    total = chosen.events.count()
    faults: list[str] = []
    opened = _opened(chosen, query, faults)
    return NetworkView(
        panel=read_panel(chosen, total, faults),
        picture=picture,
        pairs=[
            Pair(actors[t.by], actors[t.at], t, _listed(chosen, t.by, t.at))
            for t in found[:MOST_ROWS]
        ],
        more_pairs=max(0, len(found) - MOST_ROWS),
        opened=opened,
        alone=total - _told(chosen),
        closed_href=address("network", chosen),
        nodes=[(node, _of_actor(chosen, node.party.slug)) for node in picture.nodes],
        curves=[(c, _listed(chosen, c.tie.by, c.tie.at)) for c in picture.curves],
    )


def _told(chosen: Selection) -> int:
    """Count the events in which somebody acts on somebody."""
    roles = Participation.Role
    doing = Participation.objects.filter(role=roles.INITIATOR).values("event")
    done = Participation.objects.filter(role=roles.TARGET).values("event")
    return chosen.events.filter(pk__in=doing).filter(pk__in=done).count()


def _opened(chosen: Selection, query: Query, faults: list[str]) -> Opened | None:
    asked = {name: next(iter(query.getlist(name)), "")[:100] for name in (BY, AT)}
    if not any(asked.values()):
        return None
    missing = [slug for slug in asked.values() if slug not in chosen.actors]
    if missing:
        words = gettext("There is no actor “%(asked)s”; by and at name an actor each.")
        faults.append(words % {"asked": missing[0]})
        return None
    by, at = chosen.actors[asked[BY]], chosen.actors[asked[AT]]
    events = between(chosen.events, by, at).order_by("-start", "-public_id")
    shown = list(events[:MOST_EVENTS])
    chosen.scope.then.onto(shown)
    total = events.count() if len(shown) == MOST_EVENTS else len(shown)
    links = [(event, _on_timeline(chosen, event)) for event in shown]
    return Opened(by, at, links, total, total - len(shown))


def _on_timeline(chosen: Selection, event: Event) -> str:
    return address("timeline", chosen, chosen.filters.changed(event=event.public_id, day=None))


def _of_actor(chosen: Selection, slug: str) -> str:
    """Return the timeline with the events of one actor alone."""
    return address("timeline", chosen, chosen.filters.changed(actors=(slug,), alone=True, event=""))


def _listed(chosen: Selection, by: str, at: str) -> str:
    return f"{address('network', chosen, by=by, at=at)}#pair"
