"""Brokers of a test run: RabbitMQ and Redis from Debian, on loopback ports and folders of their own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
SECONDS = 60


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def missing(kind: str) -> str:
    """What has to be installed for a broker of this kind, "" where nothing has."""
    if kind == "rabbitmq":
        return "" if RABBITMQ.exists() else "rabbitmq-server"
    if kind == "redis":
        return "" if shutil.which("redis-server") else "redis-server"
    return ""


def answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


@dataclass
class Broker:
    """A broker's program: started, killed, started again with the same data, stopped."""

    kind: str
    folder: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    epmd: int = field(default_factory=free_port)
    peers: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        if self.kind == "redis":
            return f"redis://{self.host}:{self.port}/0"
        return f"amqp://guest:guest@{self.host}:{self.port}//"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + SECONDS
        while not answers(self.host, self.port):
            told = (self.folder / "log").read_text(errors="replace")[-2000:]
            assert self.process.poll() is None, told
            assert time.monotonic() < deadline, told
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        self.kill()
        if self.kind == "rabbitmq":
            self._end_epmd()

    def _end_epmd(self) -> None:
        """The port mapper stays behind as a daemon, and ends once it has noticed that its node has."""
        for _ in range(20):
            ended = subprocess.run(
                ["epmd", "-port", str(self.epmd), "-kill"],
                env=os.environ | {"ERL_EPMD_ADDRESS": "127.0.0.1"},
                capture_output=True,
                text=True,
                check=False,
            )
            if "Killed" in ended.stdout or "Cannot connect" in ended.stdout + ended.stderr:
                return
            time.sleep(0.2)

    def _command(self) -> list[str]:
        if self.kind == "rabbitmq":
            return [str(RABBITMQ)]
        return [
            *("redis-server", "--port", str(self.port), "--bind", self.host),
            *("--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "always"),
        ]

    def _environment(self) -> dict[str, str]:
        if self.kind == "redis":
            return dict(os.environ)
        # Guests come from other addresses than loopback in the tests with networks of their own.
        config = self.folder / "rabbitmq.conf"
        config.write_text("loopback_users = none\n")
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"tests{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": self.host,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.peers),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        }
