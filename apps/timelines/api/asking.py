"""The parameters that requests may carry. A timeline's are the words of its page's address (filters.py)."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field

from apps.actors.models import Actor
from apps.events.models import Event
from apps.places.models import Place
from apps.timelines.api.paging import DEFAULT, MOST
from apps.timelines.api.schemas import EventType

LONGEST_SERIES = 3660
MOST_PAGES = 100


def _iso(value: Any) -> Any:
    """Days are written one way: pydantic would take numbers for seconds since 1970."""
    if isinstance(value, date) or (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    ):
        return value
    raise ValueError("write a day as 2020-01-31")


IsoDay = Annotated[date, BeforeValidator(_iso)]
Yes = Literal["1", "0"]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=100)]


class AsOf(Schema):
    """The clock of every answer."""

    as_of: IsoDay | None = Field(
        None,
        description="Answer as known by the end of that day (UTC). Without it: as known now.",
        examples=["2020-01-17"],
    )


class Paged(AsOf):
    """A list in pages."""

    limit: int = Field(DEFAULT, ge=1, le=MOST, description="Rows a page.")
    cursor: str = Field(
        "", max_length=500, description="Where to go on: from the next address of the page before."
    )


class Days(AsOf):
    """Days of a timeline."""

    first: IsoDay | None = Field(
        None, alias="from", description="First day. Without from and to: the days shown first."
    )
    last: IsoDay | None = Field(None, alias="to", description="Last day, included.")


class Filtered(Days):
    """The filters of a timeline: values of one widen it, different filters narrow each other."""

    actor: list[Slug] = Field([], description="Actors by slug, with whoever acts for them.")
    alone: Yes = Field("0", description="1: the actors themselves, without who acts for them.")
    dyad: list[Slug] = Field([], description="Lanes by slug; “other” for events of none.")
    type: list[EventType] = Field(  # type: ignore[valid-type]
        [], description="PLOVER event types."
    )
    place: list[Slug] = Field([], description="Places by slug, with the places inside them.")
    precision: list[Literal[tuple(Event.Precision.values)]] = Field(  # type: ignore[valid-type]
        [], description="How precisely the days are known."
    )
    severity: int = Field(0, ge=0, le=20, description="At least so severe, either way.")
    reports: int = Field(0, ge=0, le=99, description="At least so many independent reports.")
    q: str = Field(
        "", max_length=200, description="Words of title, summary, id or place; each must be in it."
    )
    contested: Yes = Field("0", description="1: only events about which voices differ.")


class View(Filtered, Paged):
    """The filters of a timeline's events, in pages."""

    lanes: Literal["dyad", "actor", "type", "place"] = Field(
        "dyad", description="As on the page: which lane the events are told with."
    )


class Loudest(Filtered):
    """The filters of a timeline's signals, in pages."""

    page: int = Field(1, ge=1, le=MOST_PAGES, description="Page of fifty rows.")


class Series(Days):
    """Days of an index."""

    limit: int = Field(366, ge=1, le=LONGEST_SERIES, description="Days a page.")
    cursor: str = Field("", max_length=500, description="Where to go on.")


class ActorsAsked(Paged):
    """What narrows the list of actors."""

    q: str = Field("", max_length=100, description="Part of a name or of an alias.")
    kind: Literal[tuple(Actor.Kind.values)] | None = Field(None, description="Kind of actor.")  # type: ignore[valid-type]
    country: str | None = Field(
        None,
        pattern="^[A-Z]{3}$",
        description="ISO 3166-1 alpha-3; XXX for none.",
        examples=["IRN"],
    )


class PlacesAsked(Paged):
    """What narrows the list of places."""

    kind: Literal[tuple(Place.Kind.values)] | None = Field(None, description="Kind of place.")  # type: ignore[valid-type]
    country: str | None = Field(
        None, pattern="^[A-Z]{3}$", description="ISO 3166-1 alpha-3.", examples=["IRQ"]
    )


class SearchAsked(AsOf):
    """What is looked for, and where."""

    q: str = Field(
        "",
        max_length=200,
        description="Words, “phrases” and -unwanted words; the last word may be the beginning of one.",
        examples=["Qasem Suleimani"],
    )
    kind: Literal["all", "events", "actors", "articles"] = Field(
        "all", description="Of one kind in pages, or the first few of each."
    )
    timeline: Slug | None = Field(None, description="Events of one timeline, by slug.")
    type: EventType | None = Field(  # type: ignore[valid-type]
        None, description="Events of one PLOVER type."
    )
    year: int | None = Field(None, ge=1900, le=2100, description="Events of one year.")
    sort: Literal["best", "new"] = Field("best", description="new: the newest events first.")
    page: int = Field(1, ge=1, le=MOST_PAGES, description="Page of twenty rows of one kind.")
