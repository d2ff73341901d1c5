"""What matching compares: an event as it is known, and one as an article reports it. Plain."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `start` to `end`, both included; precision: day | week | month | year."""

    start: date
    end: date
    precision: str = "day"

    def gap(self, other: "Days") -> int:
        """Return how many days lie between the two; 0 where they share a day."""
        return max(0, (self.start - other.end).days, (other.start - self.end).days)


@dataclass(frozen=True, slots=True)
class Known:
    """An event that stands, waits or was turned down; actors and place are slugs."""

    id: int
    label: str
    type: str
    mode: str
    days: Days
    initiators: frozenset[str]
    targets: frozenset[str]
    places: tuple[str, ...]  # the place's slug, then those it lies in
    killed: int | None = None
    wounded: int | None = None
    text: str = ""  # title, summary, sentences
    names: tuple[str, ...] = ()
    standing: bool = True  # False: rejected
    title: str = ""
    status: str = ""
    hosts: frozenset[str] = (
        frozenset()
    )  # the state it happened on: its bases are hit with their guests


@dataclass(frozen=True, slots=True)
class Reported:
    """A distinct event of an article; actors that are no slug say nothing here and are left out."""

    type: str
    mode: str
    days: Days | None
    initiators: frozenset[str]
    targets: frozenset[str]
    places: tuple[str, ...]
    published: date
    killed: int | None = None
    wounded: int | None = None
    text: str = ""  # the sentences that mention it
    alleged: bool = False  # somebody says so: whom he names as its doer rules nothing out
    actual: bool = True  # told as something that happened
    assumed: bool = (
        False  # the days are no words of the report: they speak for an event, not against one
    )

    @property
    def is_bare(self) -> bool:
        """Tell whether it names neither who nor where nor when: it points at what was told before."""
        return not (self.initiators or self.targets or self.places or self.days)


def slugs(names: Iterable[str], known: Container[str]) -> frozenset[str]:
    """Return those of `names` that are slugs of known actors."""
    return frozenset(name for name in names if name in known)
