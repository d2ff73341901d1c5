"""A real streaming replica, made with the embedded PostgreSQL's pg_basebackup, behind a real web server."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from apps.accounts.models import User
from apps.core.embedded import account, paths, postgres, processes
from apps.timelines.models import Timeline
from tests.factories import make_timeline

LAG = 2


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Replica:
    """The standby's server; its log holds every statement that it was asked."""

    def __init__(self, home):
        self.home, self.log = home, home / "log"
        data = paths.data_dir(home)
        home.mkdir(mode=0o755)
        runner = account.choose(data, postgres.program("postgres"))
        runner.own(data)
        subprocess.run(
            [
                *(
                    *runner.prefix,
                    postgres.program("pg_basebackup"),
                    "-D",
                    data,
                    "-R",
                    "-X",
                    "stream",
                ),
                *("-c", "fast", "-h", paths.socket_dir(settings.TENSIONLINE_HOME)),
                *("-U", postgres.SUPERUSER, "--no-sync"),
            ],
            check=True,
            cwd="/",
            **runner.options,
        )
        self.start()

    def start(self):
        self.server = postgres.start(
            self.home, log=self.log, options=("log_statement=all", "fsync=off")
        )

    def run(self, statement):
        with psycopg.connect(
            host=str(paths.socket_dir(self.home)),
            user=postgres.SUPERUSER,
            dbname=settings.DATABASES["default"]["NAME"],
            autocommit=True,
        ) as link:
            return link.execute(statement).fetchone()

    def asked(self):
        """How many statements about timelines it answered."""
        return self.log.read_text(errors="replace").count('FROM "timelines_timeline"')


@pytest.fixture
def replica(transactional_db, tmp_path_factory):
    if not settings.EMBEDDED_POSTGRES:
        pytest.skip("the replica is one of the embedded PostgreSQL, and DATABASE_URL names another")
    folder = tmp_path_factory.mktemp("replica")
    for above in (folder, folder.parent, folder.parent.parent):
        above.chmod(0o755)
    replica = Replica(folder / "home")
    yield replica
    replica.server.stop()


class Site:
    def __init__(self, port, log):
        self.port, self.log = port, log

    def get(self, path, session=""):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if session:
            request.add_header("Cookie", f"{settings.SESSION_COOKIE_NAME}={session}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()


@pytest.fixture
def site(replica, other_process, tmp_path):
    port = free_port()
    name, user = (settings.DATABASES["default"][key] for key in ("NAME", "USER"))
    host = str(paths.socket_dir(replica.home)).replace("/", "%2F")
    environment = other_process | {
        "DATABASE_REPLICA_URL": f"postgres://{user}@{host}:{paths.PORT}/{name}",
        "REPLICA_MAX_LAG_SECONDS": str(LAG),
        "HEAVY_RATE": "2/hour",
        "SECRET_KEY": settings.SECRET_KEY,
        "TENSIONLINE_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=os.environ | environment)
    family = processes.Family(tmp_path / "logs", settings.BASE_DIR, environment)
    family.start(processes.web("127.0.0.1", port, 1))
    site = Site(port, family.log_of("web"))
    deadline = time.monotonic() + 60
    while True:
        try:
            site.get("/healthz")
            break
        except OSError:
            assert time.monotonic() < deadline, site.log.read_text()
            time.sleep(0.1)
    yield site
    family.stop()


def staff_session():
    user = User.objects.create_superuser("ana", password="a long one")
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def until(found, seconds=20):
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def caught_up(replica):
    sql = "SELECT count(*) FROM timelines_timeline"
    until(lambda: replica.run(sql) == (Timeline.objects.count(),))


def test_who_reads_from_where_and_what_a_late_or_dead_replica_costs(replica, site):
    timeline = make_timeline(title="The first title")
    session = staff_session()
    caught_up(replica)
    time.sleep(1.5)  # the web server may have looked while it lagged
    before = replica.asked()
    assert "The first title" in site.get("/")
    assert replica.asked() > before, "an anonymous reader's page is read from the replica"

    before = replica.asked()
    assert "The first title" in site.get("/", session)
    assert replica.asked() == before, "whoever is logged in reads from the primary"

    replica.run("SELECT pg_wal_replay_pause()")
    Timeline.objects.filter(pk=timeline.pk).update(title="The second title")
    assert "The second title" in site.get("/", session), "who writes reads what was written"
    assert "The first title" in site.get("/"), "the replica is behind, within what is allowed"
    until(lambda: "The second title" in site.get("/"), LAG + 10)
    assert "the read replica is left out: it is" in site.log.read_text()

    replica.run("SELECT pg_wal_replay_resume()")
    until(lambda: "the read replica is used again" in (site.get("/") and site.log.read_text()))

    replica.server.process.kill()
    replica.server.process.wait()
    for _ in range(10):
        assert "The second title" in site.get("/"), "no page fails"
        time.sleep(0.1)
    told = site.log.read_text()
    assert "it does not answer" in told or "it broke off" in told
    replica.start()
    until(
        lambda: (
            told.count("used again") < (site.get("/") and site.log.read_text()).count("used again")
        )
    )


def test_limits_are_counted_on_the_primary_for_pages_that_are_read_from_the_replica(replica, site):
    caught_up(replica)
    time.sleep(1.5)
    assert [site.get("/search/?q=missile") and 200 for _ in range(2)] == [200, 200]
    with pytest.raises(urllib.error.HTTPError) as refused:
        site.get("/search/?q=missile")
    assert refused.value.code == 429


def test_without_a_replica_nothing_is_routed():
    assert "replica" not in settings.DATABASES
    assert settings.DATABASE_ROUTERS == []
