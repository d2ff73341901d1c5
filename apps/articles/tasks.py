"""Tasks of the intake: thin wrappers around its verbs.

Polling lives in `apps.sources`, but its tasks are here, where the entries of a poll can be handed to the intake
in the poll's own transaction.
"""

from celery import shared_task
from django.conf import settings

from apps.articles import entries, refetch
from apps.articles.ingest import ingest, ingest_each, waiting
from apps.articles.models import IntakeItem, Refetch
from apps.core.stages import sweep, wake
from apps.sources import poll
from apps.sources.models import Feed


@shared_task(name="sources.poll_due")
def poll_due() -> None:
    """Have every feed polled whose time has come."""
    for pk in poll.waiting().values_list("pk", flat=True):
        wake("sources.poll_feed", pk)


@shared_task(name="sources.poll_feed")
def poll_feed(pk: int) -> None:
    """Poll one feed."""
    poll.poll(Feed.objects.select_related("source").get(pk=pk), take=entries.take)


@shared_task(name="sources.forget_polls")
def forget_polls() -> None:
    """Delete polls that are older than is kept; what a day's polls came to stays."""
    poll.forget(settings.FEED_POLLS_KEPT_DAYS)


@shared_task(name="articles.ingest_waiting")
def ingest_waiting() -> None:
    """Take in what no wake call reached, and what is to be tried again."""
    sweep(IntakeItem, waiting(), _ingest)


@shared_task(name="articles.ingest_items")
def ingest_items(pks: list[int]) -> None:
    """Take some items in; what this task has no time for becomes another one."""
    left = ingest_each(pks)
    if left:
        ingest_items.delay(left)


def _ingest(pk: int) -> None:
    ingest(IntakeItem(pk=pk))  # who claims it reads the row


@shared_task(name="articles.refetch_waiting")
def refetch_waiting() -> None:
    """Visit the pages whose time has come; no other stage wakes these: they wait for the clock."""
    sweep(Refetch, refetch.waiting(), refetch_page)


@shared_task(name="articles.refetch_page")
def refetch_page(pk: int) -> None:
    """Visit the page of one article."""
    refetch.refetch(Refetch.objects.select_related("article").get(pk=pk))
