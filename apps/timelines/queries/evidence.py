"""The evidence of events as pages show it: quotes in their context, grouped into independent reports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest, Substr
from django.urls import reverse
from django.utils.translation import gettext

from apps.articles.models import Article, ArticleVersion
from apps.core import marking
from apps.events.independence import Count, Lineage, Piece, count, lineages
from apps.events.lineages import Lineages, with_lineage
from apps.events.models import Event, Evidence
from apps.timelines import explaining, wording

# Characters around a quote that are read from the database; `marking.context` shows whole sentences of them.
AROUND = 600


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article that bears on the event, in a little context."""

    evidence: Evidence
    article: Article
    before: str
    after: str
    href: str


@dataclass(frozen=True, slots=True)
class Report:
    """What has one origin: copies of a text, pages that carry one wire. `wire` names it where that is why."""

    quotes: tuple[Quote, ...]
    cited: tuple[Evidence, ...]
    wire: str = ""
    sample: bool = False

    @property
    def title(self) -> str:
        """Name it by its first article, else by its first cited page."""
        if self.quotes:
            return self.quotes[0].article.story.title
        return self.cited[0].publisher or self.cited[0].url

    @property
    def pages(self) -> str:
        """How many pages tell it, where they are several."""
        number = len({quote.article.pk for quote in self.quotes}) + len(self.cited)
        return wording.counted(number, "page") if number > 1 else ""

    @property
    def spread(self) -> str:
        """How far it was spread, and why it is one report all the same; empty where one page alone tells it."""
        if self.pages and self.wire:
            told = gettext("%(pages)s that carry %(wire)s") % {
                "pages": self.pages,
                "wire": self.wire,
            }
        elif self.pages:
            told = self.pages
        else:
            return gettext("carries %(wire)s") % {"wire": self.wire} if self.wire else ""
        return told if self.sample else gettext("%(pages)s: one report") % {"pages": told}


@dataclass(frozen=True, slots=True)
class Reports:
    """All public evidence of an event by independent report, samples after the others, and how it counts."""

    reports: tuple[Report, ...] = ()
    samples: tuple[Report, ...] = ()
    count: Count = field(default_factory=Count)
    against: Count = field(default_factory=Count)  # of what contradicts the event
    pieces: Mapping[int, Piece] = field(default_factory=dict)  # by evidence id

    @property
    def all(self) -> tuple[Report, ...]:
        """The reports, then the samples."""
        return (*self.reports, *self.samples)

    @property
    def told(self) -> list[Report]:
        """Reports with something to show under a heading: sentences, or several pages; then the samples."""
        return [report for report in self.all if report.quotes or report.pages]

    @property
    def single(self) -> list[Evidence]:
        """Cited pages that are a report each."""
        return [row for r in self.reports if not (r.quotes or r.pages) for row in r.cited]

    @property
    def words(self) -> str:
        """The count in words: "3 independent reports (11 articles)"."""
        if not self.against.reports:
            return explaining.reports(self.count)
        return gettext("%(reports)s; %(against)s to the contrary") % {
            "reports": explaining.reports(self.count),
            "against": wording.counted(self.against.reports, "report"),
        }

    @property
    def sample_words(self) -> str:
        """What of it was written for this project, in a sentence; empty where nothing was."""
        return explaining.samples(self.count)

    @property
    def first_quotes(self) -> list[Quote]:
        """The first sentence of each of the first three reports that have one."""
        return [report.quotes[0] for report in self.all if report.quotes][:3]

    def quotes(self) -> dict[int, Quote]:
        """Return every quote by the id of its evidence."""
        return {quote.evidence.pk: quote for report in self.all for quote in report.quotes}

    def cited(self) -> dict[int, Evidence]:
        """Return every cited page by its id."""
        return {row.pk: row for report in self.all for row in report.cited}


def evidence_of(events: Iterable[Event], moment: datetime | None = None) -> QuerySet[Evidence]:
    """Return the public evidence of events as of a moment, with articles and the text around each quote."""
    return in_context(Evidence.objects.as_of(moment).filter(event__in=list(events)), moment)


