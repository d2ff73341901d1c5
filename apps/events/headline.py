"""The headline values of an event, derived from its claims by a written rule. Plain: values in, values out.

The rule, per field:
1. Of what one voice said, the latest known counts; a retraction removes what that voice said before.
   A government is one voice: a later figure of the Pentagon replaces the president's first one.
2. The toll is the latest figure of an official of the affected side (a target's government, or the place's).
3. Without one, it is the figure that most voices report; of figures that equally many report, the latest known.
4. Where figures became known at the same time and none leads, there is no single value: the range from lowest
   to highest stands.
An event is contested while current figures differ, or while something is at once asserted and denied.
It is denied while any voice's current word is that it did not happen.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

TOLLS = ("killed", "wounded")
DISPUTABLE = ("occurrence", "responsible", "arrangement_holds")
FOR = ("asserts", "claims_responsibility", "accuses")


@dataclass(frozen=True, slots=True)
class ClaimValue:
    """One claim as the rule sees it.

    `voice` is whom the speaker speaks for (a government) or the speaker; `known_at` is aware UTC, or None
    where the claim carries no time (it then counts as known from the start); `official`: the voice is of
    the affected side.
    """

    field: str
    act: str
    voice: str
    speaker: str
    number: int | None = None
    known_at: datetime | None = None
    official: bool = False


@dataclass(frozen=True, slots=True)
class Toll:
    """The headline figure of one field: `value` is None where there is none, or only a range."""

    value: int | None = None
    low: int | None = None
    high: int | None = None
    rule: str = ""
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """What an event's page says first, and why."""

    killed: Toll = field(default_factory=Toll)
    wounded: Toll = field(default_factory=Toll)
    contested: bool = False
    denied: bool = False
    rule: str = ""


def known_by(claims: Iterable[ClaimValue], instant: datetime) -> list[ClaimValue]:
    """Return the claims that were known at `instant` (aware UTC); those without a time are kept."""
    return [claim for claim in claims if claim.known_at is None or claim.known_at <= instant]


def current(claims: Iterable[ClaimValue], field_name: str) -> list[ClaimValue]:
    """Return each voice's standing claim about one field, oldest first.

    Claims known at the same time supersede in the order given.
    """
    about = [claim for claim in claims if claim.field == field_name and claim.act != "declines"]
    dated = [(claim.known_at, claim) for claim in about if claim.known_at is not None]
    dated.sort(key=lambda pair: pair[0])
    undated = [claim for claim in about if claim.known_at is None]
    standing: dict[str, ClaimValue] = {}
    for claim in [*undated, *(claim for _, claim in dated)]:
        standing.pop(claim.voice, None)
        if claim.act != "retracts":
            standing[claim.voice] = claim
    return list(standing.values())


def toll(claims: Sequence[ClaimValue], field_name: str) -> Toll:
    """Return the headline figure for "killed" or "wounded"."""
    readings = [c for c in current(claims, field_name) if c.act in FOR and c.number is not None]
    if not readings:
        return Toll()
    numbers = [claim.number for claim in readings if claim.number is not None]
    value, rule = _choose(readings)
    return Toll(value, min(numbers), max(numbers), rule, contested=len(set(numbers)) > 1)


def _choose(readings: Sequence[ClaimValue]) -> tuple[int | None, str]:
    officials = [claim for claim in readings if claim.official]
    if officials:
        latest = officials[-1]
        return latest.number, f"latest official figure of the affected side ({latest.speaker})"
    if len(readings) == 1:
        return readings[0].number, f"only figure given ({readings[0].speaker})"
    counts = Counter(claim.number for claim in readings)
    most = max(counts.values())
    leading = [claim for claim in readings if counts[claim.number] == most]
    newest = [claim for claim in leading if claim.known_at == leading[-1].known_at]
    if len({claim.number for claim in leading}) == 1:
        return leading[0].number, f"most reported figure ({most} of {len(readings)})"
    if len({claim.number for claim in newest}) == 1:
        return newest[0].number, f"latest of the equally reported figures ({newest[0].speaker})"
    return None, f"no figure leads: range of {len(readings)} reports"


def disputed(claims: Sequence[ClaimValue], field_name: str) -> bool:
    """Tell whether something is asserted by one voice and denied by another."""
    acts = {claim.act for claim in current(claims, field_name)}
    return "denies" in acts and bool(acts.intersection(FOR))


def denied(claims: Sequence[ClaimValue]) -> bool:
    """Tell whether somebody denies, and has not taken back, that the event happened."""
    return any(claim.act == "denies" for claim in current(claims, "occurrence"))


def headline(claims: Sequence[ClaimValue]) -> Headline:
    """Derive the headline values from claims given in the order they were recorded."""
    killed, wounded = toll(claims, "killed"), toll(claims, "wounded")
    rules = [
        f"{name}: {t.rule}" for name, t in zip(TOLLS, (killed, wounded), strict=True) if t.rule
    ]
    in_dispute = [name.replace("_", " ") for name in DISPUTABLE if disputed(claims, name)]
    if in_dispute:
        rules.append(f"asserted and denied: {', '.join(in_dispute)}")
    return Headline(
        killed,
        wounded,
        contested=killed.contested or wounded.contested or bool(in_dispute),
        denied=denied(claims),
        rule="; ".join(rules),
    )
