"""What every answer shares: refusals, names, places and lists."""

from datetime import date

from ninja import Schema
from pydantic import Field


class Fault(Schema):
    """What is wrong with one parameter."""

    parameter: str = Field("", description="Its name; empty where no single one is at fault.")
    detail: str = Field(description="A sentence about it.")


class Problem(Schema):
    """A refusal, as RFC 9457 has it."""

    type: str = Field(description="An address that explains this kind of problem.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What is wrong, in a sentence.")
    errors: list[Fault] = Field([], description="The parameters at fault, where any are.")


class Named(Schema):
    """Somebody or something, with its page."""

    slug: str = Field(description="Its name in addresses.", examples=["iran-gov"])
    name: str = Field(examples=["Government of Iran"])
    page: str = Field(description="Address of its page.")


class Place(Schema):
    """A named place, WGS84. Its coordinates are the middle of an area, never a point."""

    slug: str = Field(examples=["ain-al-asad"])
    name: str = Field(examples=["Ain al-Asad Air Base"])
    kind: str = Field(description="country, region, city, site or sea.")
    country: str = Field(description="ISO 3166-1 alpha-3; XXX for none.", examples=["IRQ"])
    lat: float = Field(description="Degrees north.", examples=[33.8])
    lon: float = Field(description="Degrees east.", examples=[42.44])
    radius_km: float = Field(description="Half the width of the area meant.")
    inside: str = Field(description="Slug of the place that it is in; empty where none is known.")


class PlaceRow(Place):
    """A place of the list."""

    events: int = Field(description="Public events there; those in places inside it not counted.")


class Toll(Schema):
    """A number of people; “value” is null where no figure leads: the range stands then."""

    value: int | None = Field(description="The headline figure.", examples=[11])
    low: int | None = Field(description="The lowest figure that counts.")
    high: int | None = Field(description="The highest figure that counts.")


class Listed(Schema):
    """What every list says about itself."""

    next: str | None = Field(description="Address of the next page; null on the last.")
    as_of: date | None = Field(description="Known by the end of that day (UTC); null: now.")


class Places(Listed):
    """A page of places."""

    items: list[PlaceRow]
