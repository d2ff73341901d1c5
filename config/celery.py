"""The Celery application: its queue, its limits and what beat starts when."""

import os
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
)
from django.conf import settings

from apps.core import queues
from apps.core.embedded import alive, broker
from apps.core.observe import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SWEEPS = (
    "articles.ingest_waiting",
    "articles.refetch_waiting",
    "annotations.annotate_waiting",
    "events.assemble_waiting",
    "events.propagate_waiting",
    "events.keep_desk",
    "timelines.refresh_waiting",
)
# What editors' decisions wait for is swept promptly; it is also the sign of life of who serves them.
PROMPT = frozenset({"timelines.refresh_waiting"})
POLL_SECONDS = 60
# Old polls; each run deletes what the one before left over.
FORGET_SECONDS = 6 * 3600
# Names that articles use are counted over all of them: not every half minute.
SUGGEST_SECONDS = 600
# Digests that are due, indices that crossed a threshold, mails that wait for another try.
ALERT_SECONDS = 60


def configuration() -> dict[str, Any]:
    """Return Celery's settings; called when Celery first needs one, after Django's are known."""
    queue = broker.celery_settings(
        settings.CELERY_BROKER_URL, settings.DATABASES["default"], settings.STAGE_LEASE_SECONDS
    )
    return {
        **queue,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "broker_connection_retry_on_startup": True,
        "worker_hijack_root_logger": False,
        "timezone": "UTC",
        "beat_schedule": schedule(settings.STAGE_SWEEP_SECONDS),
    }


def schedule(sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """Return beat's entries: a sweep a stage, and the feeds; one not taken in time gives way to the next."""
    every = dict.fromkeys(SWEEPS, sweep_seconds) | {
        "sources.poll_due": POLL_SECONDS,
        "sources.forget_polls": FORGET_SECONDS,
        "annotations.suggest_aliases": SUGGEST_SECONDS,
        "timelines.alert": ALERT_SECONDS,
    }
    return {
        task: {
            "task": task,
            "schedule": seconds,
            "options": {
                "expires": seconds,
                "queue": queues.NOW if task in PROMPT else queues.BULK,
            },
        }
        for task, seconds in every.items()
    }


app = Celery("tensionline", task_cls=queues.ProductTask)
app.add_defaults(configuration)
app.autodiscover_tasks()


@setup_logging.connect
def _logs_are_ours(**kwargs: Any) -> None:
    """Celery leaves the logs alone where somebody is asked to see to them: Django did, by LOGGING."""


@before_task_publish.connect
def _goes_with_the_task(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None and (request := logs.request_id.get()):
        headers["request_id"] = request


@task_prerun.connect
def _task_begins(task: Any, task_id: str = "", **kwargs: Any) -> None:
    logs.task_id.set(task_id)
    logs.task_name.set(task.name)
    # What the task sends is of the same request.
    logs.request_id.set(getattr(task.request, "request_id", None) or "")


@task_postrun.connect
def _task_is_through(**kwargs: Any) -> None:
    for kept in (logs.task_id, logs.task_name, logs.request_id):
        kept.set("")


@task_prerun.connect
def _worker_lives(task: Any, **kwargs: Any) -> None:
    came_by = (task.request.delivery_info or {}).get("routing_key")
    alive.sign(settings.TENSIONLINE_HOME, "prompt" if came_by == queues.NOW else "worker")


@beat_init.connect
def _beat_lives(**kwargs: Any) -> None:
    before_task_publish.connect(_beat_sent, weak=False)


def _beat_sent(**kwargs: Any) -> None:
    alive.sign(settings.TENSIONLINE_HOME, "beat")
