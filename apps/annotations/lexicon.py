"""Lexicons for the pipeline: actors, places and anchor events, from a dossier's files or from the database."""

from typing import Any

from django.apps import apps

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
    """The lexicon of the database: every actor and place, and the published events that have `names`.

    The number of queries does not depend on how many there are.
    """
    actors = Actor.objects.order_by("slug").prefetch_related(
        "aliases", "roles__organisation", "relations_out__target"
    )
    return Lexicon(
        actors=tuple(_actor_of_row(actor) for actor in actors),
        places=tuple(
            _place_of_row(place)
            for place in Place.objects.order_by("slug").select_related("parent")
        ),
        anchors=_anchors(),
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


def _anchors() -> tuple[KnownEvent, ...]:
    """Published events that articles lean dates on.

    The model is asked for by name: `apps.events` builds on this app, which must not import it.
    """
    events = apps.get_model("events", "Event").objects.public().exclude(names=[])
    return tuple(
        KnownEvent(
            event.key or event.public_id,
            tuple(event.names),
            event.start,
            event.end,
            tuple(p.actor.slug for p in event.participations.all() if p.role == "initiator"),
        )
        for event in events.order_by("start", "id").prefetch_related("participations__actor")
    )
