"""Restoring a backup, in one transaction: everything is there and checked, or nothing was touched.

pg_restore writes the dump as SQL, psql runs it between what comes before (the database is emptied where that
was asked for) and what comes after (each table is counted and summed). Triggers and constraints are made after
the rows, as pg_dump orders them, so that nothing is recorded twice or refused.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO

import psycopg
from django.core.management import call_command
from django.db import connection as django_connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from tqdm import tqdm

from apps.core.backup import programs, sums
from apps.core.backup.container import Backup, DamagedError
from apps.core.backup.programs import BackupError

# Before the rows come the settings and the tables, and what of them another server does not know:
# a setting that servers have since 17, and what servers of later minor versions note down on columns for
# themselves, which an older pg_dump takes for an option of the column.
_ROWS_BEGIN = b"COPY public."
_NEWER_SETTING = b"SET transaction_timeout = 0;\n"
_OWN_NOTE = re.compile(rb"ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);\n")
_CHUNK = 1 << 16
_WHOLE = b"SELECT pg_catalog.set_config('tensionline.script', 'whole', true);\n"
_IS_WHOLE = """
DO $$ BEGIN
    IF current_setting('tensionline.script', true) IS DISTINCT FROM 'whole' THEN
        RAISE EXCEPTION 'the dump broke off before its end';
    END IF;
END $$;
"""
_EMPTY_IT = """
SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '10s';
DROP SCHEMA public CASCADE;
DROP SCHEMA IF EXISTS pgmq CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
# No table or index rests on it (see timelines' migration 0010): the search is faster with it.
_EXTENSIONS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'pg_trgm may not be created here; the search compares all names instead';
END $$;
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND usesysid IS NOT NULL -- the server's own workers are nobody's
"""


@contextmanager
def opened(file: Path) -> Iterator[Backup]:
    """Give the backup in a file, read whole against its checksums; BackupError where it is damaged."""
    try:
        backup = Backup.open(file)
        try:
            with _bar(backup, "verifying") as bar:
                backup.verify(bar.update)
            yield backup
        finally:
            backup.close()
    except DamagedError as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from error


def restore(backup: Backup, *, replace: bool = False) -> int:
    """Bring a verified backup into the database, which must be empty unless it may be replaced.

    Returns how many migrations were run to bring it forward. Raises BackupError with the reason; the database
    is then as it was.
    """
    _refuse_newer(backup)
    django_connection.close()
    _refuse_used(backup, replace=replace)
    before = (_EMPTY_IT if replace else "") + _EXTENSIONS
    _run(backup, before=before, after=sums.as_check(backup.contents.tables))
    return _bring_forward(backup)


def _refuse_newer(backup: Backup) -> None:
    """BackupError where the backup has seen migrations that this version does not know."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    theirs = {(app, name) for app, names in backup.manifest.migrations.items() for name in names}
    unknown = sorted(theirs - known.keys())
    if unknown:
        newest = ".".join(unknown[-1])
        raise BackupError(
            f"{backup.file} was made by a newer version of Tensionline (it has seen {newest}): install that "
            "version, or a later one, and restore with it."
        )


def _refuse_used(backup: Backup, *, replace: bool) -> None:
    """BackupError where the server is too old, somebody else is connected, or the database is not empty."""
    try:
        with psycopg.connect(programs.conninfo()) as connection:
            (others,) = connection.execute(_OTHERS).fetchone() or (0,)
            names = sums.tables(connection)
            name, version = connection.info.dbname, connection.info.server_version
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise BackupError(f"The database does not answer: {reason}") from error
    if version // 10000 < backup.manifest.server // 10000:
        raise BackupError(
            f"The backup is of PostgreSQL {backup.manifest.server // 10000} and the database of PostgreSQL "
            f"{version // 10000}: restore it into the same or a newer one."
        )
    if others:
        raise BackupError(
            f"{others} other connections use the database {name}: stop the web server, the workers and beat "
            "(or manage.py up), then restore."
        )
    if names and not replace:
        raise BackupError(
            f"The database {name} is not empty ({len(names)} tables). Restore into an empty one: make it with "
            "createdb and name it in DATABASE_URL, or set TENSIONLINE_HOME to a new folder. To lose what is in "
            "this one, say --replace."
        )


def _run(backup: Backup, *, before: str, after: str) -> None:
    with programs.told_errors("psql") as messages, _as_sql(backup, messages) as script:
        as_one_transaction(script, messages, before=before, after=_IS_WHOLE + after)


def as_one_transaction(
    script: Iterator[bytes], messages: IO[bytes], *, before: str, after: str
) -> None:
    """Have psql run what comes before, the script and what comes after; BackupError where any of it fails.

    For psql a script that breaks off is one that ends: what comes after must tell the two apart.
    """
    with _file(before) as first, _file(after) as last:
        psql = programs.start(
            "psql",
            *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *("--output=/dev/null", f"--file={first}", "--file=-", f"--file={last}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=messages,
        )
        try:
            _pour(script, psql.stdin)  # type: ignore[arg-type]
        except BaseException:
            psql.kill()  # which takes back what it did
            raise
        finally:
            ended = psql.wait()
    if ended != 0:
        raise BackupError("The backup could not be restored; the database is as it was.")


def _pour(script: Iterator[bytes], into: IO[bytes]) -> None:
    """Write the script to psql, which may end before it: its messages then say why."""
    try:
        for chunk in script:
            into.write(chunk)
        into.close()
    except BrokenPipeError:
        return


@contextmanager
def _as_sql(backup: Backup, messages: IO[bytes]) -> Iterator[Iterator[bytes]]:
    """Give what pg_restore makes of the dump, piece by piece.

    Its last line says that it is whole: it is missing where pg_restore fails, or this process is killed.
    """
    process = programs.start_reading(
        "pg_restore",
        # Of the schema what is in it: the schema itself is there.
        *("--schema=public", "--no-owner", "--no-privileges", "--file=-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=messages,
    )
    feeder = Thread(target=_feed, args=(backup, process.stdin), daemon=True)
    feeder.start()
    try:
        yield _script(process)
    finally:
        process.kill()
        process.wait()
        feeder.join()


def _feed(backup: Backup, into: IO[bytes]) -> None:
    """Give pg_restore the dump; it may end before all is read. Without its end, pg_restore fails."""
    with _bar(backup, "restoring") as bar, suppress(BrokenPipeError), into:
        for chunk in backup.chunks():
            into.write(chunk)
            bar.update(len(chunk))


def _script(process: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    out = process.stdout
    assert out is not None  # noqa: S101 (it is a pipe)
    for line in out:
        if line != _NEWER_SETTING and not _OWN_NOTE.fullmatch(line):
            yield line
        if line.startswith(_ROWS_BEGIN):
            break
    while chunk := out.read(_CHUNK):
        yield chunk
    if process.wait() == 0:
        yield _WHOLE


@contextmanager
def _file(text: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(text)
        file.flush()
        yield file.name


def _bring_forward(backup: Backup) -> int:
    """Run the migrations that the backup has not seen; return how many."""
    executor = MigrationExecutor(django_connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except Exception as error:
            raise BackupError(
                "The backup is restored, but could not be brought forward to this version "
                f"({type(error).__name__}: {error}). Run the version that made it, or mend the cause and run "
                "manage.py migrate."
            ) from error
    return len(missing)


def _bar(backup: Backup, what: str) -> "tqdm[None]":
    return tqdm(
        total=backup.contents.size,
        desc=what,
        unit="B",
        unit_scale=True,
        file=sys.stderr,
        disable=not sys.stderr.isatty(),
    )
