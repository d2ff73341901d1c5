"""Which texts tell of the same happening, each in its own words: rare words weigh, common ones do not.

A text is a vector of its words (Salton's tf-idf with logarithmic counts); two texts are as alike as the cosine
of their vectors. How common a word is comes from a table of the language, not from the texts at hand, so that
two texts are as alike today as they will be beside a million others.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from heapq import nlargest
from pathlib import Path
from zlib import crc32

Vector = Mapping[str, float]

SAME = 0.3  # cosine from which a text joins a coverage
WINDOW = timedelta(days=3)  # between a text and the last one of a coverage
MOST_COMPARED = 30  # coverages that a text is compared with, those with most terms in common
TERMS = 24  # heaviest words, by which a text is looked up

_TABLE = Path(__file__).parent / "data" / "word_frequencies.tsv"
_ARTICLE = 1000  # words: how likely a word stands in a text of so many tells how little it says
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_ENDINGS = ("'s", "ing", "ed", "es", "s")
_STEM = 4  # letters that are left at least


@lru_cache(maxsize=256)  # a text is compared with several
def vector(text: str) -> Vector:
    """Return the weights of a text's words: 1 + ln(times) by the word's rarity, of length 1 together.

    Words are folded to small letters and the English endings cut off; a text without words is empty.
    """
    counts = Counter(_stem(match[0].lower().replace("’", "'")) for match in _WORD.finditer(text))
    weights = {
        word: (1 + math.log(times)) * rarity(word)
        for word, times in counts.items()
        if len(word) > 1
    }
    length = math.hypot(*weights.values())
    return {word: weight / length for word, weight in weights.items() if weight} if length else {}


def alike(one: Vector, other: Vector) -> float:
    """Return the cosine of two vectors of length 1, 0 to 1."""
    small, large = sorted((one, other), key=len)
    return min(sum(weight * large.get(word, 0.0) for word, weight in small.items()), 1.0)


def terms(known: Vector) -> list[int]:
    """Return the numbers of the heaviest words (CRC-32 as signed 32 bits), in order."""
    heaviest = nlargest(TERMS, known, key=lambda word: (known[word], word))
    return sorted({crc32(word.encode()) - 2**31 for word in heaviest})


@lru_cache(maxsize=65_536)
def rarity(word: str) -> float:
    """Return how much a word says: minus the logarithm of how likely it stands in a text of 1,000 words."""
    often = _frequencies().get(word, _unlisted())
    return -math.log1p(-((1 - often) ** _ARTICLE))


@cache
def _frequencies() -> dict[str, float]:
    """Uses a word by stem, of the words that are common."""
    found: dict[str, float] = defaultdict(float)
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _, word, million = line.split("\t")
            found[_stem(word)] += float(million) / 1_000_000
    return dict(found)


@cache
def _unlisted() -> float:
    """A word that is not in the table is half as common as the rarest that is."""
    return min(_frequencies().values()) / 2


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word.removesuffix(ending)
    return word


@dataclass(slots=True)
class _Coverage:
    """Texts of one happening, and the sum of their vectors."""

    first: int
    total: dict[str, float]
    last: date | None

    def alike(self, known: Vector) -> float:
        length = math.hypot(*self.total.values())
        return sum(weight * self.total.get(word, 0.0) for word, weight in known.items()) / length

    def add(self, known: Vector, day: date | None) -> None:
        for word, weight in known.items():
            self.total[word] = self.total.get(word, 0.0) + weight
        self.last = max((d for d in (self.last, day) if d), default=None)


def group(texts: Sequence[tuple[Vector, date | None]]) -> list[int]:
    """Return for each text the index of the first of those that tell of the same happening.

    Texts come in by their day, undated ones last. Each joins the coverage that it is most like, from SAME on,
    if that was still written about within WINDOW; else it begins one.
    """
    told = [0] * len(texts)
    known: list[_Coverage] = []
    termed: dict[int, set[int]] = defaultdict(set)
    for index in sorted(range(len(texts)), key=lambda i: (texts[i][1] or date.max, i)):
        words, day = texts[index]
        numbers = terms(words)
        best, joined = SAME, None
        for place in _candidates(numbers, termed, known, day):
            how_much = known[place].alike(words)
            if how_much >= best:
                best, joined = how_much, place
        if joined is None:
            joined = len(known)
            known.append(_Coverage(index, {}, None))
        known[joined].add(words, day)
        told[index] = known[joined].first
        for number in numbers:
            termed[number].add(joined)
    return told


def _candidates(
    numbers: list[int], termed: Mapping[int, set[int]], known: list[_Coverage], day: date | None
) -> Iterator[int]:
    """Coverages of that time that share terms, those that share most first."""
    common = Counter(place for number in numbers for place in termed.get(number, ()))
    found = 0
    for place, _ in common.most_common():
        last = known[place].last
        if day is None or last is None or abs(day - last) <= WINDOW:
            yield place
            found += 1
        if found == MOST_COMPARED:
            return
