"""The assembling stage's tasks: fetch the row, call the verb, log."""

import logging

from celery import shared_task
from django.utils import timezone

from apps.annotations.models import Annotation
from apps.core.stages import wake
from apps.events.assemble import assemble, waiting
from apps.events.models import Assembly

logger = logging.getLogger(__name__)
SWEEP_AT_ONCE = 500


@shared_task(name="events.assemble_waiting")
def assemble_waiting() -> int:
    """Wake the stage for every annotation it missed; return how many."""
    Assembly.objects.set_lost_aside(timezone.now())
    missed = list(waiting().order_by("pk").values_list("pk", flat=True)[:SWEEP_AT_ONCE])
    for pk in missed:
        wake("events.assemble_annotation", pk)
    return len(missed)


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
