"""A PostgreSQL of its own for a benchmark: empty, migrated, in a folder that is removed with it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django


@contextmanager
def product() -> Iterator[None]:
    """Set Django up on a scratch database with every migration applied; stop and remove it afterwards.

    One process may enter it once: Django is set up for good.
    """
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
    try:
        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        yield
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
