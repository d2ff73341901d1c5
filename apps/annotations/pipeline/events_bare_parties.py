"""Who takes part in an event of a bare text: the words that can name somebody, nearest first."""

from collections.abc import Iterable

from spacy.tokens import Token

from apps.annotations.pipeline.events_roles import initiators, subject
from apps.annotations.pipeline.events_targets import targets as candidates
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import clause
from apps.annotations.pipeline.triggers import Trigger, lemma

_LINKS = frozenset(
    {"to", "on", "with", "from", "against", "of", "for", "by", "between", "into", "at", "in"}
)
_PLACES = frozenset({"in", "at", "near", "outside", "to", "into", "against", "with", "on"})
_CLIMB = 6


def doers(triggers: Iterable[Trigger]) -> list[Token]:
    """Return the words of those who do it; "it" stands for whoever speaks of himself."""
    found = [_spoken(t) for trigger in triggers for t in initiators(trigger)]
    return _once(t for t in found if _can_name(t))


def targets(triggers: list[Trigger]) -> list[Token]:
    """Return the words of those it is done to: names first, then what hangs on them, then places."""
    near = [c.token for trigger in triggers for c in candidates(trigger) if _can_name(c.token)]
    own = {s.i for trigger in triggers for s in initiators(trigger)[:1]}
    named = [found for t in near if (found := _named(t)) is not None]
    around = [] if named else [t for trigger in triggers for t in _around(trigger)]
    return [t for t in _once([*named, *near, *around]) if t.i not in own]


def _once(tokens: Iterable[Token]) -> list[Token]:
    return list({t.i: t for t in tokens}.values())


def _can_name(token: Token) -> bool:
    """Names, nouns and pronouns; of adjectives those of a nation; no times."""
    if lemma(token) in words("never_actors") and token.pos_ != "PRON":
        return False
    capital = token.text[:1].isupper()
    return token.pos_ in {"NOUN", "PROPN", "PRON", "NUM"} or (token.pos_ == "ADJ" and capital)


def _spoken(token: Token) -> Token:
    """The speaker for "it", "he" or "they" in what is said: "the ministry says it has sent aid"."""
    if token.lower_ not in words("pronouns"):
        return token
    above = token
    for _ in range(_CLIMB):
        above = above.head
        if above.dep_ in {"ccomp", "advcl"} and above.head.pos_ == "VERB":
            speaker = subject(above.head)
            if speaker is not None and speaker.i != token.i and speaker.pos_ in {"NOUN", "PROPN"}:
                return speaker
    return token


def _named(token: Token) -> Token | None:
    """The name that a candidate is, or that hangs on it by a preposition ("aid to Mozambique")."""
    if token.pos_ == "PROPN" or lemma(token) in words("doers") or _owner(token):
        return token
    level = [token]
    for _ in range(3):
        level = [
            c
            for t in level
            for link in t.children
            if link.dep_ == "prep" and link.lower_ in _LINKS
            for c in link.children
            if c.dep_ == "pobj" and _can_name(c)
        ]
        hit = next(
            (t for t in level if t.pos_ == "PROPN" or lemma(t) in words("doers") or _owner(t)), None
        )
        if hit is not None:
            return hit
    return None


def _owner(noun: Token) -> bool:
    """A noun that names its owner or nation: "Russia's offer", "Palestinian detainees"."""
    return any(
        c.pos_ in {"PROPN", "ADJ"}
        and c.text[:1].isupper()
        and c.dep_ in {"poss", "compound", "amod"}
        for c in noun.children
    )


def _around(trigger: Trigger) -> list[Token]:
    """Names in the event's own clause: where nothing else is said to be the other side."""
    return [
        t
        for t in clause(trigger.token)
        if t.dep_ == "pobj" and t.pos_ == "PROPN" and t.head.lower_ in _PLACES and _can_name(t)
    ]
