"""Recovery to a moment, as docs/backup.md has it: a base backup, archived log, and a server made of both."""

import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from apps.core.embedded import account, paths, postgres


def connect(home: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(paths.socket_dir(home)),
        dbname=paths.DATABASE_NAME,
        user=postgres.SUPERUSER,
        autocommit=True,
    )


def run_as(runner: account.Account, *command: object) -> None:
    done = subprocess.run(
        [*runner.prefix, *map(str, command)], capture_output=True, text=True, **runner.options
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.timeout(120)
def test_the_database_comes_back_as_it_was_at_a_moment(tmp_path):
    home, later, archive = tmp_path / "var", tmp_path / "later", tmp_path / "archive"
    for folder in (home, later):
        folder.mkdir()
    runner = account.choose(paths.data_dir(home), postgres.program("postgres"))
    runner.own(archive)
    # The name is there once the file is whole.
    copied = f"cp %p {archive}/%f.part && mv {archive}/%f.part {archive}/%f"
    server = postgres.start(
        home,
        log=tmp_path / "log",
        options=("archive_mode=on", f"archive_command=test ! -f {archive}/%f && {copied}"),
    )
    try:
        with connect(home) as connection:
            connection.execute("CREATE TABLE told (what text)")
            connection.execute("INSERT INTO told VALUES ('before the base backup')")
            base = paths.data_dir(later)
            run_as(
                runner,
                *(postgres.program("pg_basebackup"), "--pgdata", base, "--checkpoint=fast"),
                *("--host", paths.socket_dir(home), "--username", postgres.SUPERUSER),
            )
            run_as(runner, postgres.program("pg_verifybackup"), base)
            connection.execute("INSERT INTO told VALUES ('after it')")
            time.sleep(1.1)
            (moment,) = connection.execute("SELECT now()::text").fetchone()
            time.sleep(1.1)
            connection.execute("DELETE FROM told")
            connection.execute("SELECT pg_switch_wal()")
            deadline = time.monotonic() + 30
            waiting = "SELECT archived_count < 2 OR failed_count > 0 FROM pg_stat_archiver"
            while connection.execute(waiting).fetchone() == (True,):
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.1)
    finally:
        server.stop()
    with (base / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"restore_command = 'cp {archive}/%f %p'\n"
            f"recovery_target_time = '{moment}'\n"
            "recovery_target_action = 'promote'\n"
        )
    (base / "recovery.signal").touch()
    server = postgres.start(later, log=tmp_path / "log of later")
    try:
        with connect(later) as connection:
            deadline = time.monotonic() + 30
            while connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            told = connection.execute("SELECT what FROM told ORDER BY what").fetchall()
            assert told == [("after it",), ("before the base backup",)]
            connection.execute("INSERT INTO told VALUES ('goes on')")
    finally:
        server.stop()
