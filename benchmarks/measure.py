"""What a benchmark hands back: measures with their targets, and how they are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Measure:
    """One measured quantity; `better` says whether the target is a floor or a ceiling."""

    name: str
    unit: str
    target: float
    ours: float
    better: Literal["lower", "higher"]
    peer: str = "-"

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.ours <= self.target if self.better == "lower" else self.ours >= self.target


def table(measures: Iterable[Measure]) -> str:
    """Return the measures as the rows of RESULTS.md."""
    head = ["| measure | target | peer | ours | |", "|---|---|---|---|---|"]
    sign = {"lower": "≤", "higher": "≥"}
    rows = [
        f"| {m.name} | {sign[m.better]} {m.target:g} {m.unit} | {m.peer} | {m.ours:g} {m.unit} "
        f"| {'holds' if m.holds else 'falls short'} |"
        for m in measures
    ]
    return "\n".join([*head, *rows])
