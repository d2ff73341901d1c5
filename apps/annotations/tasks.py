"""Tasks of the annotation: thin wrappers around its verb."""

from celery import shared_task

from apps.annotations.annotate import annotate, waiting
from apps.annotations.models import Annotation
from apps.annotations.suggesting import suggest
from apps.articles.models import ArticleVersion
from apps.core.stages import sweep


@shared_task(name="annotations.annotate_waiting")
def annotate_waiting() -> None:
    """Read what no wake call reached, what is to be tried again, and all of it for a new pipeline version."""
    sweep(Annotation, waiting(), annotate_version)


@shared_task(name="annotations.annotate_version")
def annotate_version(pk: int) -> None:
    """Read one article version."""
    annotate(ArticleVersion.objects.select_related("article__source").get(pk=pk))


@shared_task(name="annotations.suggest_aliases")
def suggest_aliases() -> None:
    """Suggest to editors whose the names are that nobody is known by."""
    suggest()
