"""How far coders agree: Krippendorff's alpha and percent agreement. Plain: values in, numbers out.

Alpha is 1 - Do / De, observed by expected disagreement, computed from the coincidence matrix of all pairable
values, so that units of different numbers of coders and missing values are taken as they are.

Formulas: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), sections C to E, with the
distances of "Content Analysis" (2nd edition, 2004), chapter 11. Sets: R. Passonneau, "Measuring Agreement on
Set-valued Items (MASI)" (LREC 2006).
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

# The squared difference of two values, 0 where they are the same; made from how often each value occurs.
Distance = Callable[[Any, Any], float]
Metric = Callable[["Counter[Any]"], Distance]
Unit = Sequence[Hashable | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree about one field.

    `units` were coded by two or more; `alpha` is None where that is undefined: no unit, or one value only.
    """

    units: int
    percent: float | None
    alpha: float | None


def agreement(units: Iterable[Unit], metric: Metric) -> Agreement:
    """Return the agreement about one field; a unit holds one value per coder, None where one is missing."""
    pairable = [kept for kept in map(_told, units) if len(kept) > 1]
    return Agreement(len(pairable), _percent(pairable), alpha(pairable, metric))


def _told(unit: Unit) -> list[Hashable]:
    return [value for value in unit if value is not None]


def _percent(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Share of pairs of values within the units that are the same, 0 to 100; each unit counts alike."""
    if not units:
        return None
    shares = []
    for unit in units:
        pairs = list(combinations(unit, 2))
        shares.append(sum(a == b for a, b in pairs) / len(pairs))
    return 100 * sum(shares) / len(shares)


def alpha(units: Iterable[Unit], metric: Metric) -> float | None:
    """Return Krippendorff's alpha; None where nothing is pairable or all values are the same."""
    pairable = [kept for kept in map(_told, units) if len(kept) > 1]
    counts: Counter[Any] = Counter(value for unit in pairable for value in unit)
    total = counts.total()
    distance = metric(counts)
    expected = sum(
        2 * counts[a] * counts[b] * distance(a, b) for a, b in combinations(counts, 2)
    ) / max(total - 1, 1)
    if expected == 0:
        return None
    observed = sum(
        2 * sum(distance(a, b) for a, b in combinations(unit, 2)) / (len(unit) - 1)
        for unit in pairable
    )
    return 1 - observed / expected


def nominal(counts: "Counter[Any]") -> Distance:
    """Values are the same or not."""
    return lambda a, b: float(a != b)


def interval(counts: "Counter[Any]") -> Distance:
    """Values are numbers whose differences mean the same everywhere (days)."""
    return lambda a, b: float((a - b) ** 2)


def ratio(counts: "Counter[Any]") -> Distance:
    """Values are counts from nought: 1 and 2 differ as 10 and 20 do."""
    return lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0.0


def ordinal(order: Sequence[Hashable]) -> Metric:
    """Values are ranks, in this order: two differ by the values that lie between them."""

    def metric(counts: "Counter[Any]") -> Distance:
        def distance(a: Hashable, b: Hashable) -> float:
            low, high = sorted((order.index(a), order.index(b)))
            between = sum(counts[value] for value in order[low : high + 1])
            return (between - (counts[a] + counts[b]) / 2) ** 2 if low != high else 0.0

        return distance

    return metric


def sets(counts: "Counter[Any]") -> Distance:
    """Values are sets (frozenset): 1 - MASI, the share in common, and less where neither holds the other."""
    return lambda a, b: 1 - _masi(a, b)


def _masi(a: frozenset[Any], b: frozenset[Any]) -> float:
    if a == b:
        return 1.0
    common = a & b
    if not common:
        return 0.0
    monotonic = 2 / 3 if a < b or b < a else 1 / 3
    return monotonic * len(common) / len(a | b)
