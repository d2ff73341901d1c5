"""What a text tells without any lexicon: types with the words of the doers and of those it is done to."""

from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline import events_groups, events_relation, modality, sentences
from apps.annotations.pipeline.events_roles import initiators
from apps.annotations.pipeline.events_targets import targets
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed, parse
from apps.annotations.pipeline.triggers import Trigger, lemma
from apps.annotations.pipeline.types import Span

_OUTSIDE = frozenset({"relcl", "acl", "appos", "cc", "conj", "punct", "advcl", "parataxis"})
_NAMED = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})


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
        for group in events_groups.of(parsed.doc):
            doers = [t for member in group.doers for t in initiators(member)][:2]
            done_to = [c.token for member in group.members for c in targets(member)][:2]
            main = group.main
            if modality.of(main)[0] == "hypothetical":
                continue
            parties = [t for t in (*doers, *done_to) if t.pos_ in _NAMED]
            if not parties or (lemma(main.token) in words("weak_triggers") and not doers):
                continue
            found.append(
                Bare(
                    events_relation.final(main),
                    tuple(_phrase(parsed, t) for t in doers),
                    tuple(_phrase(parsed, t) for t in done_to),
                    _weight(main, bool(doers), bool(done_to)) - index,
                )
            )
    return sorted(found, key=lambda bare: -bare.weight)


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
    todo = [c for c in token.children if c.dep_ not in _OUTSIDE]
    while todo:
        word = todo.pop()
        kept.append(word)
        todo += [c for c in word.children if c.dep_ not in _OUTSIDE]
    first, last = min(kept, key=lambda t: t.i), max(kept, key=lambda t: t.i)
    return parsed.span(first, last)
