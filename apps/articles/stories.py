"""Stories: an article that copies a known one, or takes over whole passages of it, joins its group."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.articles.extract import copies, coverage
from apps.articles.extract.copies import Kind, Wording
from apps.articles.extract.groups import MOST_COMPARED, WINDOW
from apps.articles.models import Article, ArticleVersion, Signature, Story

_MOST_FOUND = 200
_ALIKE = "SELECT version_id FROM articles_alike(%s::int[], %s)"  # most in common first
_MOST_TOLD = 30
# Days first: they are few, and each has an index; two words in common are the least that is worth a comparison.
_TOLD_ALIKE = """
WITH near AS (
    SELECT id FROM articles_article WHERE published_at BETWEEN %s AND %s AND story_id <> %s
    UNION ALL
    SELECT id FROM articles_article
    WHERE published_at IS NULL AND first_seen_at BETWEEN %s AND %s AND story_id <> %s
), shared AS (
    SELECT s.version_id, cardinality(ARRAY(SELECT unnest(s.terms) INTERSECT SELECT unnest(%s::int[]))) AS common
    FROM near JOIN articles_articleversion v ON v.article_id = near.id
    JOIN articles_signature s ON s.version_id = v.id
)
SELECT version_id FROM shared WHERE common > 1 ORDER BY common DESC, version_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a new text is to the known text that it takes most from."""

    story: Story
    kind: Kind  # copy or derived
    share: float  # 0 to 1, see copies.copied_share


def lineage_of(
    text: str, published_at: datetime | None, *, besides: Article | None = None
) -> Lineage | None:
    """Return what a text takes its words from; None where it is a text of its own.

    Known texts are looked up by the marks that they have in common with it, then compared word by word; those
    of the article `besides` do not count.
    """
    known = copies.wording(text)
    best: Lineage | None = None
    for version in alike(known, published_at):
        if besides is not None and version.article_id == besides.pk:
            continue
        theirs = copies.wording(version.text)
        if copies.is_copied(known, theirs):
            share = copies.copied_share(known, theirs)
            if best is None or share > best.share:
                best = Lineage(version.article.story, copies.kind(known, theirs), share)
    return best


def name_wire(story_id: int, agency: str) -> None:
    """Note the agency that a story's text is from, where that was not known yet."""
    if agency:
        Story.objects.filter(pk=story_id, wire_family="").update(wire_family=agency[:40])


def follow(version: ArticleVersion) -> None:
    """Move an article whose text changed to the story that it takes from now, or to one of its own.

    Left where it is: the text that others took from, and what an editor put into a story or took out of one
    (an article of its own text among others, a copy that is alone).
    """
    article = version.article
    own = article.lineage == Article.Lineage.OWN
    alone = not Article.objects.filter(story=article.story_id).exclude(pk=article.pk).exists()
    if own != alone:
        return
    found = lineage_of(version.text, article.published_at, besides=article)
    if found is not None:
        article.story, article.lineage, article.copied_share = found.story, found.kind, found.share
        name_wire(found.story.pk, article.agency)
    elif not own:
        article.story = Story.objects.create(title=version.title, wire_family=article.agency)
        article.lineage, article.copied_share = Article.Lineage.OWN, 0
    article.save(update_fields=["story", "lineage", "copied_share"])


def sign(version: ArticleVersion) -> None:
    """Keep the marks and terms by which the version's text is found."""
    Signature.objects.create(
        version=version,
        marks=copies.marks(copies.wording(version.text)),
        terms=coverage.terms(coverage.vector(told(version))),
    )


def told(version: ArticleVersion) -> str:
    """Return what a version says: headline and text."""
    return f"{version.title}\n{version.text}"


def coverage_of(article: Article) -> list[Article]:
    """Return the articles of other stories that tell of the same happening, those most like it first.

    Found among the days around its publication, or around its first sight where that is not known, by the words
    that they have in common; compared are the newest versions.
    """
    ours = article.latest()
    signature = Signature.objects.filter(version=ours).first()
    if signature is None or not signature.terms:
        return []
    day = article.known_at
    near = (day - coverage.WINDOW, day + coverage.WINDOW, article.story_id)
    with connection.cursor() as cursor:
        cursor.execute(_TOLD_ALIKE, [*near, *near, signature.terms, _MOST_TOLD])
        found = [pk for (pk,) in cursor.fetchall()]
    theirs = ArticleVersion.objects.latest_of_each().filter(pk__in=found)
    words = coverage.vector(told(ours))
    likeness = {
        version.article: coverage.alike(words, coverage.vector(told(version)))
        for version in theirs.defer("raw").select_related("article__source")
    }
    same = [article for article, share in likeness.items() if share >= coverage.SAME]
    return sorted(same, key=lambda article: (-likeness[article], article.pk))


def alike(known: Wording, published_at: datetime | None) -> QuerySet[ArticleVersion]:
    """Return up to 30 latest versions of articles around that time that share marks with a text."""
    # Looked up first, by the index of marks: together with the days, the database would begin with those.
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [copies.marks(known), _MOST_FOUND])
        found = [pk for (pk,) in cursor.fetchall()]
    if not found:
        return ArticleVersion.objects.none()
    return (
        ArticleVersion.objects.latest_of_each()
        .filter(_around(published_at), pk__in=found)
        .select_related("article__story")
        .order_by("-id")[:MOST_COMPARED]
    )


def _around(published_at: datetime | None) -> Q:
    """Articles of the same days; an undated one may copy, or be copied by, what came in lately."""
    lately = Q(article__first_seen_at__gte=timezone.now() - WINDOW)
    if published_at is None:
        return lately
    undated = Q(article__published_at__isnull=True) & lately
    days = (published_at - WINDOW, published_at + WINDOW)
    return Q(article__published_at__range=days) | undated
