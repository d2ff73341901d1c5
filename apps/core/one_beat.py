"""Beat once: of any number of beats, the one that holds a lock in the database sends.

The lock belongs to a connection, so it ends with the process that held it, with its host, and with its network
(see ADR 0042).
"""

import logging
from typing import Any, Final

import psycopg
from celery.beat import Scheduler
from django.conf import settings
from psycopg.conninfo import make_conninfo

from apps.core.embedded import alive, broker

logger = logging.getLogger(__name__)

# Any number will do as long as every beat takes the same one.
LOCK: Final = 7_305_842
RETRY_SECONDS: Final = 2.0
# After how long a peer that does not answer counts as gone: the server to the holder, and the holder to it.
SILENT_SECONDS: Final = 12
# Another beat sends within this time after the holder died (at most a retry) or was cut off.
TAKEN_OVER_SECONDS: Final = SILENT_SECONDS + 2 * RETRY_SECONDS

_PATIENCE: Final = {
    "keepalives_idle": "6",
    "keepalives_interval": "3",
    "keepalives_count": "2",
    "tcp_user_timeout": str(SILENT_SECONDS * 1000),
}
# The server is told to look after this connection as closely as we do.
_SERVERS_PATIENCE: Final = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "tcp_keepalives_idle": 6,
        "tcp_keepalives_interval": 3,
        "tcp_keepalives_count": 2,
        "tcp_user_timeout": SILENT_SECONDS * 1000,
    }.items()
)


class Lock:
    """The lock that one beat of all holds."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = make_conninfo(
            conninfo,
            connect_timeout="5",
            application_name="tensionline beat",
            options=_SERVERS_PATIENCE,
            **_PATIENCE,
        )
        self._connection: psycopg.Connection | None = None
        self.holds = False

    def held(self) -> bool:
        """Tell whether this process holds the lock now, having asked the database; take it where it is free."""
        try:
            return self._asked()
        except psycopg.Error as error:
            logger.warning("beat: the database does not answer: %s", str(error).strip())
            self.give_back()
            return False

    def _asked(self) -> bool:
        if self._connection is None:
            self._connection = psycopg.connect(self._conninfo, autocommit=True)
        if self.holds:
            self._connection.execute("SELECT 1")
            return True
        found = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        self.holds = found == (True,)
        if self.holds:
            logger.info("beat: this one sends")
        return self.holds

    def give_back(self) -> None:
        """Close the connection, with which the lock ends."""
        connection, self._connection, self.holds = self._connection, None, False
        if connection is not None:
            connection.close()


class OneBeat(Scheduler):
    """Celery's scheduler, which stands by while another beat sends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lock = Lock(broker.connection_string(settings.DATABASES["default"]))
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due where this beat is the one; return the seconds until the next look."""
        if not self.lock.held():
            alive.sign(settings.TENSIONLINE_HOME, "beat")  # it stands by, as it should
            return RETRY_SECONDS
        return min(float(super().tick(*args, **kwargs)), RETRY_SECONDS)

    def close(self) -> None:
        """Let another beat send at once."""
        super().close()
        self.lock.give_back()
