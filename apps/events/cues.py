"""Words that say how two events of an article stand to each other. Plain: values in, values out.

"Bombed the depots in retaliation for the rockets": the cue tells the kind of link, and on which side of it the
cause stands. Which events those are follows from where the article's mentions have their triggers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.events.cues_words import NOUNS, PATTERNS, RESPONDS_TO, RETALIATES_FOR, Side

# An answer by arms to an attack by arms is retaliation, whatever the report calls it.
_ARMED = "ASSAULT"


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue at characters `start` to `end` of the text."""

    kind: str
    side: Side
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A mention of an event: its trigger's place, its sentence, and the event (any id) with its PLOVER type."""

    trigger: int
    start: int
    end: int
    event: int
    type: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What the text says of two events: `source` is the effect (or part), `target` the cause (or whole)."""

    kind: str
    source: int
    target: int
    cue: Cue
    sentence: tuple[int, int]


_COMPILED = [
    (kind, side, re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE))
    for (kind, side), patterns in PATTERNS.items()
    for pattern in patterns
]
# What negates a cue that follows closely, or says it of no event at all.
_DENIED = re.compile(
    r"\b(?:not|never|no|n't|denied|denies|without|nothing)\b[^,;]{0,24}$", re.IGNORECASE
)
# What a cue stands for without naming it: "in response to it", "That led to".
_POINTS = re.compile(r"\s*(?:it|that|this|them)\b(?! \w)", re.IGNORECASE)
_POINTED = re.compile(r"\s*(?:it|that|this|the \w+|that \w+|this \w+),?\s*$", re.IGNORECASE)
_Named = list[tuple[re.Pattern[str], tuple[str, ...]]]
# A kind of event that the cue ends with, or that follows it: "breaking the truce", "in response to the attack".
_NOUNS: _Named = [(re.compile(rf"\b{noun}$", re.IGNORECASE), types) for noun, types in NOUNS]
_LEAD = r"^\s*(?:(?:the|that|this|those|these|its|a|an)\s)?(?:[\w'’]+\s)?"
_OBJECTS: _Named = [
    (re.compile(rf"{_LEAD}{noun}\b", re.IGNORECASE), types) for noun, types in NOUNS
]


def cues(text: str, start: int = 0, end: int | None = None) -> list[Cue]:
    """Return the cues between two places of the text in order; of cues that overlap, the longest stays."""
    end = len(text) if end is None else end
    found = [
        Cue(kind, side, match.start(), match.end(), match.group())
        for kind, side, pattern in _COMPILED
        for match in pattern.finditer(text, start, end)
        if _DENIED.search(text, start, match.start()) is None
    ]
    found.sort(key=lambda cue: (cue.start - cue.end, cue.start))
    kept: list[Cue] = []
    for cue in found:
        if not any(cue.start < other.end and other.start < cue.end for other in kept):
            kept.append(cue)
    return sorted(kept, key=lambda cue: cue.start)


def links(text: str, told: Iterable[Told]) -> list[Linked]:
    """Return the links that the text states between the events told in it, in the order of their cues."""
    mentions = sorted(told, key=lambda mention: (mention.start, mention.trigger))
    sentences = sorted({(mention.start, mention.end) for mention in mentions})
    found = []
    for start, end in sentences:
        inside = [m for m in mentions if start <= m.trigger < end]
        before = [m for m in mentions if m.trigger < start]
        for cue in cues(text, start, end):
            effect, cause = _ends(text, cue, inside, before)
            if effect is not None and cause is not None and effect.event != cause.event:
                kind = _kind(cue, effect, cause)
                found.append(Linked(kind, effect.event, cause.event, cue, (start, end)))
    return found


_Ends = tuple[Told | None, Told | None]


def _ends(text: str, cue: Cue, inside: Sequence[Told], before: Sequence[Told]) -> _Ends:
    """Return the effect and the cause that a cue stands between; None for what it does not tell."""
    left = [mention for mention in inside if mention.trigger < cue.start]
    right = [mention for mention in inside if mention.trigger >= cue.end]
    if cue.side == Side.EARLIER:
        return _first(left[::-1], right, inside), _first(before[::-1])
    if cue.side == Side.BEFORE:
        opening = text[inside[0].start : cue.start]
        pointed = before[::-1] if _POINTED.fullmatch(opening) else []
        return _first(right), _first(left[::-1], pointed)
    called = _types(cue.words, _NOUNS)
    if called:
        # "Breaking the truce": by the name of a known event, else by the kind that the noun stands for.
        named = [mention for mention in inside if cue.start <= mention.trigger < cue.end]
        fitting = [m for m in (*right, *before[::-1]) if m.type in called]
        return _first(left[::-1]), _first(named, fitting)
    if left:
        return left[-1], _first(right, _back(text, cue, before))
    if right and len(text[inside[0].start : cue.start].split()) <= 3:
        return _first([m for m in right if m.event != right[0].event]), right[0]
    return None, None


def _first(*choices: Sequence[Told]) -> Told | None:
    """Return the first mention of the first choice that has one."""
    return next((mentions[0] for mentions in choices if mentions), None)


def _back(text: str, cue: Cue, before: Sequence[Told]) -> list[Told]:
    """Return the earlier mentions that the cue's object may mean, nearest first."""
    if _POINTS.match(text, cue.end):
        return list(before[::-1])
    called = _types(text[cue.end : cue.end + 60], _OBJECTS)
    return [mention for mention in before[::-1] if mention.type in called]


def _types(words: str, named: _Named) -> tuple[str, ...]:
    return next((types for pattern, types in named if pattern.search(words)), ())


def _kind(cue: Cue, effect: Told, cause: Told) -> str:
    answer = cue.side != Side.BEFORE or "answered" in cue.words.lower()
    if cue.kind == RESPONDS_TO and answer and effect.type == cause.type == _ARMED:
        return RETALIATES_FOR
    return cue.kind
