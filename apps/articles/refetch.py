"""Fetching the pages of articles again, so that what their publishers change or remove is noticed."""

import hashlib

import httpx
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from apps.articles import standing
from apps.articles.extract import addresses
from apps.articles.incoming import Incoming, enqueue
from apps.articles.models import Article, IntakeBatch, IntakeItem, Refetch
from apps.articles.plan import keep_validators, validators_of
from apps.core.stages import StageStatus, attempt
from apps.sources.fetchers import http
from apps.sources.fetching import fetch

Outcome = Refetch.Outcome
_DAILY = "pages fetched again on {:%Y-%m-%d}"


def waiting() -> QuerySet[Refetch]:
    """Visits that are due, oldest first; none where REFETCH_AFTER turned them off."""
    if not settings.REFETCH_AFTER:
        return Refetch.objects.none()
    due: QuerySet[Refetch] = Refetch.objects.due()
    return due.order_by("next_try_at", "pk")


def refetch(visit: Refetch) -> Refetch:
    """Visit an article's page once; safe to repeat. The row tells what came of it.

    What was received is handed to the intake as an item, in the visit's own transaction.
    """
    attempt(visit, lambda answer: _judge(visit, answer), outside=lambda: _ask(visit))
    visit.refresh_from_db()
    return visit


def _ask(visit: Refetch) -> http.Fetched | http.FetchError | None:
    """Fetch the page; None where a later visit will do, the error where asking again cannot help."""
    if _later_is_due(visit):
        return None
    try:
        return fetch(visit.article.url, headers=visit.conditions())
    except http.FetchError as error:
        if not error.permanent:
            raise
        return error


def _judge(visit: Refetch, answer: http.Fetched | http.FetchError | None) -> str:
    if answer is None:
        return _decide(visit, Outcome.SKIPPED)
    if isinstance(answer, http.FetchError):
        if answer.gone:
            standing.lost(visit.article)
            return _decide(visit, Outcome.GONE, error=str(answer))
        return _decide(visit, Outcome.REFUSED, error=str(answer))
    if answer.status == 304:
        standing.found_again(visit.article)
        return _decide(visit, Outcome.UNCHANGED)
    return _received(visit, answer)


def _later_is_due(visit: Refetch) -> bool:
    """After a long standstill one visit is enough: the newest that is due."""
    later = Refetch.objects.filter(
        article=visit.article_id,
        number__gt=visit.number,
        status=StageStatus.WAITING,
        next_try_at__lte=Now(),
    )
    return later.exists()


def _received(visit: Refetch, answer: http.Fetched) -> str:
    """Judge where the page came from, and hand it on unless its very bytes are known."""
    article = visit.article
    astray = _astray(article, answer.url)
    if astray:
        if astray == "front page":
            standing.lost(article)
        return _decide(visit, Outcome.ELSEWHERE, error=f"It redirects to {answer.url}.")
    standing.found_again(article)
    digest = hashlib.sha256(answer.body).hexdigest()
    keep_validators(article.pk, validators_of(answer.headers))
    known = article.versions.order_by("-number").values_list("raw_sha256", flat=True).first()
    if digest == known:
        return _decide(visit, Outcome.UNCHANGED, raw_sha256=digest)
    return _decide(visit, Outcome.READ, raw_sha256=digest, item=_handed_on(visit, answer))


def _astray(article: Article, url: str) -> str:
    """Tell where a visit was led that is not to the article: "front page", "other site", or "" for neither.

    A removed article's address often leads to the front page of its site; another site asks for consent.
    """
    try:
        asked, came = addresses.canonical(article.url), addresses.canonical(url)
    except ValueError:
        return ""
    if asked == came or came == article.canonical_url:
        return ""
    if httpx.URL(came).path == "/":
        return "front page"
    homes = {addresses.site(asked), addresses.site(article.canonical_url)}
    return "" if addresses.site(came) in homes else "other site"


def _handed_on(visit: Refetch, answer: http.Fetched) -> IntakeItem:
    kind = answer.content_type
    if answer.charset:
        kind = f"{kind}; charset={answer.charset}"
    label = _DAILY.format(timezone.now())
    batch = IntakeBatch.objects.filter(label=label).order_by("pk").first()
    item = Incoming(
        label=visit.article.url, raw=answer.body, url=visit.article.url, content_type=kind
    )
    batch = enqueue([item], label=label, batch=batch)
    row = batch.items.filter(url=visit.article.url[:2000]).order_by("-pk")[0]
    IntakeItem.objects.filter(pk=row.pk).update(article=visit.article_id)
    return row


def _decide(visit: Refetch, outcome: str, **values: object) -> str:
    """Write the visit's outcome; it is committed with the work itself."""
    visit.outcome = outcome
    for name, value in values.items():
        setattr(visit, name, value)
    visit.save(update_fields=["outcome", *values])
    return outcome
