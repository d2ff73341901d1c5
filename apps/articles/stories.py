"""Stories: an article that copies a known one, or takes over whole passages of it, joins its group."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.articles.extract import copies
from apps.articles.extract.copies import Kind, Wording
from apps.articles.extract.groups import MOST_COMPARED, WINDOW
from apps.articles.models import ArticleVersion, Signature, Story

_MOST_FOUND = 200
_ALIKE = "SELECT version_id FROM articles_alike(%s::int[], %s)"  # most in common first


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a new text is to the known text that it takes most from."""

    story: Story
    kind: Kind  # copy or derived
    share: float  # 0 to 1, see copies.copied_share


def lineage_of(text: str, published_at: datetime | None) -> Lineage | None:
    """Return what a new text takes its words from; None where it is a text of its own.

    Known texts are looked up by the marks that they have in common with it, then compared word by word.
    """
    known = copies.wording(text)
    best: Lineage | None = None
    for version in alike(known, published_at):
        theirs = copies.wording(version.text)
        if copies.is_copied(known, theirs):
            share = copies.copied_share(known, theirs)
            if best is None or share > best.share:
                best = Lineage(version.article.story, copies.kind(known, theirs), share)
    return best


def sign(version: ArticleVersion) -> None:
    """Keep the marks by which the version's text is found."""
    Signature.objects.create(version=version, marks=copies.marks(copies.wording(version.text)))


def alike(known: Wording, published_at: datetime | None) -> QuerySet[ArticleVersion]:
    """Return up to 30 latest versions of articles around that time that share marks with a text."""
    # Looked up first, by the index of marks: together with the days, the database would begin with those.
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [copies.marks(known), _MOST_FOUND])
        found = [pk for (pk,) in cursor.fetchall()]
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
