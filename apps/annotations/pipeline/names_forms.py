"""Words of a text and the forms under which names are compared: folded, and as a transliteration's skeleton."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from apps.annotations.pipeline import data_files

ARTICLES = frozenset({"al", "el", "ul"})
_APOSTROPHES = "'’‘ʿʾʻʼ`´"
_TOKEN = re.compile(
    rf"(?:[A-Z]\.){{2,}}|[A-Z]\.[A-Z]\b|[^\W_]+(?:[{_APOSTROPHES}](?![sS]\b)[^\W_]+)*", re.UNICODE
)
_LONGEST_TOKEN = 40  # characters; what is longer is no name, and its skeleton would only cost time
_PAIRS = (
    ("tch", "c"),
    ("gh", "k"),
    ("kh", "x"),
    ("sch", "w"),
    ("sh", "w"),
    ("dh", "z"),
    ("zh", "z"),
)
_MORE_PAIRS = (
    ("th", "t"),
    ("ph", "f"),
    ("ch", "w"),
    ("dj", "j"),
    ("ck", "k"),
    ("q", "k"),
    ("v", "w"),
)
_VOWELS = re.compile(r"[aeiouy]+")
_ADJECTIVE = re.compile(r"iy?y?a+h?$")  # Kadhimiya is no Kadhimi
_DOUBLE = re.compile(r"(.)\1+")


class Token(NamedTuple):
    """A word of the text: its run, its surface, its folded form, and whether it begins with a capital."""

    start: int
    end: int
    surface: str
    fold: str
    capital: bool


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Words of `text` between two offsets; a possessive "s" is a word of its own, dots of "U.S." belong."""
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match[0]
        yield Token(match.start(), match.end(), word, fold(word), word[0].isupper())


@lru_cache(maxsize=2048)  # actors and places are sought in the same sentences, one after the other
def listed(text: str, start: int, end: int) -> tuple[Token, ...]:
    """Words between two offsets that have a folded form."""
    return tuple(token for token in tokens(text, start, end) if token.fold)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower-case, without accents, apostrophes and dots."""
    if word.isascii():
        return word.lower().replace("'", "").replace(".", "").replace("`", "")
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c)).lower()


@lru_cache(maxsize=131072)
def folded(name: str) -> tuple[str, ...]:
    """The folded words of a name, without Arabic articles where other words are left."""
    words = tuple(token.fold for token in tokens(name) if token.fold)
    return tuple(word for word in words if word not in ARTICLES) or words


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """The transliteration's skeleton of a folded word: equal for Ghaani and Qaani, Soleimani and Suleimani."""
    word = _ADJECTIVE.sub("1", _variants().get(word, word)[:_LONGEST_TOKEN])
    for pair, letter in _PAIRS + _MORE_PAIRS:
        word = word.replace(pair, letter)
    return _DOUBLE.sub(r"\1", _VOWELS.sub(_vowel, word))


def _vowel(match: re.Match[str]) -> str:
    run = match[0]
    if any(letter in run for letter in "eiy"):
        return "i"
    return "u" if "o" in run or "u" in run else "a"


@cache
def _variants() -> dict[str, str]:
    """Folded spelling -> the spelling that stands for the name."""
    groups = [
        [fold(word) for word in line.split()] for line in data_files.lines("name_variants.txt")
    ]
    return {word: group[0] for group in groups for word in group}
