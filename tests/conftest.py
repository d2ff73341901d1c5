"""One PostgreSQL for the whole run, started here and stopped with it."""

import gc
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_django
from celery import current_app
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from kombu import pools

from apps.core import history
from apps.core.embedded import broker, postgres, processes
from tests import brokers, emptying

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("busy machine")

KINDS = ("pgmq", "rabbitmq", "redis")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Long files, or folders of them, whatever their number of tests: begun first, so that no core ends a run alone.
LONG = (
    *("test_permissions.py", "core/test_up.py", "timelines/test_leaks.py", "browser", "flow"),
    *(
        "test_admin.py",
        "timelines/test_load.py",
        "core/test_broker.py",
        "timelines/test_dispatches.py",
    ),
    *("timelines/test_dump.py", "events/test_seed.py", "annotations/test_seed_article.py"),
)


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL before any worker needs it; DATABASE_URL is used instead where set."""
    started_by_another = hasattr(config, "workerinput")
    if started_by_another or config.option.collectonly:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # cleans up, as Ctrl-C does
    home: Path = settings.TENSIONLINE_HOME
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    if settings.EMBEDDED_POSTGRES:
        # Statistics taken while a test's rows come or go would let the next query's plan be anything.
        options = (*postgres.FAST_AND_FORGETFUL, "autovacuum=off")
        server = postgres.start(home, log=home / "logs" / "postgres.log", options=options)
        config.add_cleanup(server.stop)


def _begun(item: pytest.Item) -> int:
    """The place of a test's file among the long ones, behind all of them where it is short."""
    name = item.path.relative_to(Path(__file__).parent).as_posix()
    return next((place for place, long in enumerate(LONG) if name.startswith(long)), len(LONG))


def _insist_on_brokers() -> None:
    lacking = [name for name in map(brokers.missing, KINDS) if name]
    if lacking and os.environ.get("TENSIONLINE_REQUIRE_BROKERS") == "1":
        raise pytest.UsageError(
            f"TENSIONLINE_REQUIRE_BROKERS=1, but these are not installed: {', '.join(lacking)}."
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with long files. Skip browser tests where there is no Chromium, unless the run insists on them."""
    _insist_on_brokers()
    items.sort(key=_begun)
    if any(shutil.which(name) for name in CHROMIUM):
        return
    insisted = os.environ.get("TENSIONLINE_REQUIRE_BROWSER") == "1"
    if insisted:
        raise pytest.UsageError(
            "TENSIONLINE_REQUIRE_BROWSER=1, but no Chromium is installed (looked for: "
            f"{', '.join(CHROMIUM)})."
        )
    skip = pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Look for garbage less often, and never among what stays until the end: modules, models, the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def database_url() -> str:
    """The address of the database that this test uses, for other processes."""
    database = settings.DATABASES["default"]
    login = database["USER"]
    if database.get("PASSWORD"):
        login += ":" + quote(database["PASSWORD"], safe="")
    host, port = quote(str(database["HOST"]), safe=""), database["PORT"]
    return f"postgres://{login}@{host}:{port}/{database['NAME']}"


@pytest.fixture
def other_process(transactional_db: None, broker_url: str) -> dict[str, str]:
    """The environment in which another process is the product, on this test's database and a real queue."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker_url,
    }


def _use_queue(url: str) -> None:
    """Point this process's Celery at the queue of `url` ("" means PGMQ in the test's database)."""
    pools.reset()
    current_app._pool = None
    current_app.amqp._producer_pool = None
    for kept in ("queues", "router"):
        vars(current_app.amqp).pop(kept, None)
    os.environ["CELERY_BROKER_URL"] = url  # Celery asks the environment before its settings
    current_app.conf.update(
        broker.celery_settings(url, settings.DATABASES["default"], settings.STAGE_LEASE_SECONDS)
    )


_started: dict[str, brokers.Broker] = {}


@pytest.fixture(scope="session")
def broker_programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Call it with a kind of broker for the address of one that runs ("" for PGMQ); all end with the run."""

    def address(kind: str) -> str:
        if kind == "pgmq":
            return ""
        if kind not in _started:
            lacking = brokers.missing(kind)
            if lacking:
                pytest.skip(f"NOT TESTED: no {kind} on this machine: apt-get install {lacking}")
            program = brokers.Broker(kind, tmp_path_factory.mktemp(kind))
            program.start()
            _started[kind] = program
        return _started[kind].url

    yield address
    while _started:
        _started.popitem()[1].stop()


@pytest.fixture
def broker_kind(request: pytest.FixtureRequest) -> str:
    """Which broker the test runs over; `over` asks for others."""
    return getattr(request, "param", "pgmq")


def over(*kinds: str) -> pytest.MarkDecorator:
    """Run a test over each of these kinds of brokers."""
    return pytest.mark.parametrize("broker_kind", kinds, indirect=True)


@pytest.fixture
def broker_url(broker_kind: str, broker_programs: Callable[[str], str]) -> str:
    """The address of this test's broker, "" for PGMQ in its database."""
    return broker_programs(broker_kind)


def purge() -> None:
    """Make this test's queues where they are missing, and empty them."""
    with current_app.connection_for_write() as connection:
        for one in current_app.conf.task_queues:
            bound = one(connection.default_channel)
            bound.declare()
            bound.purge()


@pytest.fixture
def queue(transactional_db: None, broker_url: str) -> Iterator[None]:
    """Real queues, empty, and this process's tasks go to them: PGMQ in the test's database, or see `over`."""
    broker.install(settings.DATABASES["default"])
    _use_queue(broker_url)
    purge()
    yield
    _use_queue("memory://")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """Let tests with transactions of their own empty the tables after them: the product refuses that."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%I DISABLE TRIGGER %%I', relname, tgname) FROM pg_trigger "
            "JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE %s",
            [f"%_{history.NOT_EMPTIED}"],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        emptying.install()


Worker = subprocess.Popen[bytes]


@pytest.fixture
def start_worker(
    queue: None, other_process: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., Worker]]:
    """Call it to start a real worker pool on this test's database; it returns once tasks are taken.

    Names of further modules with tasks may be given, and another pool than one for both queues. It ends with
    the test.
    """
    family = processes.Family(tmp_path / "logs", settings.BASE_DIR, other_process)

    def start(*modules: str, program: processes.Program | None = None) -> Worker:
        program = program or processes.worker(1, settings.WORKER_MAX_MEMORY_MB)
        family.start(replace(program, command=(*program.command, *include(modules))))
        log = family.log_of(program.name)
        deadline = time.monotonic() + 60
        while " ready." not in log.read_text():
            assert family.ended() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        return family.members[program.name]

    yield start
    family.stop()


def include(modules: tuple[str, ...]) -> tuple[str, ...]:
    """Celery's option that loads `modules`."""
    return ("--include", ",".join(modules)) if modules else ()
