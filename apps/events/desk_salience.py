"""How much an item of the desk matters: one written formula. Plain: values in, values out.

Points are added up, so that an editor can be told what made an item rise (`points()`):

- **severity** of the type: how far its PLOVER score lies from neutral, 0 to 10;
- **reports**: 2 for each doubling of independent reports, at most 6 (copies of one story count once);
- **confidence** of the machine: 0 to 2; 1 where nothing was read by the machine;
- **contested**: 1.5 where figures differ or something is denied;
- **correction**: 3 where a source changed under something that is public already;
- **recency**: 1 for each week since the start of 2020 up to the newest of what waits.

Recency is counted from a fixed day and not from today: the order of two items then never changes while
they wait, and no number has to be kept up to date. An attack (9) stands above talks (2.5) that came up to
six weeks later.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2

from apps.core import plover

PER_DOUBLING, MOST_FOR_REPORTS = 2.0, 6.0
FOR_CONFIDENCE, CONFIDENCE_UNKNOWN = 2.0, 0.5
FOR_CONTESTED = 1.5
FOR_CORRECTION = 3.0
SECONDS_PER_POINT = 7 * 86_400
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the formula reads: `reports` are independent ones, `confidence` 0 to 1 or None, `newest` aware."""

    type: str
    mode: str
    reports: int
    confidence: float | None
    contested: bool
    correction: bool
    newest: datetime


def points(item: Weighed) -> dict[str, float]:
    """Return what each part adds, rounded to hundredths: name -> points."""
    confidence = CONFIDENCE_UNKNOWN if item.confidence is None else item.confidence
    parts = {
        "severity": abs(plover.score(item.type, item.mode)),
        "reports": min(PER_DOUBLING * log2(max(item.reports, 1)), MOST_FOR_REPORTS),
        "confidence": FOR_CONFIDENCE * confidence,
        "contested": FOR_CONTESTED if item.contested else 0.0,
        "correction": FOR_CORRECTION if item.correction else 0.0,
        "recency": (item.newest - EPOCH).total_seconds() / SECONDS_PER_POINT,
    }
    return {name: round(value, 2) for name, value in parts.items()}


def salience(item: Weighed) -> float:
    """Return the sum of `points`, rounded to hundredths."""
    return round(sum(points(item).values()), 2)
