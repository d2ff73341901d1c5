"""Parts of speech and base forms, remembered: as the model's own rules give them, each kind of word asked once.

The model's rules look at a word's tag and role, for some words at the word itself (and for "there is" at the
one before). Applied to every word anew they take as long as the parser; so their answers are kept.
"""

from collections.abc import Sequence
from typing import Any, cast

from spacy.language import Language
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.symbols import VERB, expl  # type: ignore[attr-defined]
from spacy.tokens import Doc, Token

_MOST_KEPT = 200_000  # base forms, about 30 MB; a flood of made-up words starts over
_AFTER_THERE = frozenset({"is", "are", "was", "were", "'s", "'re"})
# Stands between two words that are asked together, so that neither is read with the other.
_APART = "."

_Key = tuple[int, int, int]


class WordForms:
    """A pipeline component that sets part of speech and base form, in place of the model's two."""

    def __init__(self, nlp: Language) -> None:
        self._ruler = cast("Any", nlp.get_pipe("attribute_ruler"))
        self._lemmatizer = cast("Any", nlp.get_pipe("lemmatizer"))
        index = self._lemmatizer.lookups.get_table("lemma_index")
        for part in list(index.keys()):
            # Words are looked up in it: a list is read to its end.
            index[part] = frozenset(index[part])
        # Words that a rule names are kept whole; of all others the part of speech follows from tag and role.
        self._named = _named_words(self._ruler.patterns)
        self._whole: dict[_Key, tuple[int, int]] = {}
        self._parts: dict[tuple[int, int], tuple[int, str]] = {}
        self._bases: dict[_Key, int] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set `pos` and `lemma` of each word of a parsed document."""
        self._learn(doc)
        role = 0
        unknown: list[tuple[Token, _Key, str]] = []
        for token in doc:
            if token.lower in self._named:
                token.pos, token.lemma = self._whole[token.orth, token.tag, token.dep]
                if role == expl and token.lower_ in _AFTER_THERE:
                    token.pos = VERB
            else:
                token.pos, form = self._parts[token.tag, token.dep]
                key = (token.orth, token.tag, token.pos)
                base = self._bases.get(key)
                if base is None:
                    unknown.append((token, key, form))
                else:
                    token.lemma = base
            role = token.dep
        if unknown:
            self._learn_bases(doc, unknown)
        return doc

    def _learn(self, doc: Doc) -> None:
        """Ask the model's rules for what is not kept yet."""
        new = []
        for token in doc:
            if token.lower in self._named:
                known = (token.orth, token.tag, token.dep) in self._whole
            else:
                known = (token.tag, token.dep) in self._parts
            if not known:
                new.append(token)
        if not new:
            return
        for token, told in zip(new, self._asked(doc, new), strict=True):
            if token.lower in self._named:
                self._whole[token.orth, token.tag, token.dep] = (told.pos, told.lemma)
            else:
                self._parts[token.tag, token.dep] = (told.pos, str(told.morph))

    def _asked(self, doc: Doc, words: Sequence[Token]) -> list[Token]:
        asked = Doc(doc.vocab, words=[w for token in words for w in (token.text, _APART)])
        for at, token in enumerate(words):
            asked[2 * at].tag, asked[2 * at].dep = token.tag, token.dep
            asked[2 * at + 1].tag_ = _APART
        self._lemmatizer(self._ruler(asked))
        return list(asked)[::2]

    def _learn_bases(self, doc: Doc, unknown: list[tuple[Token, _Key, str]]) -> None:
        """Base forms of words met for the first time in this part of speech."""
        if len(self._bases) > _MOST_KEPT:
            self._bases = {}
        asked = Doc(doc.vocab, words=[token.text for token, _, _ in unknown])
        for told, (token, _, form) in zip(asked, unknown, strict=True):
            told.tag, told.pos = token.tag, token.pos
            told.set_morph(form)  # type: ignore[attr-defined]
        self._lemmatizer(asked)
        for told, (token, key, _) in zip(asked, unknown, strict=True):
            token.lemma = self._bases[key] = told.lemma


def _named_words(patterns: list[dict[str, object]]) -> frozenset[int]:
    """Hashes of the words (in small letters) that the model's rules name."""
    named: set[str] = set()
    for rule in patterns:
        for pattern in rule["patterns"]:  # type: ignore[attr-defined]
            for word in pattern:
                told = word.get("LOWER")
                if isinstance(told, str):
                    named.add(told)
                elif isinstance(told, dict):
                    named |= set(told.get("IN", ()))
    return frozenset(hash_string(word) for word in named)
