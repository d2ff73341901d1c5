"""Lexicons for the pipeline: actors, places and anchor events, from a dossier's files or from the database.

Anchors are events, which a later app keeps: its module `anchors`, imported at start-up, says how they are read.
"""

from collections.abc import Callable
from typing import Any

from apps.actors.models import Actor
from apps.annotations.pipeline.types import (
    ActorEntry,
    KnownEvent,
    Lexicon,
    PlaceEntry,
    RelationEntry,
    RoleEntry,
)
from apps.core.dossier import Dossier
from apps.places.models import Place

Item = dict[str, Any]
AnchorReader = Callable[[], tuple[KnownEvent, ...]]
_anchor_readers: list[AnchorReader] = []


def anchor_reader(read: AnchorReader) -> AnchorReader:
    """Have the decorated function asked for anchors whenever a lexicon is read from the database."""
    _anchor_readers.append(read)
    return read


def lexicon_from_dossier(dossier: Dossier) -> Lexicon:
    """The lexicon of a checked dossier: every actor and place, and the events that have `names` as anchors."""
    return Lexicon(
        actors=tuple(_actor_of_item(item) for item in dossier.actors),
        places=tuple(_place_of_item(item) for item in dossier.places),
        anchors=tuple(
            KnownEvent(
                item["id"],
                tuple(item["names"]),
                item["start"],
                item["end"],
                tuple(item.get("initiators", ())),
            )
            for item in dossier.events
            if item["names"]
        ),
    )


def _actor_of_item(item: Item) -> ActorEntry:
    roles = item["roles"]
    return ActorEntry(
        id=item["id"],
        name=item["name"],
        kind=item["kind"],
        country=item["country"],
        aliases=tuple(alias["name"] for alias in item["aliases"]),
        roles=tuple(
            RoleEntry(role["title"], role["organisation"], role["since"], role["until"])
            for role in roles
        ),
        relations=tuple(
            RelationEntry(relation["kind"], relation["to"], relation["since"], relation["until"])
            for relation in item["relations"]
        ),
    )


def _place_of_item(item: Item) -> PlaceEntry:
    return PlaceEntry(
        id=item["id"],
        name=item["name"],
        kind=item["kind"],
        country=item["country"],
        lat=item["lat"],
        lon=item["lon"],
        radius_km=item["radius_km"],
        parent=item["parent"],
        aliases=tuple(item["aliases"]),
    )


def lexicon_from_database() -> Lexicon:
    """The lexicon of the database: every standing actor and place, and the published events that have `names`.

    The number of queries does not depend on how many there are.
    """
    actors = (
        Actor.objects.standing()
        .order_by("slug")
        .prefetch_related("aliases", "roles__organisation", "relations_out__target")
    )
    return Lexicon(
        actors=tuple(_actor_of_row(actor) for actor in actors),
        places=tuple(
            _place_of_row(place)
            for place in Place.objects.standing().order_by("slug").select_related("parent")
        ),
        anchors=tuple(anchor for read in _anchor_readers for anchor in read()),
    )


def _actor_of_row(actor: Actor) -> ActorEntry:
    return ActorEntry(
        id=actor.slug,
        name=actor.name,
        kind=actor.kind,
        country=actor.country,
        aliases=tuple(alias.name for alias in actor.aliases.all()),
        roles=tuple(
            RoleEntry(
                role.title,
                role.organisation.slug if role.organisation else None,
                role.since,
                role.until,
            )
            for role in actor.roles.all()
        ),
        relations=tuple(
            RelationEntry(relation.kind, relation.target.slug, relation.since, relation.until)
            for relation in actor.relations_out.all()
        ),
    )


def _place_of_row(place: Place) -> PlaceEntry:
    return PlaceEntry(
        id=place.slug,
        name=place.name,
        kind=place.kind,
        country=place.country,
        lat=place.lat,
        lon=place.lon,
        radius_km=place.radius_km,
        parent=place.parent.slug if place.parent else None,
        aliases=tuple(place.aliases),
    )
