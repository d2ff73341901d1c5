"""Backup and restore for real: every table, while others write, into another database, damaged files."""

import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from apps.accounts.models import User
from apps.core.backup import container, restoring, sums
from apps.core.backup.container import Backup, Table, Writer
from apps.core.backup.programs import BackupError
from tests import rows
from tests.conftest import database_url
from tests.events import make

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def on(database: str) -> str:
    """The address of another database of the same server."""
    address, _, _name = database_url().rpartition("/")
    return f"{address}/{database}"


@pytest.fixture
def manage(other_process: dict[str, str]) -> Run:
    """Run a command of manage.py on a database, the test's own if none is named."""

    def run(*command: object, url: str = "", **options: object):
        environment = os.environ | other_process | ({"DATABASE_URL": url} if url else {})
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, command)],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            **({"text": True} | options),
        )

    return run


@pytest.fixture
def target(transactional_db: None, worker_id: str) -> Iterator[str]:
    """The address of an empty database."""
    name = sql.Identifier(f"restored_{worker_id}")
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield on(f"restored_{worker_id}")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def found(url: str) -> dict[str, Table]:
    """Rows and sums of all tables of a database."""
    with psycopg.connect(url) as connection:
        return sums.of_all(connection, sums.tables(connection), lambda: None)


def done(run: "subprocess.CompletedProcess[str]") -> str:
    assert run.returncode == 0, run.stderr
    return run.stdout


def refused(run: "subprocess.CompletedProcess[str]") -> str:
    assert run.returncode == 1, run.stdout
    assert "Traceback" not in run.stderr
    return run.stderr


def fill() -> None:
    """At least one row in every table of the product's models."""
    for maker in rows.MAKERS.values():
        maker()
    make.published()
    User.objects.create_user("ana", password="a long password", is_staff=True)


def repack(file: Path, out: Path, **changes: object) -> Path:
    """Write a backup again with parts of its manifest, or the sum of one table, changed."""
    backup = Backup.open(file)
    tables = dict(backup.contents.tables)
    if "wrong" in changes:
        tables[str(changes.pop("wrong"))] = Table(1, "1")
    with out.open("wb") as stream:
        writer = Writer(stream, replace(backup.manifest, **changes))  # type: ignore[arg-type]
        writer.dump(backup.chunks())
        writer.close(tables)
    backup.close()
    return out


# --- whole --------------------------------------------------------------------------------


