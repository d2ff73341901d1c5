"""What the article page shows, as known at a moment (aware; None: now).

An article is public once public evidence rests on it; coded events never.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from apps.annotations.models import Annotation, Mention
from apps.articles import stories
from apps.articles.models import Article, ArticleVersion
from apps.core.marking import Block, Mark, blocks
from apps.core.stages import StageStatus
from apps.events.models import Evidence
from apps.timelines import wording
from apps.timelines.queries.actors import known_actors
from apps.timelines.queries.evidence import span_href


@dataclass(frozen=True, slots=True)
class Note:
    """A public event that sentences of this version are evidence for."""

    number: int
    evidence: tuple[Evidence, ...]

    @property
    def first(self) -> Evidence:
        """The first of its sentences."""
        return self.evidence[0]


@dataclass(frozen=True, slots=True)
class Named:
    """An actor or place named in the text, and how often."""

    mention: Mention
    times: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The text of one version as marked paragraphs, and everything beside it."""

    article: Article
    version: ArticleVersion
    versions: list[ArticleVersion]
    blocks: list[Block]
    notes: list[Note]
    elsewhere: list[tuple[Evidence, str]]
    actors: list[Named]
    places: list[Named]
    annotation: Annotation | None
    copies: list[Article]
    copies_not_public: int
    told_by_others: list[Article]
    public: bool

    @property
    def latest(self) -> bool:
        """Tell whether the newest version is shown."""
        return self.version.number == self.versions[0].number

    @property
    def removed(self) -> int:
        """Count the characters that were set aside as boilerplate."""
        return sum(block.end - block.start for block in self.blocks if block.removed)


def public_articles(moment: datetime | None = None) -> QuerySet[Article]:
    """Articles that anybody may read: those on which public evidence rests."""
    evidence = Evidence.objects.as_of(moment).filter(article_version__article=OuterRef("pk"))
    return Article.objects.as_of(moment).filter(Exists(evidence))


def page(
    article: Article, number: int | None, staff: bool, moment: datetime | None = None
) -> ArticlePage | None:
    """Return the page of one version (None: the newest); None where there is no such version.

    Machine-read mentions are shown only on public articles, and to staff.
    """
    versions = list(article.versions.as_of(moment).defer("raw", "text").order_by("-number"))
    wanted = [v for v in versions if number is None or v.number == number]
    if not wanted:
        return None
    version = article.versions.defer("raw").get(pk=wanted[0].pk)
    evidence = evidence_in(article, moment)
    here = [row for row in evidence if row.article_version_id == version.pk]
    annotation = _annotation(version) if evidence or staff else None
    mentions = _mentions(annotation, moment) if annotation else []
    notes = _notes(here)
    copies, hidden = _copies(article, moment)
    marks = [*_evidence_marks(notes), *_mention_marks(mentions)]
    return ArticlePage(
        article=article,
        version=version,
        versions=versions,
        blocks=blocks(version.text, marks, _removed(annotation)),
        notes=notes,
        elsewhere=[
            (row, span_href(row, versions[0].number))
            for row in evidence
            if row.article_version_id != version.pk
        ],
        actors=_named(mentions, "actor"),
        places=_named(mentions, "place"),
        annotation=annotation,
        copies=copies,
        copies_not_public=hidden,
        told_by_others=_told_by_others(article, moment),
        public=bool(evidence),
    )


def evidence_in(article: Article, moment: datetime | None) -> list[Evidence]:
    """Return the public evidence that stands in an article, in the order of its text."""
    return list(
        Evidence.objects.as_of(moment)
        .filter(article_version__article=article)
        .select_related("event", "article_version")
        .defer("article_version__text", "article_version__raw")
        .order_by("start", "end", "event__start", "pk")
    )


def _annotation(version: ArticleVersion) -> Annotation | None:
    done = version.annotations.filter(status=StageStatus.DONE)
    return done.order_by("-finished_at", "-pk").first()


