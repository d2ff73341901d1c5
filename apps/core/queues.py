"""Two queues, so that what a person waits for never stands behind what a machine brought.

`NOW` takes what editors' actions send and everything that follows from it, `BULK` all else: imports, polls,
sweeps. `route` is the one place that decides between them.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from celery import Task, current_task
from celery.worker.request import Request
from kombu import Exchange, Queue

logger = logging.getLogger(__name__)

NOW: Final = "tensionline_now"
BULK: Final = "tensionline_bulk"
ALL: Final = (NOW, BULK)
# What feeds bring is an import, whoever turned them on.
_IMPORTS: Final = frozenset({"sources.poll_due", "sources.poll_feed"})
# A quorum queue drops a message that came back this often; whole workers died of it, or lost their connection.
DELIVERY_LIMIT: Final = 20

_importing: ContextVar[bool] = ContextVar("importing", default=False)


@contextmanager
def bulk() -> Iterator[None]:
    """Send what is sent within to the bulk queue: for commands that bring much."""
    before = _importing.set(True)
    try:
        yield
    finally:
        _importing.reset(before)


def route(name: str, args: Any, kwargs: Any, options: Any, **more: Any) -> dict[str, str]:
    """Return the queue of a task: what a task sends goes where the task came from."""
    if _importing.get() or name in _IMPORTS:
        return {"queue": BULK}
    given = current_task.request.delivery_info if current_task else None
    came_by = (given or {}).get("routing_key")
    return {"queue": came_by if came_by in ALL else NOW}


def declared(*, quorum: bool) -> list[Queue]:
    """Return both queues; `quorum` for RabbitMQ's replicated kind, which survives the loss of a node."""
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT} if quorum else None
    # Celery's machinery for quorum queues asks for a topic exchange.
    exchange = Exchange("tensionline.tasks", type="topic" if quorum else "direct", durable=True)
    return [Queue(name, exchange, routing_key=name, queue_arguments=arguments) for name in ALL]


class GivenUp(Request):
    """A task's message; the second time that a process dies of it, it is not tried a third time.

    Otherwise a task without a row of its own that kills its process would go round for ever. Nothing is lost: a
    stage's row is found by the next sweep, and set aside after STAGE_MAX_ATTEMPTS; what beat sends comes again.
    """

    def reject(self, requeue: bool = False) -> None:
        """Give the message back, or up."""
        if requeue and self.delivery_info.get("redelivered"):
            logger.error(
                "%s lost its process twice and is given up; the sweep sees to it", self.name
            )
            requeue = False
        super().reject(requeue=requeue)


class ProductTask(Task):  # type: ignore[misc]
    """What every task is made of."""

    abstract = True
    Request = GivenUp
