"""One PostgreSQL for the whole run, started here and stopped with it."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.embedded import postgres

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL before any worker needs it; DATABASE_URL is used instead where set."""
    started_by_another = hasattr(config, "workerinput")
    if started_by_another or config.option.collectonly:
        return
    home: Path = settings.TENSIONLINE_HOME
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    if settings.EMBEDDED_POSTGRES:
        server = postgres.start(
            home, log=home / "logs" / "postgres.log", options=postgres.FAST_AND_FORGETFUL
        )
        config.add_cleanup(server.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests where there is no Chromium, unless the run insists on them."""
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
