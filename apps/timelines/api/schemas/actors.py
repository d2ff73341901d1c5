"""Actors, what they did and said."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from apps.timelines.api.schemas.common import Listed, Named
from apps.timelines.api.schemas.events import Event, EventBrief


class ActorRow(Schema):
    """An actor of the list."""

    slug: str = Field(examples=["iran-gov"])
    name: str
    kind: str = Field(
        description="state, government, armed_forces, armed_group, organisation, media, ..."
    )
    country: str = Field(description="ISO 3166-1 alpha-3; XXX for none.")
    code: str = Field(description="CAMEO style; may be empty.")
    events: int = Field(description="Public events it takes part in itself.")
    page: str
    api: str


class Relation(Schema):
    """How the actor stands to another one."""

    words: str = Field(examples=["is part of"])
    actor: Named
    since: date | None
    until: date | None
    past: bool
    disputed: bool


class Role(Schema):
    """A title held by a person at an organisation."""

    title: str
    person: Named
    organisation: Named | None
    since: date | None
    until: date | None


class Said(Schema):
    """A claim that the actor made."""

    event: EventBrief
    act: str
    field: str
    says: str
    known_at: datetime


class Actor(ActorRow):
    """An actor with everything its page shows; its events have a list of their own."""

    aliases: list[str]
    active_from: date | None
    active_to: date | None
    relations: list[Relation]
    roles: list[Role] = Field(description="That this person held.")
    holders: list[Role] = Field(description="Held at this organisation.")
    claims: list[Said] = Field(description="The newest sixty.")
    event_list: str = Field(description="Address of its events here.")


class Actors(Listed):
    """A page of actors."""

    items: list[ActorRow]


class ActorEvents(Listed):
    """A page of the events that an actor takes part in."""

    items: list[Event]
