"""The relation between two given actors of a text: the coder alone, as the literature measures it."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from apps.annotations.pipeline import modality, sentences
from apps.annotations.pipeline.events_roles import initiators, is_passive
from apps.annotations.pipeline.events_targets import targets
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed, parse
from apps.annotations.pipeline.triggers import Trigger, find, lemma
from apps.annotations.pipeline.triggers_data import said, weak
from apps.annotations.pipeline.types import Modality, Span

FALLBACK = (
    "ACCUSE"  # where no word announces an event: the commonest type between named actors in news
)
_COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
_FORCEFUL = frozenset({"ASSAULT", "COERCE", "SANCTION", "PROTEST", "MOBILIZE"})


@dataclass(frozen=True, slots=True)
class _Sides:
    """Tokens of the source and of the target."""

    source: frozenset[int]
    target: frozenset[int]


def code(text: str, source: str, target: str) -> str:
    """Return the PLOVER type of what `source` does to `target` in `text`."""
    runs = [r for r in sentences.split(text) if source in r.of(text) or target in r.of(text)]
    if not any(source in r.of(text) and target in r.of(text) for r in runs):
        runs = (
            [Span(0, len(text))]
            if source in text and target in text
            else runs or [Span(0, len(text))]
        )
    best: tuple[float, str] | None = None
    for parsed in parse(text, runs):
        sides = _Sides(_tokens(text, parsed, source), _tokens(text, parsed, target))
        for trigger in find(parsed.doc, wide=True):
            value = _fit(trigger, sides)
            if best is None or value > best[0]:
                best = (value, _yielded(trigger, final(trigger)))
    return best[1] if best is not None else FALLBACK


def _tokens(text: str, parsed: Parsed, name: str) -> frozenset[int]:
    start = text.find(name, parsed.sentence.start)
    if not name or start < 0:
        return frozenset()
    run = Span(start, start + len(name))
    return frozenset(t.i for t in parsed.within(run))


def _fit(trigger: Trigger, sides: _Sides) -> float:
    """How well the trigger joins the two sides: its roles, the path between them, its own strength."""
    token = trigger.token
    value = 0.6 * trigger.pattern.weight[0] - 0.02 * token.i / (len(token.doc) or 1)
    value -= 1.5 * (lemma(token) in words("weak_triggers"))
    value -= 1.0 * (lemma(token) in weak())
    value -= 1.0 * min(5, sum(1 for _ in token.ancestors))
    value -= 0.7 * trigger.is_noun
    value -= 4.0 * (token.i in sides.source | sides.target)
    value += 4.0 * _touches(initiators(trigger)[:1], sides.source)
    value += 2.5 * _touches([c.token for c in targets(trigger)[:3]], sides.target)
    value -= 1.5 * _touches(initiators(trigger)[:1], sides.target)
    value += 1.5 * _joins(token.doc, trigger, sides)
    mood, _ = modality.of(trigger)
    value -= 2.0 * (mood == "hypothetical")
    return value


def _touches(candidates: Iterable[Token], side: frozenset[int]) -> bool:
    return any(t.i in side or any(s.i in side for s in t.subtree) for t in candidates)


def _joins(doc: Doc, trigger: Trigger, sides: _Sides) -> float:
    """Share of the two sides that hang below the trigger's word; the nearest verb above both counts fully."""
    below = {t.i for t in trigger.token.subtree}
    if is_passive(trigger.token) and trigger.token.dep_ in {"acl", "relcl"}:
        below |= {trigger.token.head.i}
    held = bool(below & sides.source) + bool(below & sides.target)
    return held / 2


def _yielded(trigger: Trigger, type_: str) -> str:
    """Return RETREAT for what is given up by deed (granted, lifted, paid), CONCEDE for what is only said."""
    by_deed = type_ == "CONCEDE" and lemma(trigger.token) not in said()
    return "RETREAT" if by_deed else type_


def final(trigger: Trigger) -> str:
    """Return the type after modality: a promise is agreement, a refusal rejection, announced force a threat."""
    mood: Modality = modality.of(trigger)[0]
    if mood == "negated" and trigger.type in _COOPERATIVE:
        return "REJECT"
    if mood == "future" and trigger.type in _COOPERATIVE - {"SUPPORT"}:
        return "AGREE"
    if mood == "future" and trigger.type in _FORCEFUL:
        return "THREATEN"
    return trigger.type
