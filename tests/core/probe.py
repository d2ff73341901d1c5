"""Tasks that leave a trace in a file, for tests of the queue."""

import os
import signal
import time
from pathlib import Path

from celery import shared_task

from apps.articles.models import IntakeItem
from apps.core import queues, stages


@shared_task(name="probe.trace")
def trace(file: str, word: str) -> None:
    """Append `word` to `file`."""
    with Path(file).open("a") as out:
        out.write(f"{word}\n")


@shared_task(name="probe.sleep_once")
def sleep_once(file: str) -> None:
    """Write the own process id to `file` and sleep; where the file is there already, add `done` to it."""
    if Path(file).exists():
        trace(file, "done")
        return
    trace(file, str(os.getpid()))
    time.sleep(60)


@shared_task(name="probe.die")
def die(file: str) -> None:
    """Leave a line and kill the own process: what a segmentation fault or the kernel's want of memory does."""
    trace(file, "died")
    os.kill(os.getpid(), signal.SIGKILL)


@shared_task(name="probe.die_of_item")
def die_of_item(pk: int, file: str) -> None:
    """Work on an item as a stage does, and die of it each time."""
    stages.attempt(IntakeItem(pk=pk), lambda: die(file))


@shared_task(name="probe.nap")
def nap(seconds: float) -> None:
    """Be busy for a while."""
    time.sleep(seconds)


@shared_task(name="probe.send_on")
def send_on(file: str) -> None:
    """Wake another task, which tells by which queue it came."""
    stages.wake("probe.tell_queue", file)


@shared_task(name="probe.tell_queue", bind=True)
def tell_queue(self: object, file: str) -> None:
    """Write down by which queue this came."""
    info = self.request.delivery_info  # type: ignore[attr-defined]
    trace(file, {queues.NOW: "now", queues.BULK: "bulk"}[info["routing_key"]])
