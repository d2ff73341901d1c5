"""The assembling stage's tasks: fetch the row, call the verb, log."""

import logging

from celery import shared_task

from apps.annotations.models import Annotation
from apps.core.stages import sweep
from apps.events.assemble import assemble, waiting
from apps.events.models import Assembly

logger = logging.getLogger(__name__)


@shared_task(name="events.assemble_waiting")
def assemble_waiting() -> int:
    """Assemble what no wake call reached, and what is to be tried again; return how many annotations."""
    return sweep(Assembly, waiting().order_by("pk"), assemble_annotation)


@shared_task(name="events.assemble_annotation")
def assemble_annotation(pk: int) -> None:
    """Assemble one annotation."""
    assembly = assemble(Annotation.objects.get(pk=pk))
    logger.info(
        "assembled annotation %s: %s, %s attached, %s proposed, %s skipped",
        pk,
        assembly.status,
        assembly.attached,
        assembly.proposed,
        len(assembly.skipped),
    )
