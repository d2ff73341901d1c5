"""An installation to be hurt: PostgreSQL, a broker, workers, beats, a web server, each killed apart."""

import os
import shutil
import signal
import struct
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.brokers import Broker, free_port

LEASE, SWEEP = 10, 2
# The host's end of a virtual cable, and the worker's in its own network namespace.
_NET = f"10.213.{os.getpid() % 250}"
HOST_IP, GUEST_IP = f"{_NET}.1", f"{_NET}.2"
COMPILER = shutil.which("cc")


def run(*command: str) -> None:
    """Run a command of the system; CalledProcessError where it fails."""
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603


@dataclass
class Cable:
    """A network namespace with one cable to the host; `cut` and `mend` it."""

    name: str = f"tlf{os.getpid()}"

    ours: str = f"tla{os.getpid()}"
    theirs: str = f"tlb{os.getpid()}"

    def lay(self) -> None:
        """Make the namespace and its cable."""
        self.remove()
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.ours, "type", "veth", "peer", "name", self.theirs)
        run("ip", "link", "set", self.theirs, "netns", self.name)
        run("ip", "addr", "add", f"{HOST_IP}/24", "dev", self.ours)
        run("ip", "link", "set", self.ours, "up")
        inside = ("ip", "-n", self.name)
        run(*inside, "addr", "add", f"{GUEST_IP}/24", "dev", self.theirs)
        run(*inside, "link", "set", self.theirs, "up")
        run(*inside, "link", "set", "lo", "up")

    def cut(self) -> None:
        """Let nothing through, and tell nobody."""
        run("ip", "-n", self.name, "link", "set", self.theirs, "down")

    def mend(self) -> None:
        """Let everything through again."""
        run("ip", "-n", self.name, "link", "set", self.theirs, "up")

    def remove(self) -> None:
        """Take away what is there of it."""
        for command in (("ip", "netns", "del", self.name), ("ip", "link", "del", self.ours)):
            subprocess.run(command, check=False, capture_output=True)  # noqa: S603


