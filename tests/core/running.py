"""`manage.py up` as a process of its own, watched from outside."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
from django.conf import settings


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def environment(home: Path, **more: str) -> dict[str, str]:
    """An empty environment but for what a shell has and what the test asks for."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return kept | {"TENSIONLINE_HOME": str(home)} | more


class Up:
    """A running `manage.py up`; what it prints is in `lines`."""

    def __init__(self, home: Path, *options: str, port: int | None = None, **more: str) -> None:
        self.home = home
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self.seen: set[psutil.Process] = set()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port), *options],
            cwd=settings.BASE_DIR,
            env=environment(home, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, label: str, seconds: float = 120) -> str:
        """The text of the line with this label, as soon as it is printed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.look()
            for line in list(self.lines):
                if line.startswith(f"{label} "):
                    return line.removeprefix(label).strip()
            assert self.process.poll() is None, self.output
            time.sleep(0.05)
        raise AssertionError(f"no line {label!r} after {seconds} s:\n{self.output}")

    def look(self) -> set[psutil.Process]:
        """Every process that belongs to the run, now or earlier."""
        try:
            root = psutil.Process(self.process.pid)
            self.seen |= {root, *root.children(recursive=True)}
        except psutil.NoSuchProcess:
            pass
        return self.seen

    def still_running(self) -> list[str]:
        """Command lines of processes of the run that are not gone."""
        left = []
        for process in self.seen:
            try:
                if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                    left.append(" ".join(process.cmdline()))
            except psutil.NoSuchProcess:
                continue
        return left

    def end(self, number: signal.Signals, seconds: float = 10) -> int:
        """Send a signal, wait for the end, return the exit status."""
        self.look()
        self.process.send_signal(number)
        status = self.process.wait(seconds)
        self.reader.join(5)
        return status

    def finish(self, seconds: float = 60) -> int:
        """Wait until it ends by itself; return the exit status."""
        self.look()
        status = self.process.wait(seconds)
        self.reader.join(5)
        return status
