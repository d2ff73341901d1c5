"""From words of the parse to actors: the mention that covers a word, stands beside it, or modifies it."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import ActorMention

_BESIDE = ("appos",)
_BEFORE = ("compound", "poss", "amod", "nmod")
_LONGEST_SURFACE = 60


@dataclass(slots=True)
class Cast:
    """The actor mentions of one parsed sentence, by token."""

    parsed: Parsed
    by_token: dict[int, ActorMention]

    @classmethod
    def of(cls, parsed: Parsed, mentions: Iterable[ActorMention]) -> "Cast":
        """Lay the mentions over the tokens; a longer mention wins over a shorter one."""
        by_token: dict[int, ActorMention] = {}
        inside = [m for m in mentions if m.span.overlaps(parsed.sentence)]
        for mention in sorted(inside, key=lambda m: m.span.end - m.span.start):
            for token in parsed.doc:
                if parsed.span(token).overlaps(mention.span):
                    by_token[token.i] = mention
        return cls(parsed, by_token)

    def name(self, mention: ActorMention) -> str:
        """Return the actor's id, or the surface of one who is not in the lexicon."""
        return mention.actor or mention.surface[:_LONGEST_SURFACE]

    def resolve(self, token: Token, *, surface: bool = True) -> list[str]:
        """Return the actors a word stands for, its coordinated words' actors included.

        `surface` says whether a noun without any known actor is answered with its own words.
        """
        found: list[str] = []
        for word in (token, *(c for c in token.conjuncts if c.i > token.i)):
            if word.pos_ in {"VERB", "AUX"} and word.i != token.i:
                continue
            for name in self._one(word, surface=surface):
                if name not in found:
                    found.append(name)
        return found

    def _one(self, token: Token, *, surface: bool) -> list[str]:
        mention = self.by_token.get(token.i)
        if mention and mention.actor:
            return [mention.actor]
        for child in token.children:
            if child.dep_ in _BESIDE and (near := self.by_token.get(child.i)) and near.actor:
                return [near.actor]
        if mention:
            return [self.name(mention)]
        if token.pos_ == "PRON" or lemma(token) in words("never_actors"):
            return self._within(token)
        before = self._modifier(token)
        if before:
            return before
        return self._within(token) or (self._surface(token) if surface else [])

    def _modifier(self, token: Token) -> list[str]:
        for dep in _BEFORE:
            for child in reversed(list(token.children)):
                if child.dep_ == dep and (near := self.by_token.get(child.i)) and near.actor:
                    return [near.actor]
        return []

    def _within(self, token: Token) -> list[str]:
        """An actor in an "of" phrase or a clause about the word: "members of the Guard", "bases housing US troops"."""
        if token.pos_ not in {"NOUN", "PROPN", "NUM"}:
            return []
        inside = [
            c for c in token.children if c.dep_ == "prep" and c.lower_ in {"of", "for", "from"}
        ]
        inside += [c for c in token.children if c.dep_ in {"acl", "relcl"}]
        inside += [
            c
            for c in token.children
            if c.dep_ == "prep" and c.lower_ in {"in", "at", "near", "to", "on"}
        ]
        for child in inside:
            for word in child.subtree:
                near = self.by_token.get(word.i)
                if (
                    near
                    and near.actor
                    and word.dep_ in {"pobj", "dobj", "compound", "poss", "amod", "nsubj", "agent"}
                ):
                    return [near.actor]
        return []

    def _surface(self, token: Token) -> list[str]:
        is_name = token.pos_ in {"NOUN", "PROPN"} and lemma(token) not in words("uncounted")
        if not is_name or lemma(token) in words("instruments"):
            return []
        first = token
        for child in token.children:
            if child.dep_ in {"compound", "amod"} and child.i < first.i and child.i >= token.i - 3:
                first = child
        doc = token.doc
        return [doc[first.i : token.i + 1].text[:_LONGEST_SURFACE]]
