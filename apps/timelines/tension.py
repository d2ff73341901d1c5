"""The tension index, formula T1. Plain: values in, values out.

1. Severity of an event: minus its PLOVER score; for conflict also
   `min(3, 1.2 log10(1 + killed) + 0.5 log10(1 + wounded)) + rank + soil`.
2. Weight: by confidence, and less where somebody denies that it happened (a denial that stands).
3. Spread: severity times weight, in equal parts over the event's days.
4. Memory: every part halves in 14 days (conflict) or 7 days (cooperation); what is left of all parts adds up
   to the day's load.
5. Scale: `100 (1 - exp(-load / K))`, where a load below zero counts as zero. K is fixed for T1 and never
   follows the window.

The band reads every event at its lowest and at its highest: claimed tolls, a denied occurrence as not happened
or as certain, an imprecise date at the most and the least favourable day of its interval.
Changing any constant here makes a new version.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from apps.core import plover

VERSION: Final = "T1"
KILLED_FACTOR: Final = 1.2
WOUNDED_FACTOR: Final = 0.5
MAGNITUDE_CEILING: Final = 3.0
CONFLICT_HALF_LIFE: Final = 14.0
COOPERATION_HALF_LIFE: Final = 7.0
CONFIDENCE_WEIGHT: Final = {"high": 1.0, "medium": 0.8, "low": 0.5}
DENIED_WEIGHT: Final = 0.75
# Set once so that the worst day of the dossier US-Iran 2020 reads about 95.
K: Final = 30.0


@dataclass(frozen=True, slots=True)
class Severity:
    """The terms of an event's severity, shown beside the published score they start from."""

    base: float
    magnitude: float = 0.0
    rank: float = 0.0
    soil: float = 0.0

    @property
    def total(self) -> float:
        """The sum of the terms: above zero for conflict, below for cooperation."""
        return self.base + self.magnitude + self.rank + self.soil


@dataclass(frozen=True, slots=True)
class Toll:
    """Killed and wounded; a number nobody knows counts as none."""

    killed: int = 0
    wounded: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """One event as the index reads it. `start` to `end` are its days, both included."""

    key: str
    type: str
    mode: str
    start: date
    end: date
    precise: bool = True
    confidence: str = "high"
    denied: bool = False
    toll: Toll = Toll()
    toll_low: Toll = Toll()
    toll_high: Toll = Toll()
    rank: float = 0.0
    soil: float = 0.0


@dataclass(frozen=True, slots=True)
class Amounts:
    """What events add in all: severity times weight, in the middle and at the band's edges.

    Those of events with the same days and precision may be added up where they have the same signs.
    """

    start: date
    end: date
    precise: bool
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Day:
    """The index of one day, 0 to 100, with the band's edges; `load` is the unscaled sum."""

    day: date
    load: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one event adds to the load of one day; `share` is its part of all that adds, 0 to 1."""

    key: str
    load: float
    share: float


@dataclass(frozen=True, slots=True)
class Change:
    """How a day's load came from that of the day before; all of it adds up to the difference.

    `added`: event -> what falls on the day itself, the largest first. The memory of conflict fades by
    `conflict` (zero or below), that of cooperation by `cooperation` (zero or above: relief wears off).
    """

    added: dict[str, float]
    conflict: float
    cooperation: float

    @property
    def total(self) -> float:
        """The difference between the two days' loads."""
        return sum(self.added.values()) + self.conflict + self.cooperation


def severity(reading: Reading, toll: Toll | None = None) -> Severity:
    """Return the terms of an event's severity, with `toll` in place of its headline toll if given."""
    base = -plover.score(reading.type, reading.mode)
    if base < 0:
        return Severity(base)
    people = toll or reading.toll
    magnitude = KILLED_FACTOR * math.log10(1 + people.killed) + WOUNDED_FACTOR * math.log10(
        1 + people.wounded
    )
    return Severity(base, min(MAGNITUDE_CEILING, magnitude), reading.rank, reading.soil)


def weight(reading: Reading) -> float:
    """Return how much of an event counts, 0 to 1."""
    return CONFIDENCE_WEIGHT[reading.confidence] * (DENIED_WEIGHT if reading.denied else 1.0)


def scaled(load: float) -> float:
    """Return a load as 0 to 100."""
    return 100.0 * (1.0 - math.exp(-max(load, 0.0) / K))


def decay(amount: float) -> float:
    """Return what remains of a part after one day; the half-life follows the sign of `amount`."""
    half_life = CONFLICT_HALF_LIFE if amount >= 0 else COOPERATION_HALF_LIFE
    return float(0.5 ** (1.0 / half_life))


def spread(reading: Reading) -> list[tuple[date, float]]:
    """Return the parts that an event adds on each of its days; they sum to severity times weight."""
    total = severity(reading).total * weight(reading)
    days = (reading.end - reading.start).days + 1
    return [(reading.start + timedelta(days=n), total / days) for n in range(days)]


