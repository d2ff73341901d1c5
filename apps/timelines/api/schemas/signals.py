"""Machine-coded signals behind a timeline's events."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field


class SignalBucket(Schema):
    """Machine-coded signals that begin on some days."""

    start: date
    end: date
    count: int
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int
    severity: float = Field(description="Minus the PLOVER scores of their classes, added up.")


class Signals(Schema):
    """How many machine-coded, unchecked signals lie behind a view: no part of its events or index."""

    total: int
    unit: str = Field(
        description="day, week or month: how long a bucket is, cut to the days shown."
    )
    coded_by: list[str] = Field(description="Who coded them.")
    words: str = Field(description="Why nothing is told; empty where it is.")
    page: str = Field(description="Address of the same view for readers.")
    as_of: date | None
    items: list[SignalBucket] = Field(description="In order, without a gap, at most 400.")


class SignalRow(Schema):
    """One machine-coded signal, unchecked."""

    id: str = Field(description="The source's own id.")
    coded_by: str
    start: date
    end: date
    precision: str
    known_at: datetime
    type: str = Field(description="PLOVER event type.", examples=["ASSAULT"])
    mode: str
    code: str = Field(description="As the source has it.")
    severity: float = Field(description="Minus the PLOVER score of its class.")
    initiator: str
    target: str
    place: str
    mentions: int
    url: str


class LoudestSignals(Schema):
    """The signals of a view that are most severe and most told of, 50 a page."""

    total: int
    words: str = Field(description="Why nothing is told; empty where it is.")
    as_of: date | None
    items: list[SignalRow]


class SignalLoad(Schema):
    """What the signals of a day add up to by the index's memory; not on the index's scale."""

    day: date
    load: float


class SignalLoads(Schema):
    """The load of all signals in a timeline's scope, by day."""

    as_of: date | None
    items: list[SignalLoad]
