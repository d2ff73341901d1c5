"""What a text tells without any lexicon: types with the words of the doers and of those it is done to."""

from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline import events_bare_parties as parties
from apps.annotations.pipeline import events_groups, events_relation, modality, sentences
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed, parse
from apps.annotations.pipeline.triggers import Trigger, find, lemma
from apps.annotations.pipeline.types import Span

_FAR = 1.5  # an event that is less sure than the surest by this much is only in passing
_ALONE = 0.0  # how sure an event with only one side must be
_FURTHER = 1.6  # how sure an event of the wider list must be
_OUTSIDE = frozenset({"relcl", "acl", "cc", "conj", "punct", "advcl", "parataxis"})


@dataclass(frozen=True, slots=True)
class Bare:
    """One event by its words; `weight` orders the events of a text by how sure they are."""

    type: str
    initiators: tuple[Span, ...]
    targets: tuple[Span, ...]
    weight: float


def code(text: str) -> list[Bare]:
    """Return the events of a short text, the surest first; offsets count the text's code points."""
    found: list[Bare] = []
    for index, parsed in enumerate(parse(text, sentences.split(text))):
        groups = [(g.main, g.members, g.doers) for g in events_groups.of(parsed.doc)]
        told = [b for main, all_, doers in groups if (b := _bare(parsed, main, all_, doers))]
        if not told:  # the wider list, where the surer one is silent
            further = find(parsed.doc, wide=True)
            told = [b for t in further if (b := _bare(parsed, t, [t], [t])) and _is_sure(b)]
        found += [Bare(b.type, b.initiators, b.targets, b.weight - index) for b in told]
    found = [b for b in found if _is_whole(b) or b.weight > _ALONE]
    found.sort(key=lambda bare: -bare.weight)
    return [b for b in found if b.weight > found[0].weight - _FAR]


def _is_whole(bare: Bare) -> bool:
    return bool(bare.initiators and bare.targets)


def _is_sure(bare: Bare) -> bool:
    return _is_whole(bare) and bare.weight > _FURTHER


def _bare(
    parsed: Parsed, main: Trigger, members: list[Trigger], doing: list[Trigger]
) -> Bare | None:
    """The event that a group of triggers tells; None where it is only possible or nobody takes part."""
    if modality.of(main)[0] == "hypothetical":
        return None
    doers, done_to = parties.doers(doing), parties.targets(members)
    if not (doers or done_to) or (lemma(main.token) in words("weak_triggers") and not doers):
        return None
    return Bare(
        events_relation.final(main),
        tuple(_phrase(parsed, t) for t in doers[:2]),
        tuple(_phrase(parsed, t) for t in done_to[:2]),
        _weight(main, bool(doers), bool(done_to)),
    )


def _weight(main: Trigger, has_doer: bool, has_target: bool) -> float:
    """How sure an event is: parties, a pattern with conditions, a verb, near the top of the sentence."""
    above = sum(1 for _ in main.token.ancestors)
    value = 1.0 * has_doer + 0.7 * has_target + 0.3 * main.pattern.weight[0]
    return (
        value
        - 0.25 * above
        - 0.5 * main.is_noun
        - 1.0 * (lemma(main.token) in words("weak_triggers"))
    )


def _phrase(parsed: Parsed, token: Token) -> Span:
    """The noun phrase around a word, without the clauses and further members that hang on it."""
    kept = [token]
    todo = [c for c in token.children if _belongs(c)]
    while todo:
        word = todo.pop()
        kept.append(word)
        todo += [c for c in word.children if _belongs(c)]
    first, last = min(kept, key=lambda t: t.i), max(kept, key=lambda t: t.i)
    return parsed.span(first, last)


def _belongs(child: Token) -> bool:
    """A preposition of time or occasion ("during a briefing") says when, not who."""
    if child.dep_ == "case":
        return True
    when = child.dep_ == "prep" and (child.i < child.head.i or child.lower_ in _WHEN)
    return child.dep_ not in _OUTSIDE and not when


_WHEN = frozenset(
    ["during", "after", "before", "since", "until", "amid", "following", "over", "despite"]
)
