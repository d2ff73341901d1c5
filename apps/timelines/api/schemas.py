"""The words of the answers: what each value means stands in the published description (OpenAPI)."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from apps.core import plover

EventType = Literal[tuple(plover.TYPES)]  # type: ignore[valid-type]
IDENTIFIER = "USIR-20200108-1"


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


class Version(Schema):
    """One text of an article, as it was fetched."""

    number: int
    fetched_at: datetime


class Quoted(Schema):
    """A sentence of the article that a public event rests on."""

    event: EventBrief
    stance: str
    quote: str
    version: int
    start: int = Field(description="First character in the text of that version.")
    end: int
    page: str = Field(description="Address of the sentence.")


class Article(ArticleBrief):
    """An article: about it, and the sentences that public events rest on. Its text is not given."""

    agency: str
    dateline: str
    language: str
    first_seen_at: datetime
    project_written: bool = Field(
        description="A sample written for a demonstration, not journalism."
    )
    notes: list[str] = Field(description="Taken back by its publisher, or gone.")
    versions: list[Version] = Field(description="Newest first.")
    quotes: list[Quoted]


class Listed(Schema):
    """What every list says about itself."""

    next: str | None = Field(description="Address of the next page; null on the last.")
    as_of: date | None = Field(description="Known by the end of that day (UTC); null: now.")


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
    articles: int
    undated: int = Field(description="Articles without a date, counted when they were first seen.")


class Coverage(Schema):
    """What was read of a timeline's feeds."""

    words: str = Field(description="The gaps in a sentence; empty where there is none.")
    as_of: date | None
    items: list[Covered] = Field(description="In order, at most 120 spans of days.")


class Actors(Listed):
    """A page of actors."""

    items: list[ActorRow]


class ActorEvents(Listed):
    """A page of the events that an actor takes part in."""

    items: list[Event]


class Places(Listed):
    """A page of places."""

    items: list[PlaceRow]
