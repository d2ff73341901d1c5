"""What files tell of an event: values in words that every format can hold."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from apps.places.models import Place

# Characters that neither XML nor calendars may hold, nor surrogates that stand alone.
_UNPRINTED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return text without the characters that some format may not hold."""
    return _UNPRINTED.sub("", text)


@dataclass(frozen=True, slots=True)
class Party:
    """An actor with its part: initiator, target or other."""

    slug: str
    name: str
    kind: str
    role: str
    page: str  # its path on this site


@dataclass(frozen=True, slots=True)
class Source:
    """What one piece of evidence stands on; `quote` is its sentence, "" for a page that is cited whole."""

    publisher: str
    title: str
    url: str
    stance: str
    published_on: date | None
    known_at: datetime
    quote: str
    sample: bool  # written for this project: confirms nothing


@dataclass(frozen=True, slots=True)
class Said:
    """A claim; `words` is what it says without its speaker."""

    pk: int
    speaker: str
    act: str
    field: str
    number: int | None
    value: str
    words: str
    said_from: date | None
    said_to: date | None
    known_at: datetime
    source: str  # the address of what reports it, "" where none is told


@dataclass(frozen=True, slots=True)
class Tie:
    """A link from this event to an earlier or larger one."""

    kind: str
    words: str
    event: str
    note: str


@dataclass(frozen=True, slots=True)
class Toll:
    """The headline figure and the lowest and highest that is claimed; None: not known."""

    value: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One event as the files tell it, as of the view's day."""

    id: str
    title: str
    summary: str  # "" where it may tell of what became known after the day
    type: str
    mode: str
    quad: int
    plover_score: float
    severity: float
    start: date
    end: date
    precision: str
    edtf: str
    place: Place | None
    geo_precision: str
    killed: Toll
    wounded: Toll
    contested: bool
    denied: bool
    confidence: str
    reports: int
    known_at: datetime
    told_at: datetime  # when the newest of what the row tells became known
    page: str  # its path on this site
    parties: tuple[Party, ...]
    sources: tuple[Source, ...] = ()
    claims: tuple[Said, ...] = ()
    links: tuple[Tie, ...] = field(default=())

    def names(self, role: str) -> list[str]:
        """Return the names of those who have that role."""
        return [party.name for party in self.parties if party.role == role]