def _mentions(annotation: Annotation, moment: datetime | None) -> list[Mention]:
    """What the machine read is the text's, known as the text is; only whom a name meant may be known later.

    A name that meant somebody who was merged since means the one that stands.
    """
    mentions = annotation.mentions.select_related("actor__merged_into", "place__merged_into")
    if moment is not None:
        known = known_actors(moment)
        meant = Q(actor__in=known) | Q(actor__merged_into__in=known)
        mentions = mentions.filter(Q(actor__isnull=True) | meant)
    found = list(mentions.order_by("start", "-end", "pk"))
    for mention in found:
        mention.actor = mention.actor and mention.actor.standing
        mention.place = mention.place and mention.place.standing
    return found


def _notes(evidence: Sequence[Evidence]) -> list[Note]:
    """Number the events in the order in which their first sentence stands in the text."""
    by_event: dict[int, list[Evidence]] = {}
    for row in evidence:
        by_event.setdefault(row.event_id, []).append(row)
    return [Note(number, tuple(rows)) for number, rows in enumerate(by_event.values(), start=1)]


def _evidence_marks(notes: Sequence[Note]) -> list[Mark]:
    """One mark a sentence, whatever the number of events it is evidence for."""
    spans: dict[tuple[int, int], list[int]] = {}
    for note in notes:
        for row in note.evidence:
            spans.setdefault((row.start or 0, row.end or 0), []).append(note.number)
    return [
        Mark(start, end, "evidence", "evidence", f"c{start}-{end}", tuple(sorted(set(numbers))))
        for (start, end), numbers in spans.items()
    ]


def _mention_marks(mentions: Sequence[Mention]) -> list[Mark]:
    return [Mark(m.start, m.end, m.kind, _label(m)) for m in mentions]


def _label(mention: Mention) -> str:
    if mention.actor:
        return gettext("actor: %(name)s") % {"name": mention.actor.name}
    if mention.place:
        return gettext("place: %(name)s") % {"name": mention.place.name}
    if mention.date_from and mention.date_to:
        days = wording.days(mention.date_from, mention.date_to, mention.precision)
        return gettext("date: %(days)s") % {"days": days}
    if mention.kind == Mention.Kind.ACTOR:
        return gettext("actor: not identified")
    if mention.kind == Mention.Kind.PLACE:
        return gettext("place: not identified")
    return gettext("date: not identified")


def _removed(annotation: Annotation | None) -> list[Mark]:
    """What the machine set aside, but for the dateline: it is read apart, yet readers want it."""
    if annotation is None:
        return []
    rows = [row for row in annotation.removed if row.get("why") != "dateline"]
    return [Mark(row["start"], row["end"], "removed", row.get("why", "")) for row in rows]


def _named(mentions: Sequence[Mention], kind: str) -> list[Named]:
    """Count the identified actors or places of the text, most named first."""
    counts: dict[int, list[Mention]] = {}
    for mention in mentions:
        key = mention.actor_id if kind == "actor" else mention.place_id
        if mention.kind == kind and key is not None:
            counts.setdefault(key, []).append(mention)
    found = [Named(rows[0], len(rows)) for rows in counts.values()]
    return sorted(found, key=lambda named: -named.times)


def _copies(article: Article, moment: datetime | None) -> tuple[list[Article], int]:
    """Return the public articles of the same story, and how many others there are."""
    others = Article.objects.as_of(moment).filter(story=article.story_id).exclude(pk=article.pk)
    shown = list(
        public_articles(moment)
        .filter(pk__in=others.values("pk"))
        .select_related("source")
        .order_by("first_seen_at", "pk")
    )
    return shown, others.count() - len(shown)


def _told_by_others(article: Article, moment: datetime | None) -> list[Article]:
    """Return public articles that tell of the same happening in words of their own, one of each story."""
    found = stories.coverage_of(article)
    public = public_articles(moment).filter(pk__in=[other.pk for other in found])
    shown = set(public.values_list("pk", flat=True))
    of_story: dict[int, Article] = {}
    for other in found:
        if other.pk in shown:
            of_story.setdefault(other.story_id, other)
    return list(of_story.values())
