"""How alike two names are, as the same name is spelt in different articles. Plain: values in, values out."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

# Below this a likeness is no reason to suggest anything.
LEAST = 0.7
_SAME, _REORDERED, _TRANSLITERATED, _INITIALS, _LAST_NAME = 0.98, 0.94, 0.9, 0.85, 0.75
# One slip of a letter in a long name is no other name; in a short one it may be.
_LEAST_RATIO, _OF_RATIO, _LEAST_LENGTH = 88, 0.92, 6
_SKIPPED = frozenset({"al", "el", "as", "ash", "ad", "an", "the", "of", "and", "for"})
# Letters that transliterations use for one another; what is left after these and the vowels is compared.
_LETTERS = (
    ("kh", "h"),
    ("gh", "k"),
    ("ph", "f"),
    ("dh", "d"),
    ("th", "t"),
    ("q", "k"),
    ("c", "k"),
    ("w", "v"),
)
_VOWELS = re.compile(r"[aeiouy']+")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike (0 to 1) two names are, and in what."""

    score: float
    why: str = ""


def likeness(name: str, known: str, *, person: bool) -> Likeness:
    """Compare a name of an article with a known one; `person`: the known one is a person's."""
    mine, theirs = _words(name), _words(known)
    if not mine or not theirs:
        return Likeness(0.0)
    if mine == theirs:
        return Likeness(_SAME, f"spelt like “{known}” but for accents, hyphens or articles")
    if sorted(mine) == sorted(theirs):
        return Likeness(_REORDERED, f"the words of “{known}” in another order")
    if _skeletons(mine) and _skeletons(mine) == _skeletons(theirs):
        return Likeness(_TRANSLITERATED, f"another transliteration of “{known}”")
    if _are_initials(name, known) or _are_initials(known, name):
        return Likeness(
            _INITIALS,
            f"the initials of “{known}”" if len(name) < len(known) else f"“{known}” written out",
        )
    if person and len(mine) == 1 and len(theirs) > 1 and _last(mine) == _last(theirs):
        return Likeness(_LAST_NAME, f"the last name of “{known}”")
    return _almost(" ".join(mine), " ".join(theirs), known)


def _almost(mine: str, theirs: str, known: str) -> Likeness:
    ratio = fuzz.ratio(mine, theirs)
    if ratio < _LEAST_RATIO or min(len(mine), len(theirs)) < _LEAST_LENGTH:
        return Likeness(0.0)
    return Likeness(round(_OF_RATIO * ratio / 100, 3), f"almost “{known}”")


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name without accents, marks and articles, in lower case."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", re.sub(r"['’‘`.]", "", plain))
    return tuple(word for word in words if word not in _SKIPPED) or tuple(words)


@lru_cache(maxsize=20_000)
def _skeleton(word: str) -> str:
    for letters, one in _LETTERS:
        word = word.replace(letters, one)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", word))


def _skeletons(words: tuple[str, ...]) -> tuple[str, ...]:
    """The consonants of each word; a word of one consonant says too little."""
    found = tuple(_skeleton(word) for word in words)
    return found if any(len(word) > 2 for word in found) else ()


def _last(words: tuple[str, ...]) -> str:
    skeleton = _skeleton(words[-1])
    return skeleton if len(skeleton) > 2 else words[-1]


def _are_initials(short: str, long: str) -> bool:
    """Tell whether `short` ("IAEA", "I.A.E.A.") is made of the first letters of the words of `long`."""
    letters = short.replace(".", "").replace(" ", "")
    if not letters.isupper() or not 3 <= len(letters) <= 8 or len(_words(long)) < 3:
        return False
    words = re.findall(r"\w+", long)
    spelt = {
        "".join(w[0] for w in words),
        "".join(w[0] for w in words if w.lower() not in _SKIPPED),
    }
    return letters.casefold() in {one.casefold() for one in spelt}
