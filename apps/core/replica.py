"""Public pages from a read replica: anonymous readers' GETs are answered by it, everything else by the primary.

`ReplicaMiddleware` decides for a request, `ReplicaRouter` for each query of it. A replica that does not answer,
or is behind by more than REPLICA_MAX_LAG_SECONDS, is left out until it has caught up.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)

ALIAS: Final = "replica"
# Each process asks the replica how far behind it is no more often than this.
LOOK_SECONDS: Final = 1.0
# Editors and operators, and logins; whatever writes there has to be read at once.
_NOT_PUBLIC: Final = ("/admin/", "/login/", "/logout/", "/healthz", "/readyz")
# A replica that has replayed all it received is as new as the primary, however long ago the last change was.
# One that receives nothing any more looks the same: its receiver must be at work.
_BEHIND: Final = """
    SELECT CASE
        WHEN NOT pg_is_in_recovery() THEN 0
        WHEN NOT EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 'infinity'::float8
        WHEN pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() THEN 0
        ELSE coalesce(
            extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 'infinity'::float8
        )
    END
"""

_from_replica: ContextVar[bool] = ContextVar("from_replica", default=False)


def reading() -> BaseDatabaseWrapper:
    """Return the connection for a query of one's own SQL that only reads."""
    return connections[ALIAS if _from_replica.get() else DEFAULT_DB_ALIAS]


class Health:
    """Whether the replica may be asked, as this process last saw it."""

    def __init__(self) -> None:
        self._looked = float("-inf")
        self._well = True

    def well(self) -> bool:
        """Tell whether the replica answers and is near enough to the primary; looks at most once a second."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            well, why = self._look()
            if well != self._well:
                log = logger.info if well else logger.error
                log("the read replica %s", "is used again" if well else f"is left out: {why}")
            self._well, self._looked = well, time.monotonic()
        return self._well

    def leave_out(self, why: str) -> None:
        """Ask the replica nothing until it was looked at again."""
        logger.error("the read replica is left out: %s", why)
        connections[ALIAS].close()
        self._well, self._looked = False, time.monotonic()

    def _look(self) -> tuple[bool, str]:
        try:
            with connections[ALIAS].cursor() as cursor:
                cursor.execute(_BEHIND)
                behind = float(cursor.fetchone()[0])
        except (DatabaseError, InterfaceError) as error:
            connections[ALIAS].close()
            return False, f"it does not answer ({str(error).strip().splitlines()[0]})"
        most = settings.REPLICA_MAX_LAG_SECONDS
        return behind <= most, f"it is {behind:.0f} s behind, more than {most:g}"


health = Health()


class ReplicaRouter:
    """Reads of a public request go to the replica, all else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Name the database to read from; None leaves it to Django."""
        return ALIAS if _from_replica.get() else None

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Name the database to write to."""
        return "default"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        """Rows of the two are of the same database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """The replica follows by itself."""
        return db == "default"


class ReplicaMiddleware:
    """Let an anonymous reader's GET or HEAD of a public page read from the replica, where one is well.

    Comes before everything that asks the database. Who has a session cookie reads from the primary.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, reading from where it may."""
        if not (ALIAS in settings.DATABASES and _is_public(request) and health.well()):
            return self._get_response(request)
        before = _from_replica.set(True)
        try:
            response = self._get_response(request)
        finally:
            _from_replica.reset(before)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer from the primary where the replica broke in the middle of a request."""
        if not (_from_replica.get() and isinstance(exception, (OperationalError, InterfaceError))):
            return None
        health.leave_out(f"it broke off ({str(exception).strip().splitlines()[0]})")
        _from_replica.set(False)  # what set it resets it
        return self._get_response(request)


def _is_public(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.path_info.startswith(_NOT_PUBLIC)
    )
