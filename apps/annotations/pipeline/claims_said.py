"""Plain statements about what was told before: "Tehran said its response was concluded"."""

from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline.events import Coded
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_roles import antecedent, subject
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import ClaimField

_POINTING = frozenset({"the", "this", "that", "these", "those", "all", "both"})


@dataclass(frozen=True, slots=True)
class Said:
    """A statement and who makes it."""

    verb: Token
    speaker: str
    field: ClaimField
    value: str


def read(parsed: Parsed, cast: Cast, coded: list[Coded]) -> Said | None:
    """Return what the sentence's main verb of speech states of something told before; None for none.

    The speaker is a known actor, the statement's subject points back ("its response", "the moves", "it"),
    and it tells no happening of its own.
    """
    verb = next((t for t in parsed.doc if t.head.i == t.i), None)
    if (
        verb is None
        or lemma(verb) not in words("stating")
        or any(c.dep_ == "neg" for c in verb.children)
    ):
        return None
    doer = subject(verb)
    names = cast.speaker(antecedent(doer)) if doer is not None else []
    known = {m.actor for m in cast.by_token.values()} | {cast.before}
    names = [n for n in names if n in known]
    if not names:
        return None
    if lemma(verb) == "confirm":
        thing = next((c for c in verb.children if c.dep_ == "dobj"), None)
        return (
            Said(verb, names[0], "occurrence", "yes")
            if thing is not None and _points(thing)
            else None
        )
    clause = next((c for c in verb.children if c.dep_ == "ccomp"), None)
    if clause is None or clause.i < verb.i or any(_tells(c, clause) for c in coded):
        return None
    about = next((c for c in clause.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    if about is None or not _points(about):
        return None
    doc = parsed.doc
    return Said(
        verb, names[0], "other", doc[clause.left_edge.i : clause.right_edge.i + 1].text[:200]
    )


def _points(token: Token) -> bool:
    if token.pos_ == "PRON":
        return token.lower_ in {"it", "they", "he", "she", "this", "that"}
    return any(c.dep_ == "poss" or c.lower_ in _POINTING for c in token.children)


def _tells(coded: Coded, clause: Token) -> bool:
    """A dated or coming happening inside the statement: the statement is a report of its own."""
    inside = coded.group.main.token.i in {t.i for t in clause.subtree}
    return inside and (coded.event.date is not None or coded.event.modality == "future")
