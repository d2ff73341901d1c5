"""Did it happen? Whether a trigger is reported as a fact, planned, only possible, or denied."""

from spacy.tokens import Token

from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers import Trigger, lemma
from apps.annotations.pipeline.types import Modality

_CLIMB = 8  # how many words up the parse are asked
_CLAUSES = frozenset({"ccomp", "xcomp", "pcomp", "advcl", "acl", "conj", "csubj"})


def of(trigger: Trigger) -> tuple[Modality, str]:
    """Return the modality of a trigger and the word that decides it ("" for a plain fact)."""
    token = trigger.token
    own = _noun_signs(token) if trigger.is_noun else _verb_signs(token)
    if own:
        return own
    for _ in range(_CLIMB):
        head = token.head
        if head.i == token.i or _asserts_itself(token):
            break
        found = _from_head(token, head, is_definite=_is_definite(token))
        if found == "stop":
            break
        if isinstance(found, tuple):
            return found
        token = head
    return "actual", ""


def _asserts_itself(token: Token) -> bool:
    """A relative clause or apposition states its own fact, whatever stands above it."""
    return token.dep_ in {"relcl", "appos", "parataxis"} or (
        token.dep_ == "acl" and token.tag_ == "VBN"
    )


def _verb_signs(verb: Token) -> tuple[Modality, str] | None:
    """Signs on the verb itself: negation, modal verbs, conditions, infinitives of purpose."""
    for child in verb.children:
        word = child.lower_
        if child.dep_ == "neg" or (
            child.dep_ in {"advmod", "preconj"} and word in words("negators")
        ):
            return "negated", word
        if child.dep_ == "mark" and word in words("conditions"):
            return "hypothetical", word
    for child in verb.children:
        word = child.lower_
        if word == "would" and _is_backshifted(verb):
            return "future", word
        if child.dep_ in {"aux", "auxpass"} and word in words("uncertain_modals"):
            return "hypothetical", word
        if child.dep_ in {"aux", "auxpass"} and word in words("future_modals"):
            return "future", word
    if any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children) and verb.dep_ in {
        "advcl",
        "relcl",
        "ROOT",
    }:
        return "hypothetical", "to"
    if (
        verb.tag_ == "VB"
        and verb.dep_ == "ROOT"
        and not any(c.dep_ in {"nsubj", "aux"} for c in verb.children)
    ):
        return "hypothetical", "imperative"
    return None


def _is_backshifted(verb: Token) -> bool:
    """ "Said it would withdraw": the future of somebody who spoke in the past."""
    return (
        verb.dep_ == "ccomp"
        and lemma(verb.head) in words("speech")
        and verb.head.tag_ in {"VBD", "VBN"}
    )


def _noun_signs(noun: Token) -> tuple[Modality, str] | None:
    for child in noun.children:
        if child.dep_ in {"amod", "det", "compound"} and child.lower_ in words(
            "hypothetical_modifiers"
        ):
            return "hypothetical", child.lower_
        if child.dep_ == "det" and child.lower_ == "no":
            return "negated", "no"
    return None


def _is_definite(token: Token) -> bool:
    """ "The attack", "its attack", "Iran's attack": a happening the reader is taken to know."""
    return any(
        (c.dep_ == "det" and c.lower_ in {"the", "this", "that", "these", "those"})
        or c.dep_ == "poss"
        for c in token.children
    )


def _from_head(
    token: Token, head: Token, *, is_definite: bool
) -> tuple[Modality, str] | str | None:
    """What the word above says of the one below: a modality, "stop" (a fact from here on), or nothing."""
    base = lemma(head)
    is_noun = token.pos_ in {"NOUN", "PROPN"}
    if is_noun and token.dep_ in {"nsubj", "nsubjpass"} and is_definite:
        return "stop"
    if head.lower_ in {"to", "in", "of"} and is_noun and _is_ended(head.head):
        return "negated", "end"
    if head.pos_ in {"ADP", "SCONJ"} or (token.dep_ == "conj" and is_noun):
        return ("negated", head.lower_) if head.lower_ == "without" else None
    if head.pos_ in {"NOUN", "PROPN"}:
        return _noun_above(base, head.lower_)
    if head.pos_ not in {"VERB", "AUX", "ADJ"}:
        return None
    governed = _governed(token, base, is_noun=is_noun, is_definite=is_definite)
    if governed:
        return governed
    if is_noun and is_definite and base not in words("light"):
        return "stop"
    if token.dep_ == "advcl" and token.tag_ in {"VBD", "VBZ", "VBP"}:
        return "stop"
    if token.dep_ == "conj" and any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children):
        return "stop"
    return _verb_signs(head)


def _is_ended(verb: Token) -> bool:
    """ "Announced a halt to attacks": the parser may hang "to" on the verb."""
    return any(c.dep_ == "dobj" and lemma(c) in words("negating_ends") for c in verb.children)


def _noun_above(base: str, word: str) -> tuple[Modality, str] | None:
    for name, modality in _ABOVE_NOUNS:
        if base in words(name):
            return modality, word
    return None


_ABOVE_NOUNS: tuple[tuple[str, Modality], ...] = (
    ("hypothetical_nouns", "hypothetical"),
    ("future_nouns", "future"),
    ("negating_nouns", "negated"),
    ("negating_ends", "negated"),
)


def _governed(
    token: Token, base: str, *, is_noun: bool, is_definite: bool
) -> tuple[Modality, str] | str | None:
    """Verbs that change what is said of their complement."""
    complement = token.dep_ in _CLAUSES - {"advcl", "conj"} or (
        is_noun and token.dep_ in {"dobj", "pobj", "nsubjpass"}
    )
    if token.dep_ == "advcl" and base in {"threaten", "accuse"}:
        complement = True
    if not complement or (is_noun and base in words("factive")):
        return "stop" if is_noun and base in words("factive") else None
    if base in words("negating") and not (is_noun and is_definite):
        return "negated", base
    if base in words("future"):
        return "future", base
    if (
        base in words("hypothetical")
        and not (is_noun and is_definite)
        and not _reports(token, base)
    ):
        return "hypothetical", base
    return None


def _reports(token: Token, base: str) -> bool:
    """ "Told reporters that Iran attacked", "suggested that": a full clause in the past states a fact."""
    return (
        token.dep_ == "ccomp"
        and base in words("speech")
        and token.tag_ in {"VBD", "VBZ", "VBN", "VBP"}
        and not any(
            c.lower_ in words("uncertain_modals") | words("future_modals") for c in token.children
        )
    )
