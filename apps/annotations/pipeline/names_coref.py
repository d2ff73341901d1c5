"""References without a name: pronouns, "the group", a general described but not named, another's spokesman."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from apps.annotations.pipeline import data_files, names_described
from apps.annotations.pipeline.names_described import SHORT_TITLES, is_person, reference
from apps.annotations.pipeline.names_words import Document, Named, Words
from apps.annotations.pipeline.types import ActorEntry

if TYPE_CHECKING:
    from apps.annotations.pipeline.names_index import NameIndex

_HE = frozenset({"he", "his", "him", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_REACH_PERSON = 2  # sentences back
_REACH_GROUP = 3
_REFERRED = ("alias", "surname", "unknown", "role", "acronym", "coreference")


def resolve(document: Document, index: "NameIndex") -> None:
    """Add the references that can be resolved to the sentences' names."""
    people = names_described.People(document, index)
    for number, words in enumerate(document.sentences):
        names_described.appositions(words, index)
        names_described.offices(words, people, index)
        found = [
            *_generic(words, number, document, index),
            *_pronouns(words, number, document, index),
        ]
        if found:
            words.named = sorted(words.named + found, key=lambda n: n.span.start)
        names_described.delegates(words, people, index)


def _pronouns(words: Words, number: int, document: Document, index: "NameIndex") -> Iterator[Named]:
    for at, fold in enumerate(words.folds):
        if (fold not in _HE and fold not in _SHE) or words.covering(at) is not None:
            continue
        antecedent = _person_before(words, at, number, document, index)
        if antecedent is not None and antecedent.actor and _is_she(antecedent) == (fold in _SHE):
            yield reference(words, at, at, antecedent.actor, index)


def _is_she(named: Named) -> bool:
    """A word of the mention says that it is a woman; the lexicon does not."""
    run = named.words.folds[named.first : named.last + 1]
    return not data_files.words("feminine_titles.txt").isdisjoint(run)


def _person_before(
    words: Words, at: int, number: int, document: Document, index: "NameIndex"
) -> Named | None:
    """The nearest person before in the sentence, else the first person of one of the sentences before."""
    here = [n for n in words.named if n.last < at and is_person(n, index)]
    if here:
        return here[-1]
    for earlier in reversed(document.sentences[max(0, number - _REACH_PERSON) : number]):
        persons = [n for n in earlier.named if is_person(n, index)]
        if persons:
            return persons[0]
    return None


def _generic(words: Words, number: int, document: Document, index: "NameIndex") -> Iterator[Named]:
    """ "the group", "the ministry": the nearest actor of the kind, named before."""
    for at, fold in enumerate(words.folds[:-1]):
        if fold != "the":
            continue
        phrase, kinds = _longest_generic(words.folds[at : at + 3])
        last = at + len(phrase) - 1
        if (
            not phrase
            or any(words.covering(i) for i in range(at, last + 1))
            or _goes_on(words, last)
        ):
            continue
        antecedent = _nearest(_before(words, at, number, document), kinds, " ".join(phrase), index)
        if antecedent is not None:
            yield reference(words, at, last, antecedent, index)


def _goes_on(words: Words, last: int) -> bool:
    """A name or "of" follows: the phrase begins a longer one."""
    following = last + 1
    if following >= len(words.tokens) or words.gap_before(following) != " ":
        return False
    return words.tokens[following].capital or words.folds[following] == "of"


def _before(words: Words, at: int, number: int, document: Document) -> Iterator[Named]:
    """Names before word `at`, the nearest first."""
    yield from (n for n in reversed(words.named) if n.last < at)
    for earlier in reversed(document.sentences[max(0, number - _REACH_GROUP) : number]):
        yield from reversed(earlier.named)


def _nearest(
    names: Iterable[Named], kinds: frozenset[str], office: str, index: "NameIndex"
) -> str | None:
    """The nearest actor of one of the kinds; a person only where the text or a role calls him by the office."""
    for named in names:
        actor = index.actors.get(named.actor or "")
        if (
            actor is None
            or actor.kind.replace(" ", "_") not in kinds
            or named.entry.how not in _REFERRED
        ):
            continue
        if actor.kind == "person" and not _is_called(named, actor, office):
            continue
        return actor.id
    return None


def _is_called(named: Named, actor: ActorEntry, office: str) -> bool:
    """A title in the mention or a role of the lexicon says the office's last word."""
    word = office.split()[-1]
    spoken = set(named.words.folds[named.first : named.last + 1])
    if spoken & (SHORT_TITLES.get(word, set()) | {word}):
        return True
    return any(word in role.title.lower().split() for role in actor.roles)


@cache
def _phrases() -> dict[tuple[str, ...], frozenset[str]]:
    rows = data_files.rows("generic_groups.csv")
    return {tuple(row["phrase"].split()): frozenset(row["kinds"].split()) for row in rows}


def _longest_generic(folds: list[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    for length in range(len(folds), 1, -1):
        key = tuple(folds[:length])
        if key in _phrases():
            return key, _phrases()[key]
    return (), frozenset()
