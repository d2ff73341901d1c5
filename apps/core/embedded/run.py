"""One running Tensionline: PostgreSQL, web server, workers and beat, from the first line to the last."""

import logging
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connections

from apps.core import queues, shipped, stages
from apps.core.embedded import postgres, preflight, prepare, processes, progress

READY_SECONDS = 60


class Stop(BaseException):
    """Ctrl-C or SIGTERM: end everything, in order."""


class RunError(Exception):
    """A part ended that should not have; the message is one sentence that names it."""


@dataclass(frozen=True)
class Plan:
    """What `up` was asked for."""

    host: str
    port: int
    samples: bool
    exit_when_ready: bool

    @property
    def address(self) -> str:
        """The address to open in a browser of this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{host}:{self.port}/"


def run(plan: Plan, say: prepare.Say) -> None:
    """Start everything, keep it running until told to stop, end everything.

    Raises RunError, PreflightError, PostgresError, PrepareError, BrokerError or CommandError with one
    sentence; by then every child has ended.
    """
    began = time.monotonic()
    home: Path = settings.TENSIONLINE_HOME
    with _stops_on_signal(), ExitStack() as stack:
        stack.enter_context(preflight.take_home(home))
        preflight.check_port(plan.host, plan.port)
        _log_to(home / "logs" / "up.log")
        watched = Watched(home, stack)
        prepare.everything(say)
        if settings.EMBEDDED_POSTGRES:
            stages.release_all()
        # One after the other: on a small machine the page comes sooner.
        watched.start(processes.web(plan.host, plan.port, settings.WEB_WORKERS))
        watched.wait_for(plan.address + "healthz")
        memory = settings.WORKER_MAX_MEMORY_MB
        watched.start(processes.worker(settings.WORKER_PROCESSES, memory, (queues.BULK,)))
        watched.start(processes.prompt(memory))
        watched.start(processes.beat())
        prepare.start_sweeps()
        prepare.demo_editor(say)
        timeline = f"{plan.address}timelines/{shipped.FIRST}/"
        say("ready", f"{timeline}  admin: {plan.address}admin/  ({_seconds(began)})")
        if plan.samples:
            _samples(say, watched)
        if plan.exit_when_ready:
            return
        say("running", "Ctrl-C ends everything.")
        connections.close_all()
        watched.watch()


class Watched:
    """The server and the children, each of which must keep running."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self._server: postgres.Server | None = None
        self._log = home / "logs" / "postgres.log"
        if settings.EMBEDDED_POSTGRES:
            self._server = postgres.start(home, log=self._log)
            stack.callback(self._server.stop)
        stack.callback(connections.close_all)
        self._family = processes.Family(home / "logs", settings.BASE_DIR, {})
        stack.callback(self._family.stop)

    def start(self, program: processes.Program) -> None:
        """Start one child."""
        self._family.start(program)

    def check(self) -> None:
        """Raise RunError where a part has ended."""
        if self._server is not None and self._server.process.poll() is not None:
            raise RunError(f"PostgreSQL ended unexpectedly: see {self._log}.")
        ended = self._family.ended()
        if ended is not None:
            name, status = ended
            raise RunError(
                f"The {name} process ended unexpectedly (status {status}): see {self._family.log_of(name)}."
            )

    def watch(self) -> None:
        """Return never: raise RunError when a part ends."""
        while True:
            self.check()
            time.sleep(0.2)

    def wait_for(self, address: str) -> None:
        """Return when `address` answers; raise RunError where a part ends first or time runs out."""
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(address):
            self.check()
            if time.monotonic() > deadline:
                raise RunError(
                    f"{address} did not answer within {READY_SECONDS} s: see {self._family.log_of('web')}."
                )
            time.sleep(0.1)


def _samples(say: prepare.Say, watched: Watched) -> None:
    """Send the sample dispatches through the stages, then apply the editors' review shipped with them."""
    say("dispatches", prepare.last_line_of("load_dispatches", shipped.FIRST))
    for stage in range(len(progress.STAGES)):
        while not (now := progress.measure(stage)).settled:
            say("", str(now), passing=True)
            watched.check()
            time.sleep(0.5)
        say("", str(now))
    say("review", prepare.last_line_of("review_dispatches", shipped.FIRST))


def _log_to(file: Path) -> None:
    """Keep this process's own log messages out of the person's sight; they are in `file`."""
    # Addresses and titles of what is not public pass through the logs.
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    logging.basicConfig(filename=file, level=settings.LOG_LEVEL, force=True)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 (http, our own)
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _seconds(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


@contextmanager
def _stops_on_signal() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into Stop once; later ones are ignored while everything ends."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Stop

    before: list[tuple[signal.Signals, Callable[..., object] | int | None]] = [
        (number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)
    ]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
