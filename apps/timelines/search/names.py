"""Which names a search means, however they are spelt. Plain: values in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from apps.annotations.likeness import likeness
from apps.timelines.search.asked import Term, plain

# A name is rarely longer than this many words in a search.
LONGEST_RUN = 4
# The consonants alone make different words alike; the letters must agree by so much, too (0 to 100).
LEAST_LETTERS = 60
# Names that are less alike than the best one by more than this are not what was meant.
NEAR = 0.1
_SUGGESTED = 55


@dataclass(frozen=True, slots=True)
class Name:
    """A name or alias of somebody, by id."""

    owner: int
    name: str
    person: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """The words `first` to `last` (both included) of a search are a name of these owners, the likest first."""

    first: int
    last: int
    owners: tuple[int, ...]


def meant(terms: Sequence[Term], names: Sequence[Name]) -> list[Meant]:
    """Return which runs of the wanted terms are names; a longer run goes before the shorter ones in it."""
    found: list[Meant] = []
    taken: set[int] = set()
    for length in range(min(LONGEST_RUN, len(terms)), 0, -1):
        for first in range(len(terms) - length + 1):
            places = set(range(first, first + length))
            if places & taken:
                continue
            owners = _owners(" ".join(term.text for term in terms[first : first + length]), names)
            if owners:
                found.append(Meant(first, first + length - 1, owners))
                taken |= places
    return sorted(found, key=lambda one: one.first)


def _owners(words: str, names: Iterable[Name]) -> tuple[int, ...]:
    best: dict[int, float] = {}
    for name in names:
        alike = likeness(words, name.name, person=name.person)
        if alike.score > best.get(name.owner, 0.0) and _letters_agree(words, name):
            best[name.owner] = alike.score
    top = max(best.values(), default=0.0)
    near = [owner for owner, score in best.items() if score >= top - NEAR]
    return tuple(sorted(near, key=lambda owner: (-best[owner], owner)))


def _letters_agree(words: str, name: Name) -> bool:
    """Tell whether the letters agree enough; initials and last names are compared by likeness alone."""
    mine, theirs = plain(words), plain(name.name)
    if len(mine.split()) != len(theirs.replace("-", " ").split()):
        return True
    return bool(fuzz.ratio(mine, theirs) >= LEAST_LETTERS)


def begun(terms: Sequence[Term], names: Iterable[Name]) -> list[int]:
    """Return the owners of names in which every wanted word begins some word."""
    asked = [token for term in terms for token in term.tokens]
    if not asked:
        return []
    owners = {}
    for name in names:
        words = Term(name.name).tokens
        if all(any(word.startswith(token) for word in words) for token in asked):
            owners[name.owner] = True
    return list(owners)


def suggestions(line: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that a line with no result may have been meant to be, the likest first."""
    asked = plain(line)
    scored = {name: fuzz.WRatio(asked, plain(name)) for name in names if plain(name) != asked}
    likely = sorted((-score, name) for name, score in scored.items() if score >= _SUGGESTED)
    return [name for _, name in likely[:most]]
