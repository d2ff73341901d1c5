"""What can be known to fail before anything is started, told in one sentence."""

import fcntl
import os
import socket
from pathlib import Path
from typing import TextIO


class PreflightError(Exception):
    """Tensionline cannot start here; the message is one sentence that says what to do."""


def take_home(home: Path) -> TextIO:
    """Lock `home` for this process and return the open lock; it is given back when the process ends.

    Raises PreflightError where another process has it or the folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "up.lock").open("a+")
    except OSError as error:
        raise PreflightError(
            f"Tensionline keeps its data in {home}, which cannot be used ({error.strerror}). "
            "Make it writable, or set TENSIONLINE_HOME to a folder that is."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise PreflightError(
            f"Tensionline already runs on {home} (process {holder}): use that one, end it, "
            "or set TENSIONLINE_HOME to another folder."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def check_port(host: str, port: int) -> None:
    """Raise PreflightError where `port` cannot be served on `host`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise PreflightError(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                "End the program that has it, or choose another with WEB_PORT=8001."
            ) from error