def amounts(reading: Reading) -> Amounts:
    """Return what an event adds in all, as its headline values say and at the lowest and highest reading."""
    middle = severity(reading).total * weight(reading)
    low, high = (_extreme(reading, high=edge) for edge in (False, True))
    return Amounts(reading.start, reading.end, reading.precise, middle, low, high)


def _extreme(reading: Reading, high: bool) -> float:
    """Return what the lowest or highest reading of an event adds; a denied one did not happen at one edge."""
    total = severity(reading, reading.toll_high if high else reading.toll_low).total
    if reading.denied and high != (total >= 0):
        return 0.0
    return total * CONFIDENCE_WEIGHT[reading.confidence]


def _level(of: Amounts, amount: float) -> list[tuple[date, float]]:
    """Return an amount in equal parts over the days."""
    days = (of.end - of.start).days + 1
    return [(of.start + timedelta(days=n), amount / days) for n in range(days)]


def _edge(of: Amounts, high: bool) -> list[tuple[date, float]]:
    """Return the parts that keep an imprecise event at the edge of what its interval allows.

    As early as possible, yet always at full strength until the interval ends, or only once the interval is
    over and as old as can be.
    """
    amount = of.high if high else of.low
    if of.precise:
        return _level(of, amount)
    days = (of.end - of.start).days
    left = decay(amount)
    if high != (amount >= 0):
        return [(of.end, amount * left**days)]
    refill = [(of.start + timedelta(days=n), amount * (1 - left)) for n in range(1, days + 1)]
    return [(of.start, amount), *refill]


def loads_of(parts: Iterable[tuple[date, float]], start: date, end: date) -> list[float]:
    """Return the load of each day from `start` to `end` of parts (day, amount); those before are remembered."""
    conflict: dict[date, float] = {}
    cooperation: dict[date, float] = {}
    for day, amount in parts:
        side = conflict if amount >= 0 else cooperation
        side[day] = side.get(day, 0.0) + amount
    first = min([start, *conflict, *cooperation])
    up, down, loads = 0.0, 0.0, []
    keep_up, keep_down = decay(1.0), decay(-1.0)
    for n in range((end - first).days + 1):
        day = first + timedelta(days=n)
        up = up * keep_up + conflict.get(day, 0.0)
        down = down * keep_down + cooperation.get(day, 0.0)
        if day >= start:
            loads.append(up + down)
    return loads


def series(readings: Sequence[Reading], start: date, end: date) -> list[Day]:
    """Return the index of each day from `start` to `end`, both included.

    `readings` are all public events of the dossier, also those before `start`: they are remembered.
    """
    return series_of([amounts(reading) for reading in readings], start, end)


def series_of(found: Sequence[Amounts], start: date, end: date) -> list[Day]:
    """Return the index as `series`, of amounts that may stand for many events each."""
    middle = loads_of((part for a in found for part in _level(a, a.middle)), start, end)
    low = loads_of((part for a in found for part in _edge(a, high=False)), start, end)
    high = loads_of((part for a in found for part in _edge(a, high=True)), start, end)
    return [
        Day(
            start + timedelta(days=n),
            load,
            scaled(load),
            scaled(min(low[n], load)),
            scaled(max(high[n], load)),
        )
        for n, load in enumerate(middle)
    ]


def contributions(readings: Sequence[Reading], day: date) -> list[Contribution]:
    """Return what each event adds to the load of `day`, the largest first; events after it add nothing."""
    loads = {
        r.key: sum(
            amount * decay(amount) ** (day - part_day).days
            for part_day, amount in spread(r)
            if part_day <= day
        )
        for r in readings
        if r.start <= day
    }
    gross = sum(abs(load) for load in loads.values())
    found = [Contribution(key, load, abs(load) / gross) for key, load in loads.items() if load]
    return sorted(found, key=lambda c: (-abs(c.load), c.key))


def falling(readings: Iterable[Reading], day: date) -> dict[str, float]:
    """Return what each event adds on `day` itself, the largest first."""
    parts = (
        (r.key, amount)
        for r in readings
        if r.start <= day <= r.end
        for part_day, amount in spread(r)
        if part_day == day and amount
    )
    return dict(sorted(parts, key=lambda pair: (-abs(pair[1]), pair[0])))


def change(readings: Sequence[Reading], day: date) -> Change:
    """Return what came and what faded between the day before `day` and `day`."""
    kept = [c.load for c in contributions(readings, day - timedelta(days=1))]
    return Change(
        falling(readings, day),
        conflict=sum(load for load in kept if load > 0) * (decay(1.0) - 1),
        cooperation=sum(load for load in kept if load < 0) * (decay(-1.0) - 1),
    )


def peaks(index: Sequence[Day], most: int) -> list[Day]:
    """Return the days of `index` above zero that stand above both neighbours, the highest first."""
    heights = [-1.0, *(day.value for day in index), -1.0]
    standing = [
        day
        for n, day in enumerate(index, start=1)
        if day.value > 0 and heights[n - 1] < heights[n] >= heights[n + 1]
    ]
    return sorted(standing, key=lambda day: (-day.value, day.day))[:most]
