"""Thin tasks of the timelines stage."""

from celery import shared_task

from apps.events.models import Event
from apps.timelines import alerts, desk, rollups


@shared_task(name="timelines.refresh_waiting")
def refresh_waiting() -> None:
    """Bring severities, day counts and the desk in step with lost wake calls, changed scopes and pins."""
    rollups.refresh()
    desk.place()


@shared_task(name="timelines.place_on_desk")
def place_on_desk(event_ids: list[int]) -> None:
    """Write on the desk's new items in which dossiers' scope they are."""
    desk.place(event_ids)


@shared_task(name="timelines.refresh_event")
def refresh_event(pk: int) -> None:
    """Do so after a decision about an event, unless a run since then has seen to it."""
    if Event.objects.filter(pk=pk, stale=True).exists():
        rollups.refresh()


@shared_task(name="timelines.alert")
def alert() -> None:
    """Tell the owners of saved views by e-mail what is due to be told."""
    alerts.run()
