"""When the page of an article is fetched again: planned whole when it was first fetched from the web."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from apps.articles.models import Article, Refetch
from apps.core.stages import StageStatus


def plan(article: Article, first_fetch: datetime, validators: Mapping[str, str]) -> None:
    """Plan the visits that REFETCH_AFTER names; none for what this project wrote or has no web address.

    `validators` are the marks of the answer that the article was read from (see `validators_of`).
    """
    if article.project_written or not article.url.startswith(("http://", "https://")):
        return
    Refetch.objects.bulk_create(
        [
            Refetch(article=article, number=number, next_try_at=first_fetch + after, **validators)
            for number, after in enumerate(settings.REFETCH_AFTER, start=1)
        ],
        ignore_conflicts=True,
    )


def keep_validators(article_id: int, validators: Mapping[str, str]) -> None:
    """Let the visits to come ask whether anything changed since this answer."""
    if validators:
        Refetch.objects.filter(article=article_id, status=StageStatus.WAITING).update(**validators)


def validators_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Return an answer's ETag and Last-Modified; "" for one that is not given or too long to be kept whole."""
    limits = (("etag", "etag", 400), ("last_modified", "last-modified", 100))
    found = {name: (headers.get(header, ""), length) for name, header, length in limits}
    return {
        name: value if len(value) <= length and value.isprintable() else ""
        for name, (value, length) in found.items()
    }
