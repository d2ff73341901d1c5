"""Why an event's headline says what it says, in sentences about that event. Plain: values in, values out."""

from apps.events.headline import Dispute, Figure, Headline, Rule, Toll
from apps.events.ledger import TOLLS, ClaimValue
from apps.timelines import wording

# How a sentence names what is stated and denied.
FIELDS = {
    "occurrence": "That it happened",
    "responsible": "Who did it",
    "arrangement_holds": "Whether the arrangement holds",
}


def toll(name: str, found: Toll) -> str:
    """Return which step of the rule gave the figure of the killed or wounded, and from which claims."""
    if found.rule == Rule.NONE:
        return f"Nobody is known to have given a figure of the {name}."
    if found.rule == Rule.OFFICIAL:
        claim = found.basis[0]
        return (
            f"{found.value:,} {name} is the latest figure of an official of the affected side: "
            f"{_said(claim)}.{_beside(found)}"
        )
    if found.rule == Rule.ONLY:
        speakers = _speakers(found.basis)
        return f"{found.value:,} {name} is the only figure that counts; it is given by {speakers}."
    told = "; ".join(_told(figure) for figure in found.figures)
    if found.rule == Rule.REPORTS:
        return (
            f"No official of the affected side is known to give a figure. {found.value:,} {name} is told by "
            f"most independent reports: {told}."
        )
    return (
        "No official of the affected side is known to give a figure, and none is told by more independent "
        f"reports than the others: {told}. So the range from {found.low:,} to {found.high:,} {name} stands."
    )


def _beside(found: Toll) -> str:
    """Name the figures that count and lose."""
    others = [figure for figure in found.figures if figure.number != found.value]
    if not others:
        return ""
    named = "; ".join(f"{figure.number:,} by {_speakers(figure.claims)}" for figure in others)
    return f" Other figures stand beside it and lose by that rule: {named}."


def _told(figure: Figure) -> str:
    return f"{figure.number:,} by {wording.counted(figure.reports, 'report')} ({_speakers(figure.claims)})"


def contested(head: Headline) -> list[str]:
    """Return in sentences why the event is contested; empty where it is not."""
    why = [
        f"Figures of the {name} differ, from {found.low:,} to {found.high:,}."
        for name, found in zip(TOLLS, (head.killed, head.wounded), strict=True)
        if found.contested
    ]
    return why + [_dispute(row) for row in head.disputes]


def _dispute(row: Dispute) -> str:
    by = _speakers(row.denied)
    if row.field in FIELDS:
        return f"{FIELDS[row.field]}: stated by {_speakers(row.said)}; denied by {by}."
    claim = row.said[0]
    told = f"“{claim.value}”" if claim.number is None else f"{claim.number:,} {claim.field}"
    return f"What {claim.speaker} states, {told}, is denied by {by}."


def _said(claim: ClaimValue) -> str:
    return f"{claim.speaker}, known on {wording.day(claim.known_at.date())}"


def _speakers(claims: tuple[ClaimValue, ...]) -> str:
    return ", ".join(dict.fromkeys(claim.speaker for claim in claims))