@dataclass
class Site:
    """The parts, by name; `ensure` starts those again that have ended, as a supervisor does."""

    broker_kind: str
    folder: Path
    members: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    database_port: int = field(default_factory=free_port)
    server: object = None
    restarts: int = 0
    misled: bool = False  # whether the worker's clock is what the file `clock` says
    cable: Cable = field(default_factory=Cable)

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.broker = Broker(self.broker_kind, self.folder / "broker", host=HOST_IP)
        self.clock = self.folder / "clock"
        self.set_clock(0)
        self.clock_library = self.folder / "clock.so"
        if COMPILER:
            source = Path(__file__).with_name("clock.c")
            run(COMPILER, "-shared", "-fPIC", "-O1", "-o", str(self.clock_library), str(source))

    @property
    def url(self) -> str:
        """The broker's address, "" for PGMQ."""
        return "" if self.broker_kind == "pgmq" else self.broker.url

    @property
    def environment(self) -> dict[str, str]:
        """What makes another process a part of this installation."""
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "TENSIONLINE_HOME": str(self.folder / "parts"),
            "DATABASE_URL": f"postgres://tensionline@{HOST_IP}:{self.database_port}/tensionline",
            "CELERY_BROKER_URL": self.url,
            "STAGE_LEASE_SECONDS": str(LEASE),
            "STAGE_SWEEP_SECONDS": str(SWEEP),
            "SECRET_KEY": "bench",
            "WEB_PORT": str(self.port),
        }

    def set_clock(self, seconds: int) -> None:
        """Move the worker's time of day, where it was started with a clock to be moved."""
        with self.clock.open("r+b" if self.clock.exists() else "wb") as out:
            out.write(struct.pack("=q", seconds))

    def start_database(self) -> None:
        """Start PostgreSQL as installations have it: what is committed is on the disk."""
        from apps.core.embedded import paths, postgres

        options = (f"listen_addresses={HOST_IP}", f"port={self.database_port}", "fsync=on")
        rules = paths.data_dir(self.home) / "pg_hba.conf"
        if not rules.exists():
            postgres.start(self.home, log=self.folder / "postgres.log").stop()
            with rules.open("a") as out:
                out.write(f"host all all {_NET}.0/24 trust\n")
        self.server = _started(self.home, self.folder / "postgres.log", options, self.database_port)

    def kill_database(self) -> None:
        """kill -9 of the postmaster; its children end when they notice."""
        self.server.kill()
        self.server.wait()

    def start_broker(self) -> None:
        """Start RabbitMQ where it is the broker."""
        if self.url:
            self.broker.start()

    def start_parts(self) -> None:
        """Start every part that does not run."""
        from django.conf import settings

        from apps.core import queues
        from apps.core.embedded import processes

        memory = settings.WORKER_MAX_MEMORY_MB
        worker = processes.worker(2, memory, queues.ALL)
        inside = ("ip", "netns", "exec", self.cable.name)
        for program in (
            replace(worker, command=(*inside, *worker.command)),
            processes.prompt(memory),
            processes.beat(),
            replace(processes.beat(), name="beat2"),
            processes.web("127.0.0.1", self.port, 1),
        ):
            if program.name not in self.members:
                self._start(program.name, program.command)

    def _start(self, name: str, command: tuple[str, ...]) -> None:
        from django.conf import settings

        environment = os.environ | self.environment
        if name == "worker" and self.misled:
            environment |= {
                "LD_PRELOAD": str(self.clock_library),
                "CLOCK_FILE": str(self.clock),
            }
        with (self.folder / f"{name}.log").open("ab") as log:
            self.members[name] = subprocess.Popen(  # noqa: S603
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End a part as a power cut does, with its children."""
        process = self.members.pop(name)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            self.restarts += 1
        process.wait()

    def ensure(self) -> None:
        """Start again what has ended: PostgreSQL, the broker, each part."""
        if self.server.poll() is not None:
            self.start_database()
        if self.url and (self.broker.process is None or self.broker.process.poll() is not None):
            self.broker.kill()
            self.broker.start()
        for name, process in list(self.members.items()):
            if process.poll() is not None:
                del self.members[name]
                self.restarts += 1
        self.start_parts()

    def beats_sending(self) -> int:
        """How many beats hold the lock by which one sends; one of them has the time it is given to take it."""
        from django.db import connection

        from apps.core import one_beat

        until = time.monotonic() + one_beat.TAKEN_OVER_SECONDS
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted",
                    [one_beat.LOCK],
                )
                found: int = cursor.fetchone()[0]
            if found or time.monotonic() > until:
                return found
            time.sleep(0.2)

    def wait_for_web(self, seconds: float = 60) -> None:
        """Return once the web server answers."""
        until = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """End everything and leave no network behind."""
        for name in list(self.members):
            self.kill(name)
        self.broker.stop()
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait()
        self.cable.remove()


def _started(
    home: Path, log: Path, options: tuple[str, ...], port: int
) -> "subprocess.Popen[bytes]":
    """Start the server on a port of its own; returns once it takes connections over the cable."""
    import psycopg

    from apps.core.embedded import account, paths, postgres

    runner = account.choose(paths.data_dir(home), postgres.program("postgres"))
    until = time.monotonic() + postgres.START_SECONDS
    while (pid := postgres.running_pid(paths.data_dir(home))) is not None:
        if time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL {pid} does not end.")
        time.sleep(0.05)
    for stale in (paths.data_dir(home) / "postmaster.pid", *paths.socket_dir(home).glob(".s.*")):
        stale.unlink(missing_ok=True)
    while True:
        server = postgres._launch(home, runner, log, options)
        while server.poll() is None:
            try:
                psycopg.connect(
                    host=HOST_IP, port=port, user="tensionline", dbname="tensionline"
                ).close()
                return server
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
            time.sleep(0.1)
        if time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL does not start: see {log}.")
        time.sleep(0.3)
