"""Thin tasks of the timelines stage."""

from celery import shared_task

from apps.events.models import Event
from apps.timelines import rollups


@shared_task(name="timelines.refresh_waiting")
def refresh_waiting() -> None:
    """Bring severities and day counts in step: with decisions that woke nobody, changed scopes and pins."""
    rollups.refresh()


@shared_task(name="timelines.refresh_event")
def refresh_event(pk: int) -> None:
    """Do so after a decision about an event, unless a run since then has seen to it."""
    if Event.objects.filter(pk=pk, stale=True).exists():
        rollups.refresh()