def test_everything_comes_back_and_works(manage, target, tmp_path):
    fill()
    before = found(database_url())
    empty = {name for name, table in before.items() if table.rows == 0}
    file = tmp_path / "whole.zip"
    done(manage("backup", file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "is whole" in done(manage("backup", "--verify", file))
    assert "Restored and checked" in done(manage("restore", file, url=target))
    assert found(target) == before
    assert not empty & {model._meta.db_table for model in rows.MAKERS}
    works(target)


def works(url: str) -> None:
    """Numbers go on, rules are kept, history is written, people can log in."""
    with psycopg.connect(url) as connection:
        (highest,) = connection.execute("SELECT max(id) FROM actors_actor").fetchone()
        (changes,) = connection.execute("SELECT count(*) FROM core_change").fetchone()
        connection.execute("UPDATE actors_actor SET name = 'Another' WHERE id = %s", [highest])
        (more,) = connection.execute("SELECT count(*) FROM core_change").fetchone()
        assert more == changes + 1
        (following,) = connection.execute("SELECT nextval('actors_actor_id_seq')").fetchone()
        assert following > highest
        connection.commit()
        with pytest.raises(psycopg.errors.RestrictViolation, match="is refused"):
            connection.execute("UPDATE core_change SET why = 'x'")
        connection.rollback()
        with pytest.raises(psycopg.errors.RestrictViolation, match="kept as they were written"):
            connection.execute("UPDATE articles_articleversion SET title = 'x'")
        connection.rollback()
        connection.execute(
            "UPDATE events_event SET status = 'published', first_public_at = now() "
            "WHERE status = 'proposed'"
        )
        with pytest.raises(psycopg.errors.CheckViolation, match="must keep at least one"):
            connection.commit()
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client()\n"
        "told = {'username': 'ana', 'password': 'a long password'}\n"
        "print(client.post('/login/', told).status_code, client.get('/admin/').status_code)\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": url,
        "ALLOWED_HOSTS": "testserver",
    }
    answered = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert answered.stdout.split() == ["302", "200"], answered.stderr


def test_it_is_of_one_moment_while_others_write(manage, target, tmp_path):
    """Each transaction writes into two tables that are read one after the other: both or neither come back."""
    fill()
    ended, written = threading.Event(), threading.Event()

    def write() -> None:
        with psycopg.connect(database_url(), autocommit=True) as connection:
            number = 0
            while not ended.is_set():
                number += 1
                with connection.transaction():
                    connection.execute(
                        'INSERT INTO timelines_apicalls (caller, "window", calls) VALUES (%s, 0, 1)',
                        [f"pair-{number}"],
                    )
                    connection.execute("INSERT INTO timelines_touch (event) VALUES (%s)", [-number])
                if number == 20:
                    written.set()

    writer = threading.Thread(target=write)
    writer.start()
    file = tmp_path / "moment.zip"
    try:
        assert written.wait(30)
        done(manage("backup", file))
    finally:
        ended.set()
        writer.join()
    done(manage("restore", file, url=target))
    with psycopg.connect(target) as connection:
        pairs = connection.execute("SELECT caller FROM timelines_apicalls")
        calls = {int(caller.removeprefix("pair-")) for (caller,) in pairs}
        touches = connection.execute("SELECT -event FROM timelines_touch WHERE event < 0")
        assert {event for (event,) in touches} == calls
    assert len(calls) >= 20


def test_standard_output_takes_it_too(manage, target, tmp_path):
    fill()
    run = manage("backup", "-", text=False)
    assert run.returncode == 0, run.stderr
    (tmp_path / "piped.zip").write_bytes(run.stdout)
    done(manage("restore", tmp_path / "piped.zip", url=target))
    assert found(target) == found(database_url())


def test_the_queue_stays_out(queue, manage, target, tmp_path):
    """Rows of the stages say what there is to do: messages brought back would do it twice."""
    file = tmp_path / "whole.zip"
    done(manage("backup", file))
    done(manage("restore", file, url=target))
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regnamespace('pgmq')").fetchone() == (None,)


def test_an_older_backup_is_brought_forward(manage, target, tmp_path):
    done(manage("migrate", "timelines", "0009", url=target))
    with psycopg.connect(target) as connection:
        connection.execute("INSERT INTO auth_group (name) VALUES ('kept')")
    file = tmp_path / "old.zip"
    done(manage("backup", file, url=target))
    assert "Brought forward" in done(manage("restore", "--replace", file, url=target))
    assert "No migrations to apply" in done(manage("migrate", url=target))
    with psycopg.connect(target) as connection:
        kept = connection.execute("SELECT name FROM auth_group WHERE name = 'kept'").fetchone()
    assert kept == ("kept",)


# --- refused, with nothing touched --------------------------------------------------------


@pytest.fixture
def whole(manage: Run, tmp_path: Path) -> Path:
    rows.event()
    file = tmp_path / "whole.zip"
    done(manage("backup", file))
    return file


def test_a_file_that_was_cut_off_is_refused(manage, target, whole):
    content = whole.read_bytes()
    for length in (0, 1, len(content) // 2, len(content) - 100, len(content) - 1):
        whole.write_bytes(content[:length])
        with pytest.raises(BackupError, match="is damaged or was cut off"):
            restoring.opened(whole).__enter__()
    assert "is damaged or was cut off" in refused(manage("restore", whole, url=target))
    assert "is damaged or was cut off" in refused(manage("backup", "--verify", whole))
    assert found(target) == {}


def test_a_file_with_one_wrong_byte_is_refused(manage, target, whole):
    content = bytearray(whole.read_bytes())
    content[len(content) // 2] ^= 1
    whole.write_bytes(content)
    assert "is damaged or was cut off" in refused(manage("restore", whole, url=target))
    assert found(target) == {}


def test_a_dump_exchanged_for_another_is_refused(manage, target, whole, tmp_path):
    """A whole zip, whose dump is not the one that was written into it."""
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"PGDMP" if name == container.DUMP else old.read(name))
    assert "does not have the checksum" in refused(manage("restore", other, url=target))


def test_a_newer_version_is_refused(manage, target, whole, tmp_path):
    seen = {"core": ["0001_initial", "9999_of_tomorrow"]}
    newer = repack(whole, tmp_path / "newer.zip", migrations=seen)
    assert "newer version of Tensionline (it has seen core.9999_of_tomorrow)" in refused(
        manage("restore", newer, url=target)
    )
    newer = repack(whole, tmp_path / "format.zip", format=2)
    assert "format 2" in refused(manage("restore", newer, url=target))
    newer = repack(whole, tmp_path / "server.zip", server=990000)
    assert "PostgreSQL 99" in refused(manage("restore", newer, url=target))
    assert found(target) == {}


def test_a_database_that_is_not_empty_is_refused_unless_it_may_be_replaced(
    manage, target, whole, tmp_path
):
    done(manage("restore", whole, url=target))
    with psycopg.connect(target) as connection:
        connection.execute("UPDATE places_place SET name = 'later'")
        connection.execute("CREATE TABLE of_tomorrow ()")
    told = refused(manage("restore", whole, url=target))
    assert "is not empty" in told
    assert "--replace" in told
    later = found(target)
    # What comes out is not what the backup says: all is taken back, the emptying too.
    wrong = repack(whole, tmp_path / "wrong.zip", wrong="places_place")
    told = refused(manage("restore", "--replace", wrong, url=target))
    assert "the database is as it was" in told
    assert "places_place does not hold" in told
    assert found(target) == later
    done(manage("restore", "--replace", whole, url=target))
    assert found(target) == found(database_url())


def test_a_database_in_use_is_refused(manage, target, whole):
    with psycopg.connect(target):
        assert "1 other connections use the database" in refused(
            manage("restore", whole, url=target)
        )


def test_no_backup_is_written_over_another(manage, whole):
    before = whole.read_bytes()
    assert "no backup is written over another" in refused(manage("backup", whole))
    assert whole.read_bytes() == before


def test_a_backup_that_is_killed_leaves_no_file(manage, other_process, tmp_path, transactional_db):
    rows.event()
    file = tmp_path / "killed.zip"
    with psycopg.connect(database_url()) as holding:
        holding.execute("LOCK TABLE timelines_touch IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "backup", str(file)],
            cwd=settings.BASE_DIR,
            env=os.environ | other_process,
        )
        while not (drafts := list(tmp_path.glob(".killed.zip-*.part"))):
            assert process.poll() is None
        process.kill()
        process.wait()
    assert not file.exists()
    assert "is damaged or was cut off" in refused(manage("restore", drafts[0]))


BREAKING_OFF = """
import sys, tempfile, django
django.setup()
from pathlib import Path
from apps.core.backup import programs, restoring, sums

def cut(script):
    for line in b"".join(script).splitlines(keepends=True):
        if b"; Type: CONSTRAINT;" in line:
            return
        yield line

with restoring.opened(Path(sys.argv[1])) as backup, tempfile.TemporaryFile() as messages:
    with restoring._as_sql(backup, messages) as script:
        after = restoring._IS_WHOLE + sums.as_check(backup.contents.tables)
        try:
            restoring.as_one_transaction(cut(script), messages, before="", after=after)
        except programs.BackupError:
            messages.seek(0)
            print(messages.read().decode())
"""


def test_a_script_that_breaks_off_after_the_rows_is_taken_back(other_process, target, whole):
    """All rows are there by then, but no rule and no index: as when this process is killed outright."""
    run = subprocess.run(
        [sys.executable, "-c", BREAKING_OFF, str(whole)],
        cwd=settings.BASE_DIR,
        env=os.environ | other_process | {"DATABASE_URL": target},
        capture_output=True,
        text=True,
    )
    assert "the dump broke off before its end" in done(run)
    assert found(target) == {}


# --- memory -------------------------------------------------------------------------------

MEASURED = """
import resource, sys, django
django.setup()
from django.core.management import call_command
call_command(*sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""
MANY = """
INSERT INTO articles_intakeitem (
    status, attempts, error, next_try_at, label, url, content_type, raw, title, published_precision,
    source_name, project_written, key, outcome, batch_id, told)
SELECT 'done', 1, '', now(), n, '', '', decode((SELECT string_agg(md5(n || '-' || m), '')
    FROM generate_series(1, 400) m), 'hex'), '', '', '', false, '', '', batch_id, '{}'
FROM articles_intakeitem, generate_series(1, 12000) n
"""


def test_memory_does_not_grow_with_the_rows(other_process, target, tmp_path):
    """Of this process; what PostgreSQL's programs hold is a buffer a connection."""

    def peak(url: str, *command: str) -> int:
        run = subprocess.run(
            [sys.executable, "-c", MEASURED, *command],
            cwd=settings.BASE_DIR,
            env=os.environ | other_process | {"DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return int(run.stderr.split()[-1])

    rows.item()
    few = peak(database_url(), "backup", str(tmp_path / "few.zip"))
    with psycopg.connect(database_url()) as connection:
        connection.execute(MANY)
    many = tmp_path / "many.zip"
    assert peak(database_url(), "backup", str(many)) < few + 10
    assert many.stat().st_size > 60_000_000
    assert peak(target, "restore", str(many)) < few + 10
    assert found(target) == found(database_url())
