"""Making a backup: one snapshot of the database, streamed into one file.

Schema and rows are pg_dump's; the sums of the tables are read in the same snapshot, so that a restore can be
held against them. The queue's schema stays out (ADR 0041): rows of the stages say what there is to do.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import psycopg
from tqdm import tqdm

from apps.core.backup import programs, sums
from apps.core.backup.container import Contents, Manifest, Writer
from apps.core.backup.programs import BackupError

_CHUNK = 1 << 18
_OPTIONS = (
    "--format=custom",
    # gzip: any pg_restore can read it.
    "--compress=gzip:6",
    # And no extension: those are the target's (see restoring.py).
    "--schema=public",
    "--no-owner",
    "--no-privileges",
    "--no-comments",
    "--no-tablespaces",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
)
_MIGRATIONS = "SELECT app, name FROM public.django_migrations ORDER BY app, name"


def make(out: IO[bytes]) -> Contents:
    """Write a backup of the database to `out`; return what is in it. Raises BackupError with the reason."""
    try:
        with psycopg.connect(programs.conninfo()) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            writer = Writer(out, _manifest(connection))
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
            writer.dump(_dump(snapshot[0]))  # type: ignore[index]
            names = sums.tables(connection)
            with _bar(total=len(names), unit="table", desc="checking") as bar:
                return writer.close(sums.of_all(connection, names, bar.update))
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise BackupError(f"The database does not give what a backup needs: {reason}") from error


def make_file(file: Path) -> Contents:
    """Write a backup to `file`, readable by its owner alone, which is there once it is whole.

    Raises BackupError with the reason; then there is no such file.
    """
    if file.exists():
        raise BackupError(f"{file} exists, and no backup is written over another: name a new file.")
    with _whole(file) as out:
        return make(out)


@contextmanager
def _whole(file: Path) -> Iterator[IO[bytes]]:
    """Give a draft beside `file` that takes its place once the block has ended well and it is on the disk."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-", suffix=".part")
    except OSError as error:
        raise BackupError(f"{file.parent} cannot be written to: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, file)
    except BaseException as error:
        os.unlink(name)
        if isinstance(error, OSError):
            raise BackupError(f"{file} cannot be written: {error.strerror}.") from error
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _manifest(connection: psycopg.Connection) -> Manifest:
    migrations: dict[str, list[str]] = {}
    for app, name in connection.execute(_MIGRATIONS):
        migrations.setdefault(app, []).append(name)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Manifest(made_at, connection.info.server_version, migrations)


def _dump(snapshot: str) -> Iterator[bytes]:
    """Yield what pg_dump writes of a snapshot."""
    with programs.told_errors("pg_dump") as messages:
        process = programs.start(
            "pg_dump", *_OPTIONS, f"--snapshot={snapshot}", stdout=subprocess.PIPE, stderr=messages
        )
        try:
            with _bar(unit="B", unit_scale=True, desc="reading") as bar:
                while chunk := process.stdout.read(_CHUNK):  # type: ignore[union-attr]
                    bar.update(len(chunk))
                    yield chunk
            if process.wait() != 0:
                raise BackupError("pg_dump could not read the database.")
        finally:
            process.kill()
            process.wait()


def _bar(**options: object) -> "tqdm[None]":
    # Standard output may be the backup itself.
    return tqdm(file=sys.stderr, disable=not sys.stderr.isatty(), **options)  # type: ignore[call-overload]
