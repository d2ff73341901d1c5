"""Timelines, their events, their index and what was read for them."""

from datetime import date

from ninja import Schema
from pydantic import Field

from apps.timelines.api.schemas.common import Listed, Named
from apps.timelines.api.schemas.events import EventBrief, EventRow


class Lane(Schema):
    """A swim lane: events between two sides."""

    slug: str
    label: str


class TimelineRow(Schema):
    """A dossier."""

    slug: str = Field(examples=["us-iran-2020"])
    code: str = Field(description="Prefix of its events' ids.", examples=["USIR"])
    title: str
    description: str
    start: date
    end: date
    focus_start: date = Field(description="The first of the days shown first.")
    focus_end: date
    formula: str = Field(description="Version of the index formula.", examples=["T1"])
    licence: str
    page: str
    events: str = Field(description="Address of its events here.")
    index: str = Field(description="Address of its index here.")


class Timeline(TimelineRow):
    """A dossier with what its rule of membership starts from."""

    event_count: int = Field(description="Public events, on whatever day.")
    actors: list[Named] = Field(description="In scope, with whoever acts for them.")
    places: list[str] = Field(description="In scope, with the places inside them.")
    lanes: list[Lane]


class Day(Schema):
    """The index of one day, 0 to 100."""

    day: date
    value: float
    low: float = Field(description="With every event at its lowest reading.")
    high: float
    load: float = Field(description="The sum behind it, before it is scaled.")
    api: str = Field(description="Address of what made this day.")


class Contribution(Schema):
    """What one event adds to a day."""

    event: EventBrief
    load: float
    share: float = Field(description="Its part of all that adds, 0 to 1.")


class DayApart(Schema):
    """One day of the index taken apart, the largest part first."""

    timeline: str
    day: date
    formula: str
    as_of: date | None
    value: float
    low: float
    high: float
    load: float
    contributions: list[Contribution]


class Timelines(Listed):
    """A page of timelines."""

    items: list[TimelineRow]


class Events(Listed):
    """A page of a timeline's events."""

    total: int = Field(description="Events that match, on all pages.")
    page: str = Field(description="Address of the same view for readers.")
    licence: str
    items: list[EventRow]


class Index(Listed):
    """The index of a timeline by day."""

    formula: str
    page: str
    licence: str
    items: list[Day]


class Covered(Schema):
    """What was read on some days."""

    start: date
    end: date
    alive: int = Field(description="Feeds that were read with success, on the best of the days.")
    feeds: int = Field(description="Feeds that are followed.")
    articles: int = Field(description="Articles published on these days.")
    undated: int = Field(
        description="Articles without a date that were first seen then; not among the articles."
    )


class Coverage(Schema):
    """What was read of a timeline's feeds."""

    words: str = Field(description="The gaps in a sentence; empty where there is none.")
    as_of: date | None
    items: list[Covered] = Field(description="In order, at most 120 spans of days.")
