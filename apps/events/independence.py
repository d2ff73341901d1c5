"""How many independent reports tell something. Plain: values in, values out.

The one definition, used by the headline rule, the event page and the timeline:
- Articles of one story (copies of a text) are one report.
- Stories and cited pages that carry the same wire are one report.
- A cited page that carries no wire counts by its domain: two pages of one paper are one report, and so are an
  article and a cited page of the same paper.
- A page that carries two wires is a further report only where neither is counted yet.
- Samples that were written for this project confirm nothing and are no report.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Names of one agency or paper, as articles and dossiers write them.
_NAMES = {
    "associated press": "ap",
    "the associated press": "ap",
    "agence france-presse": "afp",
    "agence france presse": "afp",
    "united press international": "upi",
    "deutsche presse-agentur": "dpa",
    "dpa-afx": "dpa",
    "the new york times": "nyt",
    "new york times": "nyt",
    "thomson reuters": "reuters",
}
# What a publisher writes on its own site is what others carry under its name.
_HOMES = {
    "apnews.com": "ap",
    "reuters.com": "reuters",
    "afp.com": "afp",
    "upi.com": "upi",
    "nytimes.com": "nyt",
    "cnn.com": "cnn",
    "foxnews.com": "fox news",
    "xinhuanet.com": "xinhua",
    "news.cn": "xinhua",
    "aa.com.tr": "anadolu",
    "kyodonews.net": "kyodo",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One article or cited page: `page` names it, `story` groups copies ("" for a cited page).

    `wires` are the agencies whose text it carries, as `wires_of` gives them; `domain` is its publisher's.
    """

    page: str
    story: str = ""
    wires: tuple[str, ...] = ()
    domain: str = ""
    sample: bool = False


@dataclass(slots=True)
class Lineage:
    """Pieces that are one report, in the order given."""

    keys: set[str]
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Count:
    """How often something is told: reports, and the articles and cited pages they are told in."""

    reports: int = 0
    articles: int = 0
    cited: int = 0
    samples: int = 0

    @property
    def words(self) -> str:
        """The count in words: "3 independent reports (11 articles)"."""
        if not self.reports:
            return "no independent report"
        parts = [_counted(self.articles, "article")] if self.articles else []
        parts += [_counted(self.cited, "cited page")] if self.cited else []
        return f"{_counted(self.reports, 'independent report')} ({', '.join(parts)})"

    @property
    def sample_words(self) -> str:
        """What of it was written for this project, in a sentence; empty where nothing was."""
        if not self.samples:
            return ""
        told = _counted(self.samples, "article")
        if not self.reports:
            return (
                f"All of it ({told}) was written for this project as a sample and confirms nothing."
            )
        beside = "it" if self.reports == 1 else "them"
        one = self.samples == 1
        return (
            f"{told} beside {beside} {'was' if one else 'were'} written for this project as a sample "
            f"and {'confirms' if one else 'confirm'} nothing."
        )


def wires_of(*names: str) -> tuple[str, ...]:
    """Return the wires that the first non-empty name tells: "Reuters/AP" is two, in lower case."""
    told = next((name for name in names if name.strip()), "")
    parts = (" ".join(part.lower().split()) for part in re.split(r"[/;,+&]", told))
    return tuple(dict.fromkeys(_NAMES.get(part, part) for part in parts if part))


def host_of(url: str) -> str:
    """Return the host of an address without "www."; "" where it has none."""
    host = (urlsplit(url).hostname or "").lower()
    return host.removeprefix("www.")


def domain_of(host: str, known: Collection[str]) -> str:
    """Return the known publisher's domain that the host belongs to, the longest one, else the host itself."""
    labels = host.split(".")
    steps = (".".join(labels[first:]) for first in range(len(labels) - 1))
    return next((step for step in steps if step in known), host)


def lineages(pieces: Iterable[Piece]) -> list[Lineage]:
    """Group pieces into independent reports, in the order in which each is first told; samples are left out."""
    rows = [piece for piece in pieces if not piece.sample]
    carried = _carried(rows)
    keyed = [(piece, _keys(piece, carried)) for piece in rows]
    # What is told without doubt comes first: a page with two wires joins one that is there already.
    keyed.sort(key=lambda pair: (not pair[0].story, len(pair[1])))
    found: list[Lineage] = []
    for piece, keys in keyed:
        lineage = next((known for known in found if known.keys & keys), None)
        lineage = lineage or _of_same_paper(piece, keys, found)
        if lineage is None:
            lineage = Lineage(set(keys))
            found.append(lineage)
        lineage.pieces.append(piece)
    place = {id(piece): number for number, piece in enumerate(rows)}
    for lineage in found:
        lineage.pieces.sort(key=lambda piece: place[id(piece)])
    return sorted(found, key=lambda lineage: place[id(lineage.pieces[0])])


def _carried(pieces: Sequence[Piece]) -> dict[str, set[str]]:
    """Return the wires of each story: one copy that names the agency tells it for all."""
    carried: dict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        if piece.story:
            carried[piece.story].update(piece.wires)
    return carried


def _keys(piece: Piece, carried: dict[str, set[str]]) -> frozenset[str]:
    wires = carried[piece.story] if piece.story else set(piece.wires)
    home = _HOMES.get(piece.domain)
    if not wires and home:
        wires = {home}
    if wires:
        return frozenset(f"wire {name}" for name in wires)
    return frozenset({f"story {piece.story}" if piece.story else f"domain {piece.domain}"})


def _of_same_paper(piece: Piece, keys: frozenset[str], found: Sequence[Lineage]) -> Lineage | None:
    """Return the report that a cited page without a wire belongs to: of an article of the same paper."""
    if piece.story or f"domain {piece.domain}" not in keys:
        return None
    return next(
        (
            lineage
            for lineage in found
            if any(other.story and other.domain == piece.domain for other in lineage.pieces)
        ),
        None,
    )


def count(pieces: Iterable[Piece]) -> Count:
    """Count independent reports, and the different articles and cited pages they are told in."""
    rows = list(pieces)
    real = [piece for piece in rows if not piece.sample]
    return Count(
        reports=len(lineages(real)),
        articles=len({piece.page for piece in real if piece.story}),
        cited=len({piece.page for piece in real if not piece.story}),
        samples=len({piece.page for piece in rows if piece.sample}),
    )


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
