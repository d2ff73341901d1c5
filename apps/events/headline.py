"""The headline values of an event, derived from its claims by a written rule. Plain: values in, values out.

The rule, for the killed and for the wounded, over the claims that count (see ledger.py):
1. The latest figure of an official of the affected side (a target's government, or the place's).
2. Without one, the figure that most independent reports tell (see independence.py): one wire in twelve outlets
   is one report. A figure whose page is not told counts as one report; samples count as none.
3. Where no figure leads, there is no single value: the range from lowest to highest stands.
An event is contested while figures that count differ, while something is asserted by one voice and denied by
another, or while a denial of a claim stands. It is denied while any voice's word is that it did not happen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from apps.events.independence import Count, count
from apps.events.ledger import (
    DENIES,
    DISPUTABLE,
    FOR,
    TOLLS,
    ClaimValue,
    State,
    Stated,
    current,
    known_by,
    ledger,
)

__all__ = [
    "DISPUTABLE",
    "FOR",
    "TOLLS",
    "ClaimValue",
    "Dispute",
    "Figure",
    "Headline",
    "Rule",
    "Toll",
    "current",
    "headline",
    "known_by",
]


class Rule(StrEnum):
    """Which step of the rule gave a figure."""

    NONE = ""
    OFFICIAL = "official"
    ONLY = "only"
    REPORTS = "reports"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that is told, the claims that tell it, and in how many independent reports."""

    number: int
    claims: tuple[ClaimValue, ...]

    @property
    def count(self) -> Count:
        """What it is told in."""
        return count(piece for claim in self.claims for piece in claim.pieces)

    @property
    def reports(self) -> int:
        """The independent reports; a claim whose page is not told is one of them, but no further one."""
        untold = any(not claim.pieces for claim in self.claims)
        return max(self.count.reports, int(untold))


@dataclass(frozen=True, slots=True)
class Toll:
    """The headline figure of one field: `value` is None where there is none, or only a range.

    `basis` are the claims that give the value; `figures` all that count, lowest first.
    """

    value: int | None = None
    rule: Rule = Rule.NONE
    basis: tuple[ClaimValue, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def low(self) -> int | None:
        """The lowest figure."""
        return self.figures[0].number if self.figures else None

    @property
    def high(self) -> int | None:
        """The highest figure."""
        return self.figures[-1].number if self.figures else None

    @property
    def contested(self) -> bool:
        """Figures that count differ."""
        return len(self.figures) > 1

    @property
    def words(self) -> str:
        """Which step gave it, in a few words; empty where nobody gave a figure."""
        if not self.basis:
            return ""
        speaker = self.basis[-1].speaker
        if self.rule == Rule.OFFICIAL:
            return f"latest official figure of the affected side ({speaker})"
        if self.rule == Rule.ONLY:
            return f"only figure given ({speaker})"
        if self.rule == Rule.RANGE:
            return f"no figure leads: range of {len(self.figures)} figures"
        reports = {figure.number: figure.reports for figure in self.figures}
        most = max(reports.values())
        return f"told by most independent reports ({most} of {sum(reports.values())})"


@dataclass(frozen=True, slots=True)
class Dispute:
    """What is said of one field, and who denies it."""

    field: str
    said: tuple[ClaimValue, ...]
    denied: tuple[ClaimValue, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """What an event's page says first, and why."""

    killed: Toll = field(default_factory=Toll)
    wounded: Toll = field(default_factory=Toll)
    disputes: tuple[Dispute, ...] = ()
    denied: bool = False

    @property
    def contested(self) -> bool:
        """It is in dispute."""
        return self.killed.contested or self.wounded.contested or bool(self.disputes)

    @property
    def rule(self) -> str:
        """Why, in a line."""
        tolls = zip(TOLLS, (self.killed, self.wounded), strict=True)
        parts = [f"{name}: {toll.words}" for name, toll in tolls if toll.words]
        if self.disputes:
            names = dict.fromkeys(row.field.replace("_", " ") for row in self.disputes)
            parts.append(f"asserted and denied: {', '.join(names)}")
        return "; ".join(parts)


def headline(claims: Iterable[ClaimValue], instant: datetime | None = None) -> Headline:
    """Derive the headline from claims given in the order they were recorded, as known at `instant`."""
    return derive(ledger(claims, instant))


def derive(rows: Sequence[Stated]) -> Headline:
    """Derive the headline from a ledger."""
    counting = [row for row in rows if row.current]
    denials = [row.claim for row in counting if row.claim.act == DENIES]
    return Headline(
        killed=_toll(counting, "killed"),
        wounded=_toll(counting, "wounded"),
        disputes=_disputes(counting, denials),
        denied=any(claim.field == "occurrence" for claim in denials),
    )


def _toll(rows: Sequence[Stated], name: str) -> Toll:
    told = [
        row.claim
        for row in rows
        if row.claim.field == name and row.claim.act in FOR and row.claim.number is not None
    ]
    if not told:
        return Toll()
    by_number: dict[int, list[ClaimValue]] = {}
    for claim in told:
        by_number.setdefault(claim.number or 0, []).append(claim)
    figures = tuple(Figure(number, tuple(by_number[number])) for number in sorted(by_number))
    officials = [claim for claim in told if claim.official]
    if officials:
        return Toll(officials[-1].number, Rule.OFFICIAL, (officials[-1],), figures)
    if len(figures) == 1:
        return Toll(figures[0].number, Rule.ONLY, figures[0].claims, figures)
    most = max(figure.reports for figure in figures)
    leading = [figure for figure in figures if figure.reports == most]
    if len(leading) == 1:
        return Toll(leading[0].number, Rule.REPORTS, leading[0].claims, figures)
    return Toll(None, Rule.RANGE, tuple(told), figures)


def _disputes(rows: Sequence[Stated], denials: Sequence[ClaimValue]) -> tuple[Dispute, ...]:
    """Fields that one voice asserts and another denies, and further claims that a denial answers."""
    found = []
    for name in DISPUTABLE:
        said = tuple(r.claim for r in rows if r.claim.field == name and r.claim.act in FOR)
        against = tuple(claim for claim in denials if claim.field == name)
        if said and against:
            found.append(Dispute(name, said, against))
    found += [
        Dispute(row.claim.field, (row.claim,), row.by)
        for row in rows
        if row.state == State.DENIED and row.claim.field not in DISPUTABLE
    ]
    return tuple(found)
