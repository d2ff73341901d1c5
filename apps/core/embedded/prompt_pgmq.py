"""Kombu's PGMQ transport, looking up often enough that a worker told to end does so at once."""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, pgmq

ALIAS = "pgmqprompt"
# Celery asks for two seconds a round and notices a signal only between rounds.
LONGEST_ROUND = 0.4


class Transport(pgmq.Transport):
    """PGMQ with short rounds; a NOTIFY still ends a round the moment a message arrives."""

    def drain_events(self, connection: Any, timeout: Any = None, **kwargs: Any) -> Any:
        """Deliver the next message, or raise `socket.timeout` after a short round."""
        short = min(timeout or LONGEST_ROUND, LONGEST_ROUND)
        return super().drain_events(connection, timeout=short, **kwargs)


TRANSPORT_ALIASES[ALIAS] = f"{__name__}:Transport"
