"""The task queue: PGMQ inside the product's own PostgreSQL, or the broker that CELERY_BROKER_URL names."""

from typing import Any

import psycopg
from kombu import Connection
from pgmq.install import install_pgmq_from_sql
from psycopg import pq
from psycopg.conninfo import make_conninfo

from apps.core import queues
from apps.core.embedded import prompt_pgmq

# Any number will do as long as every installer takes the same one.
_INSTALL_LOCK = 7_305_841
HEARTBEAT_SECONDS = 10
# How long a result may still be on its way from a process that has died, before its task is given back.
LOST_SECONDS = 2.0


class BrokerError(Exception):
    """The broker cannot be used; the message is one sentence that says why."""


def connection_string(database: dict[str, Any]) -> str:
    """Return libpq's `key=value` form of a Django DATABASES entry (a socket folder fits in no URL)."""
    named = {
        "dbname": database.get("NAME"),
        "user": database.get("USER"),
        "password": database.get("PASSWORD"),
        "host": database.get("HOST"),
        "port": database.get("PORT"),
    }
    libpq = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    extra = {key: value for key, value in database.get("OPTIONS", {}).items() if key in libpq}
    return make_conninfo(**{key: str(value) for key, value in (named | extra).items() if value})


def celery_settings(url: str, database: dict[str, Any], lease_seconds: int) -> dict[str, Any]:
    """Return the Celery settings that concern the queue and how long a task may take.

    A task is cut off before its row's lease ends, and its message stays hidden longer than the task may run,
    so that no second worker takes up what the first still does.
    """
    hidden = int(lease_seconds * 1.2)
    return {
        "task_queues": queues.declared(quorum=_is_rabbitmq(url)),
        "task_default_queue": queues.BULK,
        "task_routes": (queues.route,),
        "task_soft_time_limit": int(lease_seconds * 0.7),
        "task_time_limit": int(lease_seconds * 0.8),
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_lost_wait": LOST_SECONDS,
        **(_pgmq(database, hidden) if not url else _given(url, hidden)),
    }


def _pgmq(database: dict[str, Any], hidden_seconds: int) -> dict[str, Any]:
    return {
        "broker_url": f"{prompt_pgmq.ALIAS}://localhost",  # the address is in conn_string
        "broker_transport_options": {
            "conn_string": connection_string(database),
            "init_extension": False,  # install() has put PGMQ's SQL there
            "visibility_timeout": hidden_seconds,
            "use_notify": True,
            "notify_throttle_interval_ms": 0,
            "wait_time_seconds": 0,
            "polling_interval": 0.5,  # how long a missed notification can cost
            "pool_size": 2,
        },
        # Its reply queues have names longer than PGMQ takes.
        "worker_enable_remote_control": False,
    }


def _is_rabbitmq(url: str) -> bool:
    return url.startswith(("amqp://", "amqps://"))


def _given(url: str, hidden_seconds: int) -> dict[str, Any]:
    """A broker that is named: how it is used so that it loses nothing and nobody waits for it without end."""
    if _is_rabbitmq(url):
        # A message is ours no more once most nodes have it. Prefetch counts by consumer, as quorum queues ask:
        # Celery sees to that itself where it finds one. The peer is missed after two heartbeats.
        return {
            "broker_url": url,
            "task_default_queue_type": "quorum",
            "worker_detect_quorum_queues": True,
            "broker_heartbeat": HEARTBEAT_SECONDS,
            "broker_transport_options": {"confirm_publish": True},
        }
    options: dict[str, Any] = {"visibility_timeout": hidden_seconds}
    if url.startswith(("redis://", "rediss://")):
        options |= {
            "socket_connect_timeout": 5,
            "socket_timeout": 30,
            "socket_keepalive": True,
            "health_check_interval": 10,
        }
    return {"broker_url": url, "broker_transport_options": options}


def prepare(url: str, database: dict[str, Any]) -> str:
    """Make the queue usable and return what it is, in words; raises BrokerError with the reason."""
    if not url:
        install(database)
        return "PGMQ, in the same database"
    try:
        with Connection(url, connect_timeout=5) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0.2)
            return f"{connection.transport_cls} at {connection.hostname}"
    except Exception as error:
        raise BrokerError(
            f"CELERY_BROKER_URL names a broker that does not answer: {error}."
        ) from error


def install(database: dict[str, Any]) -> None:
    """Put PGMQ's schema into the database where it is missing; in one transaction, so never by halves."""
    with psycopg.connect(connection_string(database)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_INSTALL_LOCK,))
        found = connection.execute("SELECT to_regnamespace('pgmq') IS NOT NULL").fetchone()
        if found == (False,):
            install_pgmq_from_sql(conn=connection)
