"""Tasks that leave a trace in a file, for tests of the queue."""

import os
import time
from pathlib import Path

from celery import shared_task


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
