"""Tolls somebody tells: "said 34 had been diagnosed", "put the number of dead at seven", "counted 25 dead"."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from apps.annotations.pipeline import attribution, casualties
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_roles import subject
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import clause
from apps.annotations.pipeline.triggers import lemma


@dataclass(frozen=True, slots=True)
class Told:
    """Numbers that a speaker tells, and the word that tells them."""

    token: Token
    speaker: str
    killed: int | None
    wounded: int | None


def find(doc: Doc, cast: Cast) -> Iterator[Told]:
    """Yield the tolls that a sentence lays in somebody's mouth."""
    for verb in doc:
        if verb.pos_ not in {"VERB", "AUX"}:
            continue
        if lemma(verb) in words("counting_verbs"):
            yield from _put(verb, cast)
        elif lemma(verb) in {"count", "report"}:
            yield from _counted(verb, cast)
        elif lemma(verb) in words("killed_verbs") | words("wounded_verbs"):
            yield from _said(verb, cast)


def _said(verb: Token, cast: Cast) -> Iterator[Told]:
    """A clause of harm below a verb of speech."""
    toll = casualties.of(clause(verb))
    if toll.killed is None and toll.wounded is None:
        return
    said = attribution.of(verb, cast)
    if said is not None and said.act == "asserts":
        yield Told(verb, said.speaker, toll.killed, toll.wounded)


def _put(verb: Token, cast: Cast) -> Iterator[Told]:
    """ "Put the number of dead at seven", "the dead at one child and the wounded at five"."""
    speaker = _speaker(verb, cast)
    if speaker is None:
        return
    edge = verb.right_edge.i + 1
    for token in verb.doc[verb.i : edge]:
        if lemma(token) not in words("counted") and token.lower_ not in words("counted"):
            continue
        after = next((t for t in verb.doc[token.i : edge] if t.lower_ in {"at", "to"}), None)
        if after is None:
            continue
        number = next(
            (n for t in verb.doc[after.i : after.i + 3] if (n := _number(t)) is not None), None
        )
        kind = {w for t in verb.doc[token.i : after.i] for w in (lemma(t), t.lower_)}
        if number is None:
            continue
        if kind & words("wounds"):
            yield Told(token, speaker, None, number)
        elif kind & words("deaths"):
            yield Told(token, speaker, number, None)


def _counted(verb: Token, cast: Cast) -> Iterator[Told]:
    """ "Counted 25 dead", "reported two wounded"."""
    speaker = _speaker(verb, cast)
    after = verb.doc[verb.i + 1 : verb.i + 4]
    number = next((n for t in after if (n := _number(t)) is not None), None)
    if speaker is None or number is None:
        return
    near = {t.lower_ for t in verb.doc[verb.i + 1 : verb.i + 5]}
    if near & words("deaths"):
        yield Told(verb, speaker, number, None)
    elif near & words("wounds"):
        yield Told(verb, speaker, None, number)


def _number(token: Token) -> int | None:
    return casualties.number(token.text) if token.pos_ in {"NUM", "NOUN", "ADJ"} else None


def _speaker(verb: Token, cast: Cast) -> str | None:
    doer = subject(verb)
    names = cast.speaker(doer) if doer is not None else []
    return (
        names[0] if names and doer is not None and lemma(doer) not in words("instruments") else None
    )
