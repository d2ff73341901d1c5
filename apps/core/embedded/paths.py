"""Where the embedded parts live below TENSIONLINE_HOME (plain Python, imported by settings)."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

DATABASE_NAME = "tensionline"
DATABASE_USER = "tensionline"
PORT = 5432
# sockaddr_un holds 108 bytes; "/.s.PGSQL.5432.lock" takes 19 of them.
_LONGEST_SOCKET_DIR = 85


def data_dir(home: Path) -> Path:
    """The embedded PostgreSQL's data directory."""
    return home / "postgres"


def socket_dir(home: Path) -> Path:
    """The directory of the server's Unix socket: below `home`, or a short one where that is too long."""
    beside = home / "run"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET_DIR:
        return beside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"tensionline-{os.getuid()}-{digest}"


def django_database(home: Path) -> dict[str, Any]:
    """Django's DATABASES entry for the embedded server."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_NAME,
        "USER": DATABASE_USER,
        "HOST": str(socket_dir(home)),
        "PORT": str(PORT),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def secret_key(home: Path) -> str:
    """Return this installation's secret key, made on first use and readable by its owner alone.

    Raises SystemExit with one sentence where `home` cannot be written.
    """
    file = home / "secret-key"
    try:
        if not file.exists():
            home.mkdir(parents=True, exist_ok=True)
            _write_once(file, secrets.token_urlsafe(50))
        return file.read_text()
    except OSError as error:
        raise SystemExit(
            f"Tensionline keeps its data in {home}, which cannot be used ({error.strerror}). "
            "Make it writable, or set TENSIONLINE_HOME to a folder that is."
        ) from error


def _write_once(file: Path, text: str) -> None:
    """Make `file` (0600) hold `text` at once; where another process was quicker, its file stays."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w") as out:
            out.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        os.unlink(draft)
