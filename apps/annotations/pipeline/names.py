"""Actors named in a text: names, spellings, acronyms, offices held on the day, capitals that stand for states.

`ActorFinder` is built once from a lexicon and reads any number of texts. Words are looked up in trees of names
(time linear in the text); what the words mean is decided by the words around them and by the whole text.
"""

from collections.abc import Sequence
from datetime import date

from apps.annotations.pipeline import names_context as context
from apps.annotations.pipeline import names_coref, names_titles, names_unknown
from apps.annotations.pipeline.names_forms import ARTICLES, Token, listed
from apps.annotations.pipeline.names_index import NameIndex
from apps.annotations.pipeline.names_trie import Entry, Hit
from apps.annotations.pipeline.names_words import Document, Named, Words
from apps.annotations.pipeline.names_world import is_world
from apps.annotations.pipeline.types import ActorMention, Lexicon, Span

_NAMES = ("alias", "acronym", "surname")
_KINDS = {"surname": "alias", "country": "alias", "capital": "metonym"}


class ActorFinder:
    """Finds the actors of a lexicon, and names that the lexicon does not know, in texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._index = NameIndex(lexicon)

    def find(
        self, text: str, sentences: Sequence[Span], published: date | None = None
    ) -> list[ActorMention]:
        """Return the mentions in order of their place; no two of them overlap.

        `published` decides who holds an office. Pass a text whose boilerplate is blanked
        (`clean.blanked`), so that nothing is found in it.
        """
        document = Document(text, [self._words(text, span) for span in sentences], published)
        for words in document.sentences:
            words.named = self._named(words, document)
        context.settle(document, self._index)
        for words in document.sentences:
            names_titles.join(words, self._index.actors)
            names_unknown.add(words)
        names_unknown.add_last_names(document)
        names_coref.resolve(document, self._index)
        found = [named for words in document.sentences for named in words.named]
        return [
            _mention(text, named, self._index)
            for named in sorted(found, key=lambda n: n.span.start)
        ]

    def _words(self, text: str, span: Span) -> Words:
        told = list(listed(text, span.start, span.end))
        return Words(text, span, told, [token.fold for token in told])

    def _named(self, words: Words, document: Document) -> list[Named]:
        """The longest acceptable name at each word, left to right."""
        found: list[Named] = []
        at = 0
        while at < len(words.tokens):
            named = self._longest(words, at, document)
            if named is not None and words.folds[at] == "the":
                inner = (
                    self._longest(words, at + 1, document) if at + 1 < len(words.tokens) else None
                )
                named = inner if inner is not None and inner.last > named.last else named
            if named is None or _repeats(named, found):
                at += 1
                continue
            found.append(named)
            at = named.last + 1
        return found

    def _longest(self, words: Words, at: int, document: Document) -> Named | None:
        exact: list[Hit] = []
        sounded: list[Hit] = []
        if self._index.exact.begins(words.folds[at]):
            exact = list(self._index.exact.longest(words.tokens, words.folds, words.text, at))
        if words.tokens[at].capital and self._index.sounded.begins(words.skeletons[at]):
            sounded = [
                Hit(hit.first, hit.last, hit.entries, exact=False)
                for hit in self._index.sounded.longest(
                    words.tokens, words.skeletons, words.text, at
                )
            ]
        if not exact and not sounded:
            return None
        for hit in sorted(exact + sounded, key=lambda h: (-h.last, not h.exact)):
            entries = tuple(e for e in hit.entries if _fits(e, hit, words, document.published))
            entries = tuple(e for e in entries if not is_world(e.actor)) or entries
            if entries:
                start = words.start_of(hit.first)
                span = Span(start, words.tokens[hit.last].end)
                return Named(words, hit.first, hit.last, span, entries, hit.exact)
        return None


def _repeats(named: Named, found: list[Named]) -> bool:
    """An office right after its holder's name: "Esmail Ghaani, leader of the Quds Force" names the force."""
    if not found or {entry.how for entry in named.entries} != {"role"}:
        return False
    before = found[-1]
    gap = named.words.text[before.span.end : named.span.start].lower()
    same = {entry.actor for entry in before.entries} & {entry.actor for entry in named.entries}
    return bool(same) and gap in (", ", ", the ") and before.last > before.first


def _fits(entry: Entry, hit: Hit, words: Words, published: date | None) -> bool:
    """The form is valid on the day and its capitals are those of the text."""
    if not entry.on(published):
        return False
    run = words.tokens[hit.first : hit.last + 1]
    if not hit.exact:
        return all(token.capital for token in run if token.fold not in ARTICLES)
    if entry.how == "role":
        return _role_capitals(entry, run)
    return _capitals(entry, run)


def _role_capitals(entry: Entry, run: list[Token]) -> bool:
    """An office may be written in small letters; the country or organisation in it may not."""
    for written, token in zip(entry.words, run, strict=False):
        acronym = written.replace(".", "").isupper() and len(written) > 1
        if acronym and not token.surface.isupper():
            return False
    if run[0].fold in ("us", "america", "united") or entry.words[0][:1].isupper():
        return run[0].capital
    return True


def _capitals(entry: Entry, run: list[Token]) -> bool:
    upper = all(token.surface.isupper() for token in run)
    own = [token for token in run if token.fold not in ARTICLES]
    for written, token in zip(entry.words, own, strict=False):
        if written.replace(".", "").isupper() and len(written) > 1:
            if not token.surface.isupper():
                return False
        elif written[:1].isupper() and not (token.capital or upper):
            return False
    return True


def _mention(text: str, named: Named, index: NameIndex) -> ActorMention:
    entry = named.entry
    kind = named.kind or _KINDS.get(entry.how, entry.how)
    surface = named.span.of(text)
    if is_world(entry.actor):
        kind = "unknown" if entry.how in _NAMES else kind  # a name that the lexicon lacks
        return ActorMention(named.span, surface, None, kind, index.actors[str(entry.actor)].name)
    return ActorMention(named.span, surface, entry.actor, kind)
