"""How many were killed and wounded: numbers, number words and single victims beside verbs and nouns of harm."""

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers import lemma

_LARGEST = 10_000_000
_NOBODY = frozenset({"nobody", "none", "no-one"})


@cache
def _number_words() -> dict[str, int]:
    """Words of numbers; a vague one ("dozens") counts as the least it can mean, the text keeps the wording."""
    return {row["word"]: int(row["value"]) for row in data_files.rows("numbers.csv")}


@dataclass(frozen=True, slots=True)
class Toll:
    """Numbers of killed and wounded; None where the text gives none."""

    killed: int | None = None
    wounded: int | None = None


def number(word: str) -> int | None:
    """Return the value of a number in digits or words ("34", "1,200", "twenty-two", "dozens")."""
    plain = word.lower().replace(",", "")
    if re.fullmatch(r"[0-9]{1,8}", plain):
        value = int(plain)
        return value if value <= _LARGEST else None
    known = _number_words()
    if plain in known:
        return known[plain]
    tens, _, unit = plain.partition("-")
    if tens in known and known.get(unit, 10) < 10 <= known[tens]:
        return known[tens] + known[unit]
    return None


def of(tokens: list[Token]) -> Toll:
    """Return the toll told in one clause."""
    killed = wounded = None
    for token in tokens:
        base = lemma(token)
        if base in words("killed_verbs"):
            killed = _first(killed, _harmed(token))
        elif base in words("wounded_verbs"):
            wounded = _first(wounded, _harmed(token))
        elif base in words("killed_nouns") and token.pos_ == "NOUN":
            killed = _first(killed, _counted_noun(token))
        elif base in words("wounded_nouns"):
            wounded = _first(wounded, _counted_noun(token))
        elif token.lower_ == "dead" and token.dep_ in {
            "acomp",
            "oprd",
            "amod",
            "advmod",
            "xcomp",
            "ccomp",
        }:
            killed = _first(killed, _left_dead(token))
    return Toll(killed, wounded)


def _first(known: int | None, new: int | None) -> int | None:
    return known if known is not None else new


def _harmed(verb: Token) -> int | None:
    """The number of those the verb harmed, from its object, passive subject, or the noun it describes."""
    for patient in _patients(verb):
        if (found := _sum(patient)) is not None:
            return found
    return None


def _patients(verb: Token) -> list[Token]:
    """Whom a verb harmed; "killed or wounded" share theirs."""
    patients = [c for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}]
    if lemma(verb) in {"die", "perish"}:
        patients = [c for c in verb.children if c.dep_ == "nsubj"]
    if patients or verb.tag_ != "VBN":
        return patients
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB":
        return _patients(verb.head)
    return [verb.head] if verb.dep_ in {"acl", "conj", "amod"} else []


def _sum(noun: Token) -> int | None:
    """The number on a noun and on those listed with it: "three soldiers, two policemen and a civilian"."""
    first = _count(noun)
    if first is None:
        return None
    listed = [_count(c) for c in noun.conjuncts if c.i > noun.i]
    return first + sum(n for n in listed if n is not None)


def _count(noun: Token) -> int | None:
    """The number on a noun of people; one for a single person."""
    if lemma(noun) in words("never_actors"):
        return None
    if noun.lower_ in _NOBODY or any(c.lower_ == "no" for c in noun.children):
        return 0
    own = number(noun.text)
    if own is not None and noun.pos_ in {"NUM", "NOUN", "PRON"}:
        return own
    for child in noun.children:
        if child.dep_ in {"nummod", "quantmod", "amod", "det"} and child.pos_ in {
            "NUM",
            "NOUN",
            "ADJ",
            "DET",
        }:
            value = number(child.text)
            if value is not None and (child.dep_ != "det" or _is_person(noun)):
                return value
    return None


def _is_person(noun: Token) -> bool:
    return (
        lemma(noun) in words("casualty_nouns") and noun.tag_ in {"NN", "NNP"}
    ) or noun.tag_ == "NNS"


def _counted_noun(noun: Token) -> int | None:
    """ "34 deaths", "brain injuries of 34 service members", "injuries to four soldiers"."""
    direct = [number(c.text) for c in noun.children if c.dep_ == "nummod"]
    deeper = [
        _count(p)
        for c in noun.children
        if c.dep_ == "prep" and c.lower_ in {"of", "to", "in", "among"}
        for p in c.children
        if p.dep_ == "pobj"
    ]
    return next((v for v in direct + deeper if v is not None), None)


def _left_dead(dead: Token) -> int | None:
    """ "Left three people dead", "five are dead"."""
    holder = dead.head
    people = [
        c for c in holder.children if c.dep_ in {"dobj", "nsubj", "nsubjpass"} and c.i != dead.i
    ]
    people += [c for c in dead.children if c.dep_ == "nsubj"]
    return next((v for v in map(_count, people) if v is not None), None)
