"""Stories: an article that copies a known one joins its group."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.articles.extract import copies
from apps.articles.models import ArticleVersion, Story

_WINDOW = timedelta(days=7)
_COPY = 0.7
_MOST_COMPARED = 50


def story_copied_by(text: str, published_at: datetime | None) -> Story | None:
    """Return the story whose text `text` repeats for the most part; None where it is a text of its own."""
    ours = copies.shingles(text)
    best, story = 0.0, None
    for version in _sharing_wording(text, published_at)[:_MOST_COMPARED]:
        share = copies.copied_share(ours, copies.shingles(version.text))
        if share > best:
            best, story = share, version.article.story
    return story if best >= _COPY else None


def _sharing_wording(text: str, published_at: datetime | None) -> QuerySet[ArticleVersion]:
    """Latest versions of articles around that time which hold a whole wording of `text`."""
    wordings = Q(text=text)
    for probe in copies.probes(text):
        wordings |= Q(text__contains=probe)
    return (
        ArticleVersion.objects.latest_of_each()
        .filter(_around(published_at))
        .filter(wordings)
        .select_related("article__story")
        .order_by("-id")
    )


def _around(published_at: datetime | None) -> Q:
    """Articles of the same days; an undated one may copy, or be copied by, what came in lately."""
    lately = Q(article__first_seen_at__gte=timezone.now() - _WINDOW)
    if published_at is None:
        return lately
    undated = Q(article__published_at__isnull=True) & lately
    days = (published_at - _WINDOW, published_at + _WINDOW)
    return Q(article__published_at__range=days) | undated
