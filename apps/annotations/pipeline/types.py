"""Values that the stages of the pipeline hand to each other. Offsets count code points, end exclusive."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Modality = Literal["actual", "future", "hypothetical", "negated"]
Precision = Literal["day", "week", "month", "year"]
Act = Literal["asserts", "denies", "claims_responsibility", "accuses", "retracts", "declines"]
ClaimField = Literal["occurrence", "responsible", "killed", "wounded", "arrangement_holds", "other"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of the input text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the run's own characters."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two runs share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class ArticleInput:
    """One article as it comes in; `published` is the local publication day, None where unknown."""

    text: str
    title: str = ""
    published: date | None = None
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """Boilerplate that is never annotated."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class ActorMention:
    """A name, role phrase, metonym or resolved reference; `actor` is None for a name not in the lexicon."""

    span: Span
    surface: str
    actor: str | None
    kind: str  # alias | acronym | role | demonym | metonym | weak (an ordinary word) | coreference | unknown
    known: str | None = None  # the name of somebody well-known who is not in the lexicon


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place name; `place` is None where the lexicon has no entry."""

    span: Span
    surface: str
    place: str | None
    country: str | None  # ISO 3166-1 alpha-3
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, both included, and how precise the wording was."""

    start: date
    end: date
    precision: Precision


@dataclass(frozen=True, slots=True)
class DateMention:
    """A time expression and the days it names (None: an expression that names no day).

    `value` is the calendar unit of the wording ("mid-January": that January); `likely`, where set, the days
    that the wording and the publication day make likely: a part of the unit ("mid-January": the 11th to the
    20th, "earlier this year": until publication), a range ("from 3 to 5 May"), or a guess where there is no
    unit ("in recent months").
    """

    span: Span
    surface: str
    value: Interval | None
    likely: Interval | None = None

    @property
    def days(self) -> Interval | None:
        """The days to date an event by: the likely ones, else the unit."""
        return self.likely or self.value


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who the text says said it."""

    speaker: str  # actor id, or the surface where the speaker is not in the lexicon
    act: Act


@dataclass(slots=True)
class CodedEvent:
    """One coded event mention: who did what to whom, in one sentence."""

    sentence: Span
    trigger: Span
    type: str
    mode: str | None
    modality: Modality
    initiators: list[str]  # actor ids or surfaces
    targets: list[str]
    place: str | None = None
    date: Interval | None = None
    killed: int | None = None
    wounded: int | None = None
    attribution: Attribution | None = None
    confidence: float = 0.5
    why: str = ""  # trigger, rule and date expression in words, for the editor


@dataclass(slots=True)
class StoryEvent:
    """A distinct event of the article, after mentions of the same event were merged."""

    event: CodedEvent
    mentions: list[int]  # indices into Annotations.events
    role: Literal["main", "background"]


@dataclass(slots=True)
class CodedClaim:
    """Somebody says something about an event: the claim ledger's raw material."""

    span: Span  # the sentence or clause that says it
    speaker: str  # actor id or surface
    act: Act
    field: ClaimField
    value: str
    event: int | None  # index into Annotations.events
    earlier: bool = (
        False  # told as said before ("had first denied"): the speaker's newer words count
    )


@dataclass(slots=True)
class Annotations:
    """Everything the pipeline read in one article."""

    agency: str | None = None
    dateline: str | None = None
    removed: list[Removed] = field(default_factory=list)
    sentences: list[Span] = field(default_factory=list)
    actors: list[ActorMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    # Where the states lie whose names mean actors ("Turkish police", "Moscow said"): no event happens there.
    lands: list[PlaceMention] = field(default_factory=list)
    dates: list[DateMention] = field(default_factory=list)
    events: list[CodedEvent] = field(default_factory=list)
    claims: list[CodedClaim] = field(default_factory=list)
    story_events: list[StoryEvent] = field(default_factory=list)


# --- the lexicon: what the pipeline knows of a dossier (from its files, or from the database) ---------


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A title held by a person from a day to a day (None: open)."""

    title: str
    organisation: str | None  # actor id
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class RelationEntry:
    """member_of | part_of | commands | backs | ally_of | front_of, from one actor to another."""

    kind: str
    target: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ActorEntry:
    """One actor of the lexicon."""

    id: str
    name: str
    kind: str
    country: str  # ISO alpha-3, "XXX" where none
    aliases: tuple[str, ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    relations: tuple[RelationEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """One place of the lexicon."""

    id: str
    name: str
    kind: str  # country | region | city | site | sea
    country: str
    lat: float
    lon: float
    radius_km: float
    parent: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """A dated event that time expressions may lean on ("two days after the election")."""

    id: str
    names: tuple[str, ...]
    start: date
    end: date
    initiators: tuple[str, ...] = ()  # actor ids, as the dossier has them


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Actors, places and anchor events of a dossier."""

    actors: tuple[ActorEntry, ...] = ()
    places: tuple[PlaceEntry, ...] = ()
    anchors: tuple[KnownEvent, ...] = ()
