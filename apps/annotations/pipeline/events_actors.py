"""From words of the parse to actors: the mention that covers a word, stands beside it, or modifies it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from spacy.tokens import Token

from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import ActorMention, PlaceMention

_BESIDE = ("appos",)
_BEFORE = ("compound", "poss", "amod", "nmod")
_LONGEST_SURFACE = 60
_SPEAKING = frozenset({"it", "they", "he", "she"})
_NAMING = frozenset({"call", "name", "dub", "know"})
_Mentioned = TypeVar("_Mentioned", ActorMention, PlaceMention)


@dataclass(slots=True)
class Cast:
    """The actor mentions of one parsed sentence, by token."""

    parsed: Parsed
    by_token: dict[int, ActorMention]
    persons: frozenset[str] = frozenset()  # ids of actors who are persons
    places: dict[int, PlaceMention] = field(default_factory=dict)
    before: str | None = None  # the known actor that the sentence before is about
    countries: Mapping[str, str] = field(default_factory=dict)  # of the known actors

    @classmethod
    def of(
        cls,
        parsed: Parsed,
        mentions: Iterable[ActorMention],
        persons: frozenset[str] = frozenset(),
        places: Iterable[PlaceMention] = (),
        before: str | None = None,
        countries: Mapping[str, str] | None = None,
    ) -> "Cast":
        """Lay the mentions over the tokens; a longer mention wins over a shorter one."""
        here, there = _laid(parsed, mentions), _laid(parsed, places)
        return cls(parsed, here, persons, there, before, countries or {})

    def is_foreign(self, actor: str, others: Iterable[str]) -> bool:
        """Tell whether a known actor is of another country than all of the others."""
        return all(self.countries.get(actor) != self.countries.get(other) for other in others)

    def name(self, mention: ActorMention) -> str:
        """Return the actor's id; of one who is not in the lexicon his well-known name, else the surface."""
        return mention.actor or mention.known or mention.surface[:_LONGEST_SURFACE]

    def resolve(self, token: Token, *, surface: bool = True, clauses: bool = True) -> list[str]:
        """Return the actors a word stands for, its coordinated words' actors included.

        `surface` says whether a noun without any known actor is answered with its own words, `clauses`
        whether an actor in a clause about it will do ("bases that house US troops": right for targets only).
        """
        found: list[str] = []
        for word in (token, *(c for c in token.conjuncts if c.i > token.i)):
            if word.pos_ in {"VERB", "AUX"} and word.i != token.i:
                continue
            for name in self._one(word, surface=surface, clauses=clauses):
                if name not in found:
                    found.append(name)
        return found

    def _one(self, token: Token, *, surface: bool, clauses: bool) -> list[str]:
        mention = self.by_token.get(token.i)
        named = self._beside(token)
        if named and not (mention and mention.actor in self.persons):
            return [named]
        if mention:
            return [self.name(mention)]
        if lemma(token) in words("never_actors"):
            return []
        if token.pos_ == "PRON":
            return self._within(token, clauses=clauses)
        if lemma(token) in words("instruments"):
            return self._modifier(token)
        return (
            self._leader(token)
            or self._modifier(token)
            or self._within(token, clauses=clauses)
            or (self._surface(token) if surface else [])
        )

    def _beside(self, token: Token) -> str | None:
        """A known actor in apposition: "the group's leader, Hassan Nasrallah", "a little-known group, X"."""
        for child in token.children:
            near = self.by_token.get(child.i) if child.dep_ in _BESIDE else None
            if near and near.actor:
                return near.actor
        called = (c for c in token.children if c.dep_ == "acl" and lemma(c) in _NAMING)
        for name in (n for c in called for n in c.children if n.dep_ in {"oprd", "attr", "dobj"}):
            near = self.by_token.get(name.i)
            if near:
                return self.name(near)
        return None

    def _leader(self, token: Token) -> list[str]:
        """The person whose name follows his office: "the leader of the group, Hassan Nasrallah"."""
        if lemma(token) not in words("offices"):
            return []
        for word in token.subtree:
            near = self.by_token.get(word.i)
            if (
                near
                and near.actor in self.persons
                and word.i > token.i
                and word.dep_ in {"appos", "conj", "pobj"}
            ):
                return [str(near.actor)]
        return []

    def speaker(self, token: Token) -> list[str]:
        """Return who speaks; "it" and "they" without a known referent are who spoke the sentence before."""
        names = self.resolve(self.person_of(token))
        if not names and token.lower_ in _SPEAKING and self.before is not None:
            return [self.before]
        return names

    def person_of(self, token: Token) -> Token:
        """Return whom "who" stands for: in "X, the leader of the group, who said" the person, not the group."""
        current = token
        for _ in range(4):
            mention = self.by_token.get(current.i)
            if mention and mention.actor in self.persons:
                return current
            if current.dep_ not in {"pobj", "prep", "appos", "conj", "compound"}:
                break
            current = current.head
        return token

    def _modifier(self, token: Token) -> list[str]:
        for dep in _BEFORE:
            for child in reversed(list(token.children)):
                if child.dep_ == dep and (near := self.by_token.get(child.i)) and near.actor:
                    return [near.actor]
        return []

    def _within(self, token: Token, *, clauses: bool) -> list[str]:
        """An actor in a phrase or clause about the word: "members of the Guard", "bases housing US troops"."""
        if token.pos_ not in {"NOUN", "PROPN", "NUM"}:
            return []
        inside = [
            c for c in token.children if c.dep_ == "prep" and c.lower_ in {"of", "for", "from"}
        ]
        inside += [c for c in token.children if clauses and c.dep_ in {"acl", "relcl"}]
        inside += [
            c
            for c in token.children
            if c.dep_ == "prep" and c.lower_ in {"in", "at", "near", "to", "on"}
        ]
        for child in inside:
            for word in _inside(child):
                near = self.by_token.get(word.i)
                if word.dep_ == "nsubj" and word.pos_ == "PRON":
                    continue  # "groups that he said were rogue" are not him
                if (
                    near
                    and near.actor
                    and word.dep_ in {"pobj", "dobj", "compound", "poss", "amod", "nsubj", "agent"}
                ):
                    return [near.actor]
        return []

    def _surface(self, token: Token) -> list[str]:
        if (place := self.places.get(token.i)) is not None:
            return [place.surface[:_LONGEST_SURFACE]]
        is_name = token.pos_ in {"NOUN", "PROPN"} and lemma(token) not in words("uncounted")
        if not is_name or lemma(token) in words("instruments"):
            return []
        first = token
        for child in token.children:
            if child.dep_ in {"compound", "amod"} and child.i < first.i and child.i >= token.i - 3:
                first = child
        doc = token.doc
        return [doc[first.i : token.i + 1].text[:_LONGEST_SURFACE]]


def _inside(head: Token) -> list[Token]:
    """The words of a phrase, without what only says when: "sites, two days after an American was killed"."""
    found, todo = [], [head]
    while todo:
        word = todo.pop()
        found.append(word)
        owner = word.i != head.i and lemma(word) in words("doers")
        todo += [
            c
            for c in word.children
            if c.lower_ not in {"after", "before"} and not (owner and c.dep_ == "poss")
        ]
    return sorted(found, key=lambda t: t.i)


def _laid(parsed: Parsed, mentions: Iterable[_Mentioned]) -> dict[int, _Mentioned]:
    """Return the mentions by the tokens they cover."""
    by_token: dict[int, _Mentioned] = {}
    inside = [m for m in mentions if m.span.overlaps(parsed.sentence)]
    for mention in sorted(inside, key=lambda m: m.span.end - m.span.start):
        by_token.update((token.i, mention) for token in parsed.within(mention.span))
    return by_token
