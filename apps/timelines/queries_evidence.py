"""The evidence of events as pages show it: quotes in their context, grouped into independent reports."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest, Substr
from django.urls import reverse

from apps.articles.models import Article, ArticleVersion, Story
from apps.core import marking
from apps.events.models import Event, Evidence
from apps.timelines import wording

# Characters around a quote that are read from the database; `marking.context` shows whole words of them.
AROUND = 200


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
    """The quotes that come from one story: copies of a text are one report."""

    story: Story
    quotes: tuple[Quote, ...]

    @property
    def project_written(self) -> bool:
        """Tell whether all of it was written for this project as a sample."""
        return all(quote.article.project_written for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class Reports:
    """All article evidence of an event by story, and how it counts."""

    stories: tuple[Report, ...]
    cited: tuple[Evidence, ...]

    @property
    def articles(self) -> int:
        """Count the articles with a sentence that bears on the event."""
        return len({quote.article.pk for story in self.stories for quote in story.quotes})

    @property
    def sample_words(self) -> str:
        """How much of it was written for this project as a sample, in a sentence; empty where nothing was."""
        samples = sum(story.project_written for story in self.stories)
        if not samples:
            return ""
        among = (
            f"{wording.counted(samples, 'report')} among them {'was' if samples == 1 else 'were'}"
        )
        told = "All of it was" if samples == len(self.stories) else among
        return f"{told} written for this project as a sample and confirms nothing."

    @property
    def words(self) -> str:
        """The count in words: "3 independent reports (11 articles)"."""
        if not self.stories:
            return "no article's sentence yet"
        reports = wording.counted(len(self.stories), "independent report")
        return f"{reports} ({wording.counted(self.articles, 'article')})"

    @property
    def first_quotes(self) -> list[Quote]:
        """The first sentence of each of the first three stories."""
        return [story.quotes[0] for story in self.stories[:3]]


def evidence_of(events: Iterable[Event]) -> QuerySet[Evidence]:
    """Return the public evidence of events, with articles, stories and the text around each quote."""
    latest = ArticleVersion.objects.filter(article=OuterRef("article_version__article"))
    return (
        Evidence.objects.public()
        .filter(event__in=list(events))
        .select_related("article_version__article__source", "article_version__article__story")
        .defer("article_version__text", "article_version__raw")
        .annotate(
            latest_version=Subquery(latest.order_by("-number").values("number")[:1]),
            window=Substr(
                "article_version__text",
                Greatest(F("start") - AROUND, 0) + 1,
                F("end") - F("start") + 2 * AROUND,
            ),
        )
        .order_by(F("known_at").asc(nulls_last=True), "pk")
    )


def quote(evidence: Evidence) -> Quote | None:
    """Return an evidence row of `evidence_of` as a quote; None for a cited source."""
    version = evidence.article_version
    if version is None or evidence.start is None or evidence.end is None:
        return None
    offset = max(evidence.start - AROUND, 0)
    window: str = evidence.window  # type: ignore[attr-defined]
    before, after = marking.context(window, evidence.start - offset, evidence.end - offset)
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
    """Group evidence rows of `evidence_of` by story; cited sources stand apart."""
    stories: dict[int, list[Quote]] = {}
    cited = []
    for row in evidence:
        found = quote(row)
        if found is None:
            cited.append(row)
        else:
            stories.setdefault(found.article.story_id, []).append(found)
    grouped = tuple(Report(quotes[0].article.story, tuple(quotes)) for quotes in stories.values())
    return Reports(grouped, tuple(cited))
