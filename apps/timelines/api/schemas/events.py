"""Events: in one line, as lists give them, and whole."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from apps.timelines.api.schemas.common import Named, Place, Toll

IDENTIFIER = "USIR-20200108-1"


class Part(Schema):
    """An actor's part in an event."""

    actor: Named
    role: str = Field(description="initiator, target or other.")


class EventBrief(Schema):
    """An event in one line."""

    id: str = Field(examples=[IDENTIFIER])
    title: str
    start: date = Field(description="First day, local.")
    end: date = Field(description="Last day, included.")
    precision: str = Field(
        description="How precisely the days are known: day, week, month or year."
    )
    type: str = Field(description="PLOVER event type.", examples=["ASSAULT"])
    quad: int = Field(
        description="1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict."
    )
    page: str = Field(description="Address of its page.")
    api: str = Field(description="Address of the whole event here.")


class Event(EventBrief):
    """An event as lists give it."""

    edtf: str = Field(description="Its days in Extended Date/Time Format, level 1.")
    mode: str = Field(description="PLOVER mode; empty where the type has none.")
    summary: str = Field(
        description="Empty where more became known after as_of: it may tell of that."
    )
    place: Place | None
    geo_precision: str = Field(description="How precisely the place is known.")
    participants: list[Part]
    killed: Toll
    wounded: Toll
    contested: bool = Field(description="Voices differ about it (see its claims).")
    denied: bool = Field(description="Somebody's standing word is that it did not happen.")
    confidence: str = Field(description="high, medium or low.")
    severity: float = Field(
        description="Of the index formula: above zero conflict, below cooperation."
    )
    first_public_at: datetime = Field(description="When it was first reported.")


class EventRow(Event):
    """An event of a timeline."""

    lane: str = Field(description="Slug of its lane; “other” where none fits.")
    reports: int = Field(description="Independent reports that tell of it.")


class Source(Schema):
    """A publisher."""

    name: str
    kind: str = Field(description="wire, newspaper, broadcaster, state_media, government, ...")
    reliability: str = Field(description="Admiralty scale, A to F.")


class ArticleBrief(Schema):
    """An article in one line."""

    id: int
    title: str
    source: Source | None
    published_at: datetime | None
    published_precision: str = Field(description="instant, day or unknown.")
    url: str = Field(description="Where it was published.")
    page: str = Field(description="Address of its page here.")
    api: str


class Evidence(Schema):
    """A sentence of an article, or a cited page, that bears on the event."""

    id: int
    stance: str = Field(description="supports, contradicts or mentions.")
    known_at: datetime = Field(description="When it was reported.")
    quote: str = Field(description="The sentence; may be empty for a cited page.")
    page: str = Field(description="Address of the sentence in its article; of the cited page.")
    publisher: str
    published_on: date | None = Field(description="Of a cited page.")
    article: ArticleBrief | None
    notes: list[str] = Field(
        description="What became of its source since: corrected, taken back, gone."
    )


class Report(Schema):
    """What has one origin: copies of one text and pages that carry one wire count as one report."""

    title: str
    wire: str = Field(description="The wire that makes them one; empty where that is not why.")
    sample: bool = Field(description="Written for a demonstration: counts as no report.")
    evidence: list[Evidence]


class Claim(Schema):
    """Somebody says something about one field of the event."""

    id: int
    field: str = Field(
        description="killed, wounded, responsible, occurrence, arrangement_holds, other."
    )
    speaker: str
    speaker_slug: str = Field(description="Empty where the speaker is no known actor.")
    act: str = Field(
        description="asserts, denies, claims_responsibility, accuses, retracts or declines."
    )
    says: str = Field(description="The claim in words.")
    value: str
    number: int | None
    said_from: date | None
    said_to: date | None
    known_at: datetime = Field(description="When it was reported that it was said.")
    state: str = Field(description="stands, replaced, retracted or denied.")
    fate: str = Field(description="What became of it, in a sentence.")
    leads: bool = Field(description="A headline value rests on it.")
    evidence: int | None = Field(description="The evidence (by id) that it rests on.")


class Link(Schema):
    """How another event stands to this one."""

    words: str = Field(examples=["retaliates for"])
    event: EventBrief
    latency: str = Field(description="The days between the two, in words.")
    note: str


class Severity(Schema):
    """What the event weighs in the index, term by term."""

    base: float = Field(description="Minus the PLOVER score.")
    magnitude: float
    rank: float
    soil: float
    total: float
    weight: float = Field(description="By confidence and denial, 0 to 1.")
    formula: str = Field(examples=["T1"])


class EventWhole(Event):
    """An event with everything its page shows."""

    reports: int = Field(description="Independent reports that tell of it.")
    reports_words: str = Field(description="The same in words, with those to the contrary.")
    why: list[str] = Field(description="How the headline figures came about, in sentences.")
    contested_why: list[str]
    claims: list[Claim] = Field(description="In the order in which they became known.")
    evidence: list[Report] = Field(description="By independent report, samples last.")
    before: list[Link] = Field(description="What it answers to.")
    after: list[Link] = Field(description="What answered to it.")
    severity_terms: Severity
    timelines: list[Named]
    cite: str = Field(description="The address to cite: this event as known on that day.")
