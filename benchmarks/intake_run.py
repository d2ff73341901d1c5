"""A running installation for the benchmarks of the intake: a database, its queue, workers, the command."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import scratch

_READY = 60.0  # seconds


class Installation:
    """What other processes need to be the product on the benchmark's database."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        from django.conf import settings

        from apps.core.embedded import processes

        self.folder = folder
        self.environment = {"CELERY_BROKER_URL": "", "SECRET_KEY": "bench"} | environment
        self.family = processes.Family(folder / "logs", settings.BASE_DIR, self.environment)

    def start_worker(self, count: int) -> None:
        """Start a pool of `count` worker processes; return once it takes tasks."""
        from django.conf import settings

        from apps.core.embedded import processes

        program = processes.worker(count, settings.WORKER_MAX_MEMORY_MB)
        log = self.family.log_of(program.name)
        log.unlink(missing_ok=True)
        self.family.start(program)
        until = time.monotonic() + _READY
        while " ready." not in log.read_text():
            if self.family.ended() or time.monotonic() > until:
                raise RuntimeError(f"The worker does not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)

    def start_beat(self) -> None:
        """Start the clock of the sweeps."""
        from apps.core.embedded import processes

        self.family.start(processes.beat())

    def call(self, task: str) -> None:
        """Send a task now."""
        subprocess.run(  # noqa: S603 - a fixed command
            [sys.executable, "-m", "celery", "-A", "config", "call", task],
            env=os.environ | self.environment,
            check=True,
            capture_output=True,
        )

    def kill_worker(self) -> None:
        """End the pool as a power cut does: all its processes at once, nothing is asked."""
        process = self.family.members.pop("worker")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def ingest(self, *arguments: str) -> int:
        """Run `manage.py ingest`; return the most memory it held, in kB."""
        command = [sys.executable, "manage.py", "ingest", *arguments]
        from django.conf import settings

        with (self.folder / "ingest.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - a fixed command
                command,
                cwd=settings.BASE_DIR,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
            )
            most = 0
            while process.poll() is None:
                most = max(most, _held(process.pid))
                time.sleep(0.02)
        if process.returncode:
            told = (self.folder / "ingest.log").read_text()[-2000:]
            raise RuntimeError(f"`manage.py ingest` failed:\n{told}")
        return most


def _held(pid: int) -> int:
    """The kB that a process held at most since it began with its program, 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0
    )


@contextmanager
def installation(**environment: str) -> Iterator[Installation]:
    """Give an installation on an empty database, with `environment` for its processes."""
    with scratch.product(), tempfile.TemporaryDirectory(prefix="tensionline-bench-") as folder:
        from django.conf import settings

        from apps.core.embedded import broker

        broker.install(settings.DATABASES["default"])
        running = Installation(Path(folder), environment)
        try:
            yield running
        finally:
            running.family.stop()
