"""`manage.py up` for real: from a killed first start to Ctrl-C, a second run, a crash."""

import re
import signal
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
from psycopg import sql

from apps.core.embedded import paths, postgres
from tests.core.running import Up

# One story, told in order: the later parts need the folder of the earlier ones.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "var"


@pytest.fixture(scope="module")
def killed(home: Path) -> list[str]:
    """A first start that is killed outright in its middle; what was left running two seconds later."""
    up = Up(home)
    up.wait_for("queue")
    up.end(signal.SIGKILL)
    return until_gone(up, 5)


@pytest.fixture(scope="module")
def first(home: Path, killed: list[str]):
    """The first whole run, up to its last line."""
    up = Up(home)
    up.wait_for("running", 400)
    yield up
    if up.process.poll() is None:
        up.end(signal.SIGTERM, 15)


@pytest.fixture(scope="module")
def content(first: Up) -> dict[str, str]:
    wait_until_quiet(first.home)
    return snapshot(first.home)


@pytest.fixture(scope="module")
def ended(first: Up, content: dict[str, str]) -> tuple[int, float]:
    """Exit status and seconds of a Ctrl-C."""
    began = time.monotonic()
    return first.end(signal.SIGINT), time.monotonic() - began


@pytest.fixture(scope="module")
def second(ended: tuple[int, float], home: Path):
    """The second run, over a pid file of a machine that lost power."""
    (paths.data_dir(home) / "postmaster.pid").write_text(f"1\n{paths.data_dir(home)}\n0\n5432\n")
    up = Up(home)
    up.wait_for("running", 400)
    yield up
    if up.process.poll() is None:
        up.end(signal.SIGTERM, 15)


def until_gone(up: Up, seconds: float) -> list[str]:
    deadline = time.monotonic() + seconds
    while (left := up.still_running()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def connect(home: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(paths.socket_dir(home)),
        dbname=paths.DATABASE_NAME,
        user=paths.DATABASE_USER,
        autocommit=True,
    )


def wait_until_quiet(home: Path) -> None:
    """Return when the workers have nothing left to do."""
    deadline = time.monotonic() + 120
    waiting = "SELECT sum(queue_length) FROM pgmq.metrics_all()"
    with connect(home) as connection:
        while connection.execute(waiting).fetchone() != (0,):
            assert time.monotonic() < deadline, "the queue does not run empty"
            time.sleep(0.2)


def snapshot(home: Path) -> dict[str, str]:
    """A digest of every table's rows but those of the queue and of logins."""
    with connect(home) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_session'"
        ).fetchall()
        digest = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
        return {
            name: connection.execute(sql.SQL(digest).format(sql.Identifier(name))).fetchone()[0]
            for (name,) in tables
        }


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def test_a_killed_start_leaves_nothing_running(killed):
    assert killed == []


def test_the_next_start_makes_up_for_the_killed_one(first):
    assert first.wait_for("ready").startswith(f"{first.address}/timelines/us-iran-2020/")


def test_the_pages_answer(first):
    assert "Tensionline" in page(f"{first.address}/")
    assert "<html" in page(f"{first.address}/timelines/us-iran-2020/")


def test_static_files_are_served_compressed_and_for_ever(first):
    name = re.search(r'href="(/static/[^"]+\.css)"', page(f"{first.address}/")).group(1)
    request = urllib.request.Request(first.address + name, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_dispatches_went_through_every_stage(first):
    counts = re.findall(r"^ +(\d+) of (\d+) (taken in|annotated|matched)$", first.output, re.M)
    assert [verb for _, _, verb in counts] == ["taken in", "annotated", "matched"]
    assert all(int(done) == int(total) >= 12 for done, total, _ in counts)


def test_the_printed_password_opens_the_admin(first):
    password = re.search(
        r"demo-editor \(senior editor and operator\), password (\S+) ", first.output
    ).group(1)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    login = f"{first.address}/admin/login/?next=/admin/"
    form = browser.open(login, timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
    fields = {"username": "demo-editor", "password": password, "csrfmiddlewaretoken": token}
    answer = browser.open(login, urlencode(fields).encode(), timeout=10)
    assert answer.url == f"{first.address}/admin/"
    assert "Log out" in answer.read().decode()


def test_the_password_is_kept_nowhere_in_clear(first):
    password = (
        re.search(r"demo-editor \(senior editor and operator\), password (\S+) ", first.output)
        .group(1)
        .encode()
    )
    logs = list((first.home / "logs").iterdir())
    assert logs
    assert [file for file in logs if password in file.read_bytes()] == []


def test_only_the_owner_can_reach_the_database(first):
    for folder in (paths.data_dir(first.home), paths.socket_dir(first.home)):
        assert folder.stat().st_mode & 0o077 == 0


def test_the_database_listens_on_no_network_address(first):
    with connect(first.home) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_second_up_on_the_same_folder_is_told_who_has_it(first):
    other = Up(first.home)
    assert other.finish() == 1
    assert other.lines == [
        f"CommandError: Tensionline already runs on {first.home} (process {first.process.pid}): "
        "use that one, end it, or set TENSIONLINE_HOME to another folder."
    ]


def test_a_busy_port_is_told_before_anything_starts(first, tmp_path):
    other = Up(tmp_path / "var", port=first.port)
    assert other.finish() == 1
    assert len(other.lines) == 1
    assert f"Port {first.port} on 127.0.0.1 cannot be used" in other.output
    assert not paths.data_dir(tmp_path / "var").exists()


def test_ctrl_c_ends_everything_within_ten_seconds(first, ended):
    status, seconds = ended
    assert status == 0
    assert seconds < 10
    assert first.still_running() == []
    assert first.lines[-1].startswith("stopped")
    assert postgres.running_pid(paths.data_dir(first.home)) is None


def test_a_second_run_does_nothing_twice(second):
    """How long that takes is measured by `make bench-start`, where nothing else runs beside it."""
    for slug in ("us-iran-2020", "india-pakistan-2019"):
        assert f"{slug}: nothing to do, all of it is loaded." in second.output
    assert re.search(r"\(\d+\.\d s\)", second.wait_for("ready"))


def test_a_second_run_changes_nothing(second, content):
    wait_until_quiet(second.home)
    assert snapshot(second.home) == content


def test_a_second_run_prints_no_password(second):
    assert "password (" not in second.output
    assert not re.search(r"demo-editor.* password \S+ \(shown", second.output)


def test_a_crash_of_one_child_is_reported_and_ends_the_rest(second):
    children = psutil.Process(second.process.pid).children()
    # As it was started, or by the title that Celery gives it where it can.
    beat = next(one for one in children if re.search(r"\bbeat\b", " ".join(one.cmdline())))
    beat.kill()
    assert second.finish(15) == 1
    assert (
        f"The beat process ended unexpectedly (status -9): see {second.home}/logs/beat.log."
        in second.output
    )
    assert until_gone(second, 1) == []
