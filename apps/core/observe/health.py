"""Whether this process can serve pages: /readyz. Whether it lives is /healthz, which asks nobody anything."""

import time
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.core.replica import health as replica_health

KEPT_SECONDS: Final = 1.0
_LONGEST_MS: Final = 2000


class Readiness:
    """What hinders this process, as it last saw it."""

    def __init__(self) -> None:
        self._looked, self._found = float("-inf"), ""
        self._migrated = False

    def hindrance(self) -> str:
        """Return in a sentence what keeps pages from being served, "" for nothing; looks once a second."""
        if time.monotonic() - self._looked >= KEPT_SECONDS:
            self._found = self._look()
            self._looked = time.monotonic()
        return self._found

    def _look(self) -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true)", [str(_LONGEST_MS)]
                )
                cursor.execute("SELECT 1")
                # Once they were applied they stay so while this process runs.
                self._migrated = self._migrated or not _unapplied()
        except (DatabaseError, InterfaceError):
            connection.close()
            return "The database does not answer."
        if not self._migrated:
            return "Migrations are not applied: run `manage.py migrate`."
        if not settings.DEBUG and not getattr(staticfiles_storage, "hashed_files", {"": ""}):
            return "Static files are not collected: run `manage.py collectstatic`."
        return ""


def _unapplied() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


readiness = Readiness()


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether pages can be served: 200, or 503 with what is missing."""
    missing = readiness.hindrance()
    words = missing or "ready"
    if not missing and settings.DATABASE_REPLICA_URL and not replica_health.well():
        words = "ready; the read replica is left out"
    answer = HttpResponse(f"{words}\n", content_type="text/plain", status=503 if missing else 200)
    answer["Cache-Control"] = "no-store"
    return answer
