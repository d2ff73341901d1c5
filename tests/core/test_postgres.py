"""The embedded PostgreSQL: made whole or not at all, for root and for an ordinary user, cleaned up after."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from apps.core.embedded import account, paths, postgres


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def start(home: Path) -> postgres.Server:
    return postgres.start(home, log=home.parent / "log", options=postgres.FAST_AND_FORGETFUL)


def connect(home: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(paths.socket_dir(home)), dbname=paths.DATABASE_NAME, user=paths.DATABASE_USER
    )


def test_half_made_and_stale_leftovers_do_not_stop_it(home):
    """initdb killed in the middle, a pid file and a socket lock of a process that is somebody else's now."""
    half_made = home / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    start(home).stop()
    assert not half_made.exists()
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{home / 'postgres'}\n")
    (home / "run" / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    server = start(home)
    with connect(home) as connection:
        query = "SELECT current_user, current_setting('server_encoding'), lower('ÄÉ')"
        assert connection.execute(query).fetchone() == ("tensionline", "UTF8", "äé")
    server.stop()
    assert postgres.running_pid(paths.data_dir(home)) is None


def test_a_server_left_over_from_a_killed_run_is_replaced(home):
    before = start(home)
    after = start(home)
    assert before.process.wait(5) == 0
    assert postgres.running_pid(paths.data_dir(home)) == after.process.pid
    after.stop()


def test_the_server_ends_when_its_parent_is_killed(home):
    script = (
        "import sys, time, pathlib\n"
        "from apps.core.embedded import postgres\n"
        "home = pathlib.Path(sys.argv[1])\n"
        "postgres.start(home, log=home.parent / 'log', options=postgres.FAST_AND_FORGETFUL)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(home)], cwd=settings.BASE_DIR, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"up\n"
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while postgres.running_pid(paths.data_dir(home)) is not None:
        assert time.monotonic() < deadline, "PostgreSQL outlived the process that started it"
        time.sleep(0.1)


def test_a_folder_with_other_files_is_left_alone(home):
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "thesis.txt").write_text("years of work")
    with pytest.raises(postgres.PostgresError, match="holds files but no PostgreSQL database"):
        start(home)
    assert (home / "postgres" / "thesis.txt").read_text() == "years of work"


def test_a_server_that_cannot_start_tells_its_last_words(home):
    start(home).stop()
    with (home / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = on\n")
    with pytest.raises(
        postgres.PostgresError, match=r"did not start: .*postgresql.conf.* \(see .*log\)"
    ):
        start(home)


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder, with its time and what it holds."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (
            "17",
            "was made by PostgreSQL 17, .* run: manage.py backup FILE. Then move .* restore FILE",
        ),
        ("99", "brings PostgreSQL 18, which is older: run the version that made it"),
    ],
)
def test_data_of_another_major_version_is_refused_and_not_touched(home, version, told):
    start(home).stop()
    (home / "postgres" / "PG_VERSION").write_text(f"{version}\n")
    (home / "postgres" / "postmaster.pid").write_text("1\n")
    before = state(home / "postgres")
    with pytest.raises(postgres.PostgresError, match=told):
        start(home)
    environment = {"PATH": os.environ["PATH"], "TENSIONLINE_HOME": str(home)}
    up = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert up.returncode == 1
    assert f"was made by PostgreSQL {version}" in up.stderr
    assert "Traceback" not in up.stderr
    assert state(home / "postgres") == before


def test_a_long_path_gets_a_short_socket_folder(tmp_path):
    home = tmp_path / ("long" * 20) / "var"
    server = start(home)
    folder = paths.socket_dir(home)
    assert home not in folder.parents
    with connect(home) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_hands_it_to_an_unprivileged_user_who_can_reach_it():
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        runner = account.choose(folder / "postgres", Path("/bin/true"))
    finally:
        shutil.rmtree(folder)
    assert runner.uid != 0
    assert runner.prefix == ()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_root_reaches_a_folder_that_is_closed_to_others(home):
    home.mkdir()
    home.parent.chmod(0o700)
    server = start(home)
    pid = server.process.pid
    owner = Path(f"/proc/{pid}").stat().st_uid
    server.stop()
    assert owner != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_an_ordinary_user_runs_it_as_itself(home):
    """The user `nobody`, given the right to read this checkout wherever it lies."""
    home.mkdir()
    shutil.chown(home, "nobody")
    shutil.chown(home.parent, "nobody")
    script = (
        "import os, sys, pathlib\n"
        "from apps.core.embedded import paths, postgres\n"
        "home = pathlib.Path(sys.argv[1])\n"
        "server = postgres.start(home, log=home.parent / 'log', options=postgres.FAST_AND_FORGETFUL)\n"
        "print(os.geteuid(), paths.data_dir(home).stat().st_uid, paths.socket_dir(home).stat().st_uid)\n"
        "server.stop()\n"
    )
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    done = subprocess.run(
        [*as_nobody, *reading, sys.executable, "-c", script, str(home)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    user, data, socket = done.stdout.split()
    assert user == data == socket != "0"


def test_somebody_elses_database_is_told_in_one_sentence(home, monkeypatch):
    paths.data_dir(home).mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(postgres.PostgresError, match="belongs to the user"):
        start(home)


def test_stop_is_a_clean_shutdown(home):
    server = start(home)
    server.stop()
    assert server.process.returncode == 0
    assert server.process.poll() != -signal.SIGKILL
