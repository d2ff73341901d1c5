"""Tasks of the annotation: thin wrappers around its verb."""

from celery import shared_task

from apps.annotations.annotate import annotate, waiting
from apps.annotations.models import Annotation
from apps.annotations.suggesting import suggest
from apps.articles.models import ArticleVersion
from apps.core.stages import in_time, sweep


@shared_task(name="annotations.annotate_waiting")
def annotate_waiting() -> None:
    """Read what no wake call reached, what is to be tried again, and all of it for a new pipeline version."""
    sweep(Annotation, waiting(), _annotate)


@shared_task(name="annotations.annotate_versions")
def annotate_versions(pks: list[int]) -> None:
    """Read some article versions; what this task has no time for becomes another one."""
    done = [pk for pk in in_time(pks) if _annotate(pk)]
    if len(done) < len(pks):
        annotate_versions.delay(pks[len(done) :])


def _annotate(pk: int) -> bool:
    annotate(ArticleVersion.objects.select_related("article__source").get(pk=pk))
    return True


@shared_task(name="annotations.suggest_aliases")
def suggest_aliases() -> None:
    """Suggest to editors whose the names are that nobody is known by."""
    suggest()
