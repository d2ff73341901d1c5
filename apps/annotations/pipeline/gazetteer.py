"""The world's towns, from `data/gazetteer.tsv.gz`: GeoNames (CC BY 4.0), by tools/build_gazetteer.py."""

import gzip
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.names_forms import ARTICLES, Token
from apps.annotations.pipeline.names_trie import joined

_FILE = "gazetteer.tsv.gz"


class Town(NamedTuple):
    """A town of a name; `division` is GeoNames' code of its state or province."""

    country: str
    division: str
    lat: float
    lon: float
    people: int  # thousands
    other: bool  # the name is another spelling than its own


def load() -> dict[str, str]:
    """Read the file: name in folded words -> its towns as written, split only where a text names them."""
    with gzip.open(data_files.path(_FILE), "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    return dict(line.split("\t", 1) for line in lines)


_table = cache(load)


@cache
def _lengths() -> dict[str, int]:
    """First word -> words of the longest name that begins with it."""
    found: dict[str, int] = {}
    for key in _table():
        first, _, rest = key.partition(" ")
        length = rest.count(" ") + 2 if rest else 1
        if found.get(first, 0) < length:
            found[first] = length
    return found


@lru_cache(maxsize=4096)
def towns(name: str) -> tuple[Town, ...]:
    """Return the towns of a name in folded words, the largest first."""
    return tuple(_town(cell) for cell in _table().get(name, "").split("\t") if cell)


def _town(cell: str) -> Town:
    country, division, lat, lon, people, *other = cell.split("|")
    return Town(country, division, float(lat), float(lon), int(people), bool(other))


def longest(
    listed: Sequence[Token], folds: Sequence[str], text: str, at: int
) -> tuple[str, int] | None:
    """Return the longest name that begins with word `at`, and its last word; None where there is none."""
    most = _lengths().get(folds[at], 0)
    if not most:
        return None
    table = _table()
    name, words = folds[at], 1
    best = (name, at) if name in table else None
    for last in range(at + 1, len(listed) if most > 1 else at):
        if words == most or not joined(text, listed[last - 1], listed[last]):
            break
        if folds[last] in ARTICLES:
            continue
        name, words = f"{name} {folds[last]}", words + 1
        if name in table:
            best = name, last
    return best
