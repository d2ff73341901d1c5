"""Tasks of the annotation: thin wrappers around its verb."""

import time

from celery import shared_task
from django.utils import timezone

from apps.annotations.annotate import annotate, waiting
from apps.annotations.models import Annotation
from apps.articles.models import ArticleVersion

# Below the queue's visibility timeout: a sweep that runs longer would be started twice.
SWEEP_SECONDS = 60


@shared_task(name="annotations.annotate_waiting")
def annotate_waiting() -> None:
    """Read what no wake call reached, what is to be tried again, and all of it for a new pipeline version."""
    Annotation.objects.set_lost_aside(timezone.now())
    until = time.monotonic() + SWEEP_SECONDS
    for pk in list(waiting().values_list("pk", flat=True)[:1000]):
        if time.monotonic() > until:
            break
        annotate_version(pk)


@shared_task(name="annotations.annotate_version")
def annotate_version(pk: int) -> None:
    """Read one article version."""
    annotate(ArticleVersion.objects.select_related("article__source").get(pk=pk))
