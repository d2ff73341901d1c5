"""Tasks of the stages of events: fetch the row, call the verb, log."""

import logging

from celery import shared_task
from django.conf import settings

from apps.annotations.models import Annotation
from apps.core.stages import sweep
from apps.events import corrections, desk_items, desk_matches
from apps.events.assemble import assemble, waiting
from apps.events.models import Assembly, SourceChange
from apps.events.source_changes import notice

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


@shared_task(name="events.propagate_waiting")
def propagate_waiting() -> int:
    """Notice what changed at sources and bring it to what rests on it; return how many changes."""
    notice()
    done = sweep(SourceChange, corrections.waiting(), propagate_change)
    corrections.close_moot()
    return done


@shared_task(name="events.propagate_change")
def propagate_change(pk: int) -> None:
    """Bring one change of a source to what rests on it."""
    change = corrections.propagate(SourceChange.objects.get(pk=pk))
    logger.info(
        "%s: %s, %s corrections, %s proposals settled",
        change,
        change.status,
        change.corrections,
        change.withdrawn,
    )


@shared_task(name="events.keep_desk")
def keep_desk() -> int:
    """Make the desk's items exact, whatever was missed, and compare new ones; return how many were wrong."""
    wrong = desk_items.repair()
    if wrong:
        logger.info("the desk: %s items were missing or out of date", wrong)
    match_waiting()
    return wrong


@shared_task(name="events.match_waiting")
def match_waiting() -> int:
    """Compare the desk's new proposals with the known events, most salient first; return how many."""
    done = desk_matches.match_waiting(settings.STAGE_LEASE_SECONDS / 5)
    logger.info("compared %s proposals of the desk with the known events", done)
    return done
