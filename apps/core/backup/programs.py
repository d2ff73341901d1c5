"""PostgreSQL's own programs, from the wheel, on the database that the settings name."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from apps.core.embedded import broker, postgres, preflight

# Passwords are seen in a list of processes, but not in their environment.
_SECRET = "password"  # noqa: S105 (a parameter's name)
_LAST_LINES = 6


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""


def conninfo() -> str:
    """Return libpq's connection string of the database."""
    return broker.connection_string(settings.DATABASES["default"])


def start(name: str, *options: str, **pipes: Any) -> "subprocess.Popen[bytes]":
    """Start a program that connects to the database."""
    parts = conninfo_to_dict(conninfo())
    secret = parts.pop(_SECRET, "")
    command = [str(postgres.program(name)), *options, f"--dbname={make_conninfo('', **parts)}"]
    environment = os.environ | ({"PGPASSWORD": str(secret)} if secret else {})
    return subprocess.Popen(command, env=environment, **pipes)  # noqa: S603 (of the wheel)


def start_reading(name: str, *options: str, **pipes: Any) -> "subprocess.Popen[bytes]":
    """Start a program that connects to no database."""
    return subprocess.Popen([str(postgres.program(name)), *options], **pipes)  # noqa: S603


@contextmanager
def told_errors(name: str) -> Iterator[IO[bytes]]:
    """Give a file for a program's messages; a BackupError that is raised inside ends with its last lines."""
    with tempfile.TemporaryFile() as messages:
        try:
            yield messages
        except BackupError as error:
            messages.seek(0)
            lines = messages.read().decode(errors="replace").strip().splitlines()
            told = "\n".join(lines[-_LAST_LINES:])
            raise BackupError(f"{error}\n{told}" if told else str(error)) from error


@contextmanager
def running() -> Iterator[None]:
    """Inside, the database answers: the embedded server is started where nobody has, and ended again.

    Raises BackupError with the reason where it cannot be.
    """
    home = settings.TENSIONLINE_HOME
    try:
        if not settings.EMBEDDED_POSTGRES or postgres.running_pid(postgres.paths.data_dir(home)):
            yield
            return
        with preflight.take_home(home):
            server = postgres.start(home, log=home / "logs" / "postgres.log")
            try:
                yield
            finally:
                server.stop()
    except (postgres.PostgresError, preflight.PreflightError) as error:
        raise BackupError(str(error)) from error
