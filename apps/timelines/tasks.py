"""Thin tasks of the timelines stage."""

from celery import shared_task

from apps.timelines import rollups


@shared_task(name="timelines.refresh_event")
def refresh_event(pk: int) -> None:
    """Bring what is kept beside an event in step with it; safe to repeat."""
    rollups.refresh_event(pk)
