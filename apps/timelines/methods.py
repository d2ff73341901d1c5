"""What the methodology page prints of the formula and the codes. Plain values in and out."""

from dataclasses import dataclass
from typing import Any

from apps.core import plover
from apps.timelines import tension, wording
from apps.timelines.vocabulary import QUAD_WORDS


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of a PLOVER type with its score as the index uses it."""

    name: str
    words: str
    score: float


@dataclass(frozen=True, slots=True)
class Class:
    """A PLOVER type."""

    name: str
    words: str
    quad: int
    quad_words: str
    score: float
    modes: tuple[Mode, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A score that differs from what is printed, and why."""

    name: str
    published: float
    used: float
    why: str


def classes() -> list[Class]:
    """Return the sixteen types in order of their quad class, with modes and scores."""
    return [
        Class(
            name=type_,
            words=wording.TYPE_WORDS[type_],
            quad=quad,
            quad_words=str(QUAD_WORDS[quad]),
            score=plover.score(type_),
            modes=tuple(
                Mode(mode, wording.MODE_WORDS[mode], plover.score(type_, mode))
                for mode in plover.MODES[type_]
            ),
        )
        for type_, quad in plover.QUAD.items()
    ]


def corrections() -> list[Correction]:
    """Return the scores that were corrected."""
    return [
        Correction("/".join(filter(None, code)), plover.PUBLISHED[code], score, why)
        for code, (score, why) in plover.CORRECTIONS.items()
    ]


@dataclass(frozen=True, slots=True)
class Settled:
    """A point where the published tables contradict each other, and what holds here."""

    name: str
    published: str
    here: str


def settled() -> list[Settled]:
    """Return what was settled where the tables leave it open."""
    return [Settled(*row) for row in plover.SETTLED]


def constants() -> dict[str, Any]:
    """Return the constants of the formula in force, by the names the page uses."""
    return {
        "killed_factor": tension.KILLED_FACTOR,
        "wounded_factor": tension.WOUNDED_FACTOR,
        "ceiling": tension.MAGNITUDE_CEILING,
        "conflict_half_life": tension.CONFLICT_HALF_LIFE,
        "cooperation_half_life": tension.COOPERATION_HALF_LIFE,
        "weights": tension.CONFIDENCE_WEIGHT.items(),
        "denied_weight": tension.DENIED_WEIGHT,
        "k": tension.K,
    }
