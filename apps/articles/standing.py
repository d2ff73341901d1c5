"""Whether an article is still at its address, and whether its publisher took it back."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.articles.extract import addresses
from apps.articles.extract.retraction import retraction
from apps.articles.models import Article
from apps.core.stages import wake

logger = logging.getLogger(__name__)


def article_at(url: str) -> Article | None:
    """Return the known article of an address, as it was given or as it names itself."""
    named = Q(url=url)
    try:
        named |= Q(canonical_url=addresses.canonical(url))
    except ValueError:
        logger.info("%s is no address that an article could have", url)
    return Article.objects.filter(named).order_by("pk").first()


def lost(article: Article) -> None:
    """Note that nothing is at the article's address any more."""
    if article.gone_at is None:
        _note(article, gone_at=timezone.now())


def found_again(article: Article) -> None:
    """Note that an article whose address was found empty is there again."""
    if article.gone_at is not None:
        _note(article, gone_at=None)


def note_retraction(article: Article, titles: Iterable[str], text: str) -> None:
    """Believe the publisher's own mark in a title or the first lines; to lift it is an editor's business."""
    note = next(filter(None, (retraction(title, text) for title in titles)), "")
    if note and article.retracted_at is None:
        _note(article, retracted_at=timezone.now(), retraction_note=note)


@transaction.atomic
def _note(article: Article, **values: object) -> None:
    """Write it down and have it brought to what rests on the article."""
    Article.objects.filter(pk=article.pk).update(**values)
    for name, value in values.items():
        setattr(article, name, value)
    wake("events.propagate_waiting")
