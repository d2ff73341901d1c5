"""How readings are scored against gold: agreement, matching and error of confidence. Nothing here reads a file.

The rules are those by which the project's readings are reviewed: one-to-one matching by augmenting paths, dates
that overlap within a day, actors that agree up to part_of, member_of and commands.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from benchmarks.annotation_actors import Chains

Item = dict[str, Any]
_G = TypeVar("_G")
_P = TypeVar("_P")
LONGEST_OVER = 45  # days that a predicted interval may be longer than the gold one


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were right, predicted and wanted."""

    right: int = 0
    predicted: int = 0
    wanted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(
            self.right + other.right,
            self.predicted + other.predicted,
            self.wanted + other.wanted,
        )

    @property
    def precision(self) -> float:
        """Right of what was predicted; 0 where nothing was."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right of what was wanted; 0 where nothing was."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.predicted + self.wanted
        return 2 * self.right / both if both else 0.0


def macro_f1(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """Return the mean F1 over the classes of `gold`."""
    scores = []
    for label in sorted(set(gold), key=str):
        right = sum(g == label == p for g, p in zip(gold, predicted, strict=True))
        told = sum(p == label for p in predicted)
        scores.append(Counts(right, told, sum(g == label for g in gold)).f1)
    return sum(scores) / len(scores) if scores else 0.0


def accuracy(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """Return the share of equal answers."""
    return sum(g == p for g, p in zip(gold, predicted, strict=True)) / len(gold) if gold else 0.0


def matched(
    gold: Sequence[_G], predicted: Sequence[_P], agree: Callable[[_G, _P], bool]
) -> dict[int, int]:
    """Return a largest one-to-one matching: index in `gold` -> index in `predicted` (augmenting paths)."""
    fits = [[j for j, p in enumerate(predicted) if agree(g, p)] for g in gold]
    owner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in fits[i]:
            if j in tried:
                continue
            tried.add(j)
            if j not in owner or place(owner[j], tried):
                owner[j] = i
                return True
        return False

    for i in range(len(gold)):
        place(i, set())
    return {i: j for j, i in owner.items()}


def events_agree(gold: Item, told: Item, chains: Chains) -> bool:
    """Tell whether a predicted event is a gold event: type, days within one, a doer and a target that agree."""
    if told["type"] not in {gold["type"], *gold.get("also_ok", ())}:
        return False
    if not days_agree(gold["date"], told["date"] or {}):
        return False
    doers = [*gold["initiators"], *gold.get("initiators_ok", ())]
    if doers and not actors_agree(doers, told["initiators"], chains):
        return False
    done_to = [*gold["targets"], *gold.get("targets_ok", ())]
    return not gold["targets"] or actors_agree(done_to, told["targets"], chains)


def days_agree(gold: Item, told: Item) -> bool:
    """Tell whether the days overlap within one day and the predicted ones are not far wider."""
    start, end = day(gold["start"]), day(gold["end"] or gold["start"])
    since, until = day(told.get("from")), day(told.get("to") or told.get("from"))
    if start is None or end is None or since is None or until is None:
        return False
    near = since <= end + timedelta(1) and until >= start - timedelta(1)
    return near and (until - since).days <= LONGEST_OVER + (end - start).days


def actors_agree(gold: Iterable[str], told: Sequence[str], chains: Chains) -> bool:
    """Tell whether one of each side is the same actor, part of the same one, or the same words."""
    return any(chains.same(g, t) or words_agree(g, t) for g in gold for t in told)


def words_agree(one: str, other: str) -> bool:
    """Tell whether two names are the same words, or one (over 4 letters) is in the other."""
    a, b = plain(one), plain(other)
    return a == b or (min(len(a), len(b)) > 4 and (a in b or b in a))


def plain(name: str) -> str:
    """Return the letters and digits of a name, other runs as one space."""
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def claims_agree(gold: Item, told: Item, text: str, chains: Chains) -> bool:
    """Tell whether a predicted claim is a gold claim: speaker, act, and within 200 characters of its quote."""
    if gold["act"] != told["act"]:
        return False
    if not actors_agree([gold["speaker"]], [told["speaker"] or ""], chains):
        return False
    at = text.find(gold["quote"])
    return at < 0 or (told["end"] >= at - 200 and told["start"] <= at + len(gold["quote"]) + 200)


def day(value: str | None) -> date | None:
    """Return the day of an ISO date or date and time."""
    return date.fromisoformat(value[:10]) if value else None


def spans_agree(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether two runs share at least half of what they cover together."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    covered = max(one[1], other[1]) - min(one[0], other[0])
    return shared > 0 and 2 * shared >= covered


@dataclass(frozen=True, slots=True)
class Bin:
    """Suggestions of similar confidence: how many, their mean confidence and the share that was right."""

    count: int
    said: float
    right: float


def reliability(answers: Iterable[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """Return the filled bins of equal width over confidence 0..1, lowest first."""
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for said, right in answers:
        sorted_in[min(int(said * bins), bins - 1)].append((said, right))
    return [
        Bin(len(b), sum(s for s, _ in b) / len(b), sum(r for _, r in b) / len(b))
        for b in sorted_in
        if b
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: mean distance of said and right, weighed by count."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.said - b.right) for b in bins) / total if total else 0.0
