"""What is counted of signals."""

from datetime import date
from typing import NamedTuple


class Told(NamedTuple):
    """What signals must have in common to be counted as one: who, whom (parties), where (spot), when, what."""

    initiator: int | None
    target: int | None
    spot: int | None
    start: date
    end: date
    kind: int
