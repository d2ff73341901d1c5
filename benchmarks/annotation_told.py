"""What one set of gold tells of a reading: its measures, and what was missed."""

from dataclasses import dataclass, field

from benchmarks.measure import Measure


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing read wrongly: where, what was wanted, what was told."""

    item: str
    sentence: str
    wanted: str
    told: str

    def __str__(self) -> str:
        """Return the miss as a few lines."""
        return f"{self.item}\n  {self.sentence}\n  wanted: {self.wanted}\n  told:   {self.told}"


@dataclass(frozen=True, slots=True)
class Told:
    """Measures of one set, the misses, and suggestions as (confidence, right) where the set has them."""

    measures: list[Measure]
    misses: list[Miss] = field(default_factory=list)
    answers: list[tuple[float, bool]] = field(default_factory=list)
