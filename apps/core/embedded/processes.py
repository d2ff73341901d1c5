"""The programs that make up a running Tensionline, and the family of child processes that `up` keeps."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from apps.core import queues
from apps.core.embedded.lifeline import ends_with_parent

# Ctrl-C has to end everything within 10 s; PostgreSQL needs a part of it.
ASK_SECONDS = 4.0
INSIST_SECONDS = 1.0


@dataclass(frozen=True)
class Program:
    """One program: its name (as in messages and log files) and its command."""

    name: str
    command: tuple[str, ...]


def web(host: str, port: int, workers: int) -> Program:
    """The web server."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Program(
        "web",
        (
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", bind),
            *(
                "--config",
                "python:config.gunicorn",
                "--workers",
                str(workers),
                "--threads",
                "4",
                "--worker-tmp-dir",
                _memory_dir(),
            ),
            *("--preload", "--graceful-timeout", "2", "--no-control-socket"),
        ),
    )


def worker(
    processes: int, memory_mb: int, served: Iterable[str] = queues.ALL, name: str = "worker"
) -> Program:
    """A pool of processes for the queues `served`; one that holds more memory after a task is replaced.

    Gossip, mingle and heartbeat need what PGMQ does not have.
    """
    return Program(
        name,
        (
            *(sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO"),
            *("--queues", ",".join(served), "--hostname", f"{name}@%h"),
            *("--concurrency", str(processes), "--max-tasks-per-child", "500"),
            *("--max-memory-per-child", str(memory_mb * 1024)),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
    )


def prompt(memory_mb: int) -> Program:
    """The one process that is kept for what people wait for; without it that waits for a sweep."""
    return worker(1, memory_mb, (queues.NOW,), "prompt")


def beat() -> Program:
    """The clock that starts the sweeps; it keeps no file, a missed sweep is made up by the next."""
    return Program(
        "beat",
        (
            *(sys.executable, "-m", "celery", "-A", "config", "beat", "--loglevel", "INFO"),
            *("--scheduler", "apps.core.one_beat:OneBeat", "--pidfile", ""),
        ),
    )


def _memory_dir() -> str:
    """Where gunicorn's workers touch their sign of life: in memory, so that a slow disk kills none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "."  # noqa: S108


@dataclass
class Family:
    """Child processes that are started together and end together."""

    logs: Path
    folder: Path
    environment: dict[str, str]
    members: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, program: Program) -> None:
        """Start `program`; what it prints goes to its log file."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log_of(program.name).open("ab") as log:
            self.members[program.name] = subprocess.Popen(
                program.command,
                cwd=self.folder,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C at the terminal is ours to handle, in our order
                preexec_fn=ends_with_parent(signal.SIGTERM),
            )

    def log_of(self, name: str) -> Path:
        """The file that keeps what the member `name` prints."""
        return self.logs / f"{name}.log"

    def ended(self) -> tuple[str, int] | None:
        """Name and exit status of a member that is no longer running, or None."""
        for name, process in self.members.items():
            if process.poll() is not None:
                return name, process.returncode
        return None

    def stop(self) -> None:
        """Ask every member to end, then insist, then kill what is left with its own children."""
        self._tell(signal.SIGTERM)
        self._wait(ASK_SECONDS)
        self._tell(signal.SIGQUIT)
        self._wait(INSIST_SECONDS)
        for process in self.members.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.members.values():
            process.wait()
        self.members.clear()

    def _tell(self, number: signal.Signals) -> None:
        for process in self.members.values():
            if process.poll() is None:
                process.send_signal(number)

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(
            process.poll() is None for process in self.members.values()
        ):
            time.sleep(0.05)
