"""A PostgreSQL of its own for a benchmark: empty, migrated, in a folder that is removed with it."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import django
import psycopg


@contextmanager
def product() -> Iterator[None]:
    """Set Django up on an empty database with every migration applied.

    The server is started once for a process and removed at its end; each call gets a database of its own, and
    the one before is dropped.
    """
    _start()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    login = settings.DATABASES["default"]
    connections.close_all()
    with psycopg.connect(
        host=login["HOST"],
        port=login["PORT"],
        user=login["USER"],
        dbname="postgres",
        autocommit=True,
    ) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{login["NAME"]}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{login["NAME"]}"')
    call_command("migrate", verbosity=0)
    try:
        yield
    finally:
        connections.close_all()


@cache
def _start() -> None:
    """Start the server and set Django up on it, once: Django is set up for good."""
    home = Path(tempfile.mkdtemp(prefix="tensionline-bench-"))
    os.environ |= {
        "TENSIONLINE_HOME": str(home),
        "DATABASE_URL": "",
        "CELERY_BROKER_URL": "memory://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    # Settings read the environment above, and what needs settings cannot be imported before it is set up.
    from django.conf import settings

    from apps.core.embedded import postgres

    settings.DEBUG = False
    server = postgres.start(home, log=home / "postgres.log", options=postgres.FAST_AND_FORGETFUL)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)
    django.setup()