def in_context(rows: QuerySet[Evidence], moment: datetime | None) -> QuerySet[Evidence]:
    """Load with evidence its articles and the text around each quote, in the order of known time.

    An article's newest version is the one of the moment (aware; None: now).
    """
    latest = ArticleVersion.objects.as_of(moment).filter(
        article=OuterRef("article_version__article")
    )
    return (
        with_lineage(rows)
        .annotate(
            latest_version=Subquery(latest.order_by("-number").values("number")[:1]),
            replaced_at=F("replaced_by__known_at"),
            window=Substr(
                "article_version__text",
                Greatest(F("start") - AROUND, 0) + 1,
                F("end") - F("start") + 2 * AROUND,
            ),
        )
        .order_by("known_at", "pk")
    )


def quote(evidence: Evidence) -> Quote | None:
    """Return an evidence row of `evidence_of` as a quote; None for a cited source."""
    version = evidence.article_version
    if version is None or evidence.start is None or evidence.end is None:
        return None
    offset = max(evidence.start - AROUND, 0)
    window: str = evidence.window  # type: ignore[attr-defined]
    start, end = evidence.start - offset, evidence.end - offset
    cut = offset > 0, len(window) == end + AROUND
    before, after = marking.context(window, start, end, cut=cut)
    latest: int = evidence.latest_version  # type: ignore[attr-defined]
    return Quote(evidence, version.article, before, after, span_href(evidence, latest))


def span_href(evidence: Evidence, latest: int) -> str:
    """Return the address of the evidence's sentence in its article, in the version that says it."""
    version = evidence.article_version
    if version is None:
        return evidence.url
    older = "" if version.number == latest else f"?version={version.number}"
    page = reverse("article", args=[version.article_id])
    return f"{page}{older}#c{evidence.start}-{evidence.end}"


def reports(evidence: Iterable[Evidence]) -> Reports:
    """Group evidence rows of `evidence_of` into independent reports (see events/independence.py)."""
    reader = Lineages()
    rows = [(row, reader.piece(row)) for row in evidence]
    found = lineages(piece for _, piece in rows)
    samples = _by_story(piece for _, piece in rows if piece.sample)
    against = Evidence.Stance.CONTRADICTS
    return Reports(
        reports=tuple(_report(lineage.pieces, rows, _wire(lineage)) for lineage in found),
        samples=tuple(_report(pieces, rows, sample=True) for pieces in samples),
        count=count(piece for row, piece in rows if row.stance != against),
        against=count(piece for row, piece in rows if row.stance == against),
        pieces={row.pk: piece for row, piece in rows},
    )


def _by_story(pieces: Iterable[Piece]) -> list[list[Piece]]:
    stories: dict[str, list[Piece]] = {}
    for piece in pieces:
        stories.setdefault(piece.story, []).append(piece)
    return list(stories.values())


def _wire(lineage: Lineage) -> str:
    """Name the wire that makes several pages one report, as a page writes it."""
    wires = {wire for piece in lineage.pieces for wire in piece.wires}
    return next((key for key in sorted(lineage.keys) if key.removeprefix("wire ") in wires), "")


def _report(
    pieces: Sequence[Piece],
    rows: Sequence[tuple[Evidence, Piece]],
    wire: str = "",
    sample: bool = False,
) -> Report:
    told = {id(piece) for piece in pieces}
    evidence = [row for row, piece in rows if id(piece) in told]
    quotes = tuple(found for row in evidence if (found := quote(row)) is not None)
    cited = tuple(row for row in evidence if row.article_version_id is None)
    return Report(quotes, cited, _written(wire.removeprefix("wire "), evidence), sample)


def _written(wire: str, evidence: Iterable[Evidence]) -> str:
    """Return the wire's name as one of the pages writes it, else in capitals."""
    if not wire:
        return ""
    names = [row.carries for row in evidence]
    articles = (row.article_version.article for row in evidence if row.article_version is not None)
    names += [name for a in articles for name in (a.agency, a.story.wire_family)]
    return next((name for name in names if name.lower() == wire), wire.upper())
