"""The report of a view, to be printed: what it shows, its index, its events in order, and their sources."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from apps.timelines import wording
from apps.timelines.drawing.report_chart import Picture, picture
from apps.timelines.exports.about import About
from apps.timelines.exports.cited import of_view
from apps.timelines.exports.citing import Citation
from apps.timelines.exports.rows import rows
from apps.timelines.exports.shapes import Row, Said, Source
from apps.timelines.queries.index import index
from apps.timelines.tension import Day
from apps.timelines.vocabulary import QUAD_WORDS

MOST: Final = 300
MOST_CLAIMS: Final = 8


@dataclass(frozen=True, slots=True)
class Numbered:
    """A source in the list at the end, under its number."""

    number: int
    source: Source


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the report: its row, its words, the numbers of its sources, its first sentence."""

    row: Row
    days: str
    precision: str  # how well the days are known; "" for an exact day
    kind: str
    tolls: tuple[tuple[str, str, str], ...]  # name, figure, and how far the claims differ
    claims: tuple[Said, ...]
    claims_left_out: int
    sentence: Source | None
    numbers: tuple[int, ...]

    @property
    def who(self) -> str:
        """Who acted on whom, in one line."""
        by, to = (", ".join(self.row.names(role)) for role in ("initiator", "target"))
        return " → ".join(filter(None, [by, to]))


@dataclass(frozen=True, slots=True)
class Report:
    """All that templates/timelines/report.html prints."""

    about: About
    chart: Picture
    peak: Day | None
    last: Day | None
    quads: list[tuple[int, str, int]]
    contested: int
    imprecise: int
    events: list[Told]
    left_out: int
    sources: list[Numbered]
    citation: Citation


def report(about: About) -> Report:
    """Read the report of a view: its first 300 events, and of how many more there are."""
    chosen = about.chosen
    shown = chosen.filters
    days, part = index(chosen.scope, shown, chosen.as_of, chosen.actor_ids)
    found = list(islice(rows(chosen), MOST))
    sources = _Sources()
    events = [_told(row, sources) for row in found]
    counts = Counter(row.quad for row in found)
    return Report(
        about=about,
        chart=picture(days, part, shown.start, shown.end),
        peak=max(days, key=lambda day: day.value) if days else None,
        last=days[-1] if days else None,
        quads=[(quad, str(QUAD_WORDS[quad]), counts[quad]) for quad in (4, 3, 2, 1)],
        contested=sum(row.contested for row in found),
        imprecise=sum(row.precision != "day" for row in found),
        events=events,
        left_out=about.count - len(found),
        sources=sources.found,
        citation=of_view(about),
    )


class _Sources:
    """The sources in the order in which the report first names them, each address once."""

    def __init__(self) -> None:
        self.found: list[Numbered] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, source: Source) -> int:
        key = (source.url, "" if source.url else f"{source.publisher} {source.title}")
        if key not in self._numbers:
            self._numbers[key] = len(self.found) + 1
            self.found.append(Numbered(self._numbers[key], source))
        return self._numbers[key]


def _told(row: Row, sources: _Sources) -> Told:
    exact = row.precision == "day" and row.start == row.end
    return Told(
        row=row,
        days=wording.days(row.start, row.end, row.precision),
        precision="" if exact else wording.precision_in_words(row.start, row.end, row.precision),
        kind=wording.type_in_words(row.type, row.mode),
        tolls=tuple(_tolls(row)),
        claims=row.claims[:MOST_CLAIMS],
        claims_left_out=max(0, len(row.claims) - MOST_CLAIMS),
        sentence=next((source for source in row.sources if source.quote), None),
        numbers=tuple(dict.fromkeys(sources.number(source) for source in row.sources)),
    )


def _tolls(row: Row) -> Sequence[tuple[str, str, str]]:
    named = (("killed", row.killed), ("wounded", row.wounded))
    return [
        (name, wording.figure(t.value, t.low, t.high), wording.spread(t.value, t.low, t.high))
        for name, t in named
        if t.high is not None
    ]
