"""Kombu's PGMQ transport, made prompt: a worker takes a task as soon as it is free, and ends when told."""

import threading
import time
from typing import Any

import psycopg
from kombu.transport import TRANSPORT_ALIASES, pgmq

ALIAS = "pgmqprompt"
# Celery asks for two seconds a round and notices a signal only between rounds.
LONGEST_ROUND = 0.4


class Channel(pgmq.Channel):
    """PGMQ's channel, which says when a message was settled and another one may come."""

    def _pgmq_message_to_python(self, pgmq_message: Any, queue: str) -> Any:
        """Tell, as other brokers do, whether the message was delivered before."""
        payload = super()._pgmq_message_to_python(pgmq_message, queue)
        again = pgmq_message.read_ct > 1
        payload["properties"]["delivery_info"]["redelivered"] = again
        return payload

    def basic_ack(self, delivery_tag: Any, multiple: bool = False) -> None:
        """Acknowledge a message.

        Where the database cannot be told, the message comes again after the visibility timeout; its place is
        free now all the same, or a worker whose network was cut would wait for ever.
        """
        try:
            super().basic_ack(delivery_tag, multiple=multiple)
        except psycopg.Error:
            self.qos.ack(delivery_tag)
            raise
        finally:
            self.connection.room.set()

    def basic_reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        """Give a message back, or up."""
        try:
            super().basic_reject(delivery_tag, requeue=requeue)
        except psycopg.Error:
            self.qos.reject(delivery_tag, requeue=False)
            raise
        finally:
            self.connection.room.set()


class Transport(pgmq.Transport):
    """PGMQ with short rounds; a NOTIFY ends a round the moment a message arrives.

    A pool whose processes are all at work takes no message, whatever arrives: it waits for one of them to be
    through (in another thread), not for the end of the round, which would cost each task that long.
    """

    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.room = threading.Event()

    def drain_events(self, connection: Any, timeout: Any = None, **kwargs: Any) -> Any:
        """Deliver the next message, or raise `socket.timeout` after a short round."""
        until = time.monotonic() + min(timeout or LONGEST_ROUND, LONGEST_ROUND)
        self.room.clear()
        if self._busy() and not self.room.wait(until - time.monotonic()):
            raise TimeoutError
        short = max(until - time.monotonic(), 0.01)
        return super().drain_events(connection, timeout=short, **kwargs)

    def _busy(self) -> bool:
        """Tell whether every channel has all the messages that it may have at once."""
        consuming = [channel for channel in self.channels if channel._consumers]
        return bool(consuming) and not any(channel.qos.can_consume() for channel in consuming)


TRANSPORT_ALIASES[ALIAS] = f"{__name__}:Transport"
