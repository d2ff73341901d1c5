"""One visitor a host at a time: turns, pauses and robots.txt, shared by all workers through the database."""

import random
import time
import uuid
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings

from apps.core.stages import PostponedError, database_now
from apps.sources.fetchers import http, robots
from apps.sources.fetchers.guard import Policy
from apps.sources.models import Host

ROBOTS_KEPT = timedelta(days=1)
_BUSY_PAUSE = timedelta(seconds=5)
_LOOK_AGAIN = 0.1  # seconds
_PORTS = {"http": 80, "https": 443}
_TAKE = """
UPDATE sources_host SET busy_until = %s, holder = %s WHERE name = %s AND busy_until <= %s AND next_at <= %s
RETURNING *
"""


class Visit:
    """The turns that one fetch holds, a host each; they end with the block.

    A turn is written at once and runs out by itself, so that a killed worker keeps nobody waiting for long.
    """

    def __init__(self, policy: Policy, wait: float) -> None:
        """`wait`: the seconds that a turn may be waited for."""
        self._policy = policy
        self._wait = wait
        self._token = uuid.uuid4()
        self._held: dict[str, Host] = {}
        self._pause = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asked = getattr(error, "retry_after", None) or 0.0
        last = next(reversed(self._held), None)
        for name, host in self._held.items():
            now = database_now()
            pause = max(settings.FETCH_HOST_DELAY_SECONDS, host.delay_seconds)
            note = ""
            if name == last and asked:
                pause, note = max(pause, asked), f"It asked for a pause of {asked:g} seconds."
            Host.objects.filter(pk=host.pk, holder=self._token).update(
                busy_until=now, next_at=now + timedelta(seconds=pause), note=note
            )

    def begin(self, url: str) -> None:
        """Wait for the turn at the host of `url` and ask its robots.txt.

        Raises PostponedError where the turn does not come in time, FetchError where the site does not want it.
        """
        name = host_name(url)
        if name not in self._held:
            self._held[name] = self._turn(name)
        if settings.FETCH_ROBOTS:
            self._ask(url, self._held[name])

    def _turn(self, name: str) -> Host:
        until = time.monotonic() + self._wait
        while True:
            host = self._taken(name)
            if host is not None:
                return host
            found = Host.objects.filter(name=name).first()
            if found is None:
                Host.objects.bulk_create([Host(name=name)], ignore_conflicts=True)
                continue
            now = database_now()
            pause = (found.next_at - now).total_seconds()
            left = until - time.monotonic()
            if pause > left or left <= 0:
                later = max(found.next_at, now + _BUSY_PAUSE)
                # Rows that were put back together do not come back together.
                later += timedelta(seconds=random.uniform(0, 2))  # noqa: S311
                raise PostponedError(
                    f"{name} is not to be asked before {later:%H:%M:%S} UTC.", later
                )
            time.sleep(max(pause, _LOOK_AGAIN))

    def _taken(self, name: str) -> Host | None:
        """Take the turn and return its host, in one statement; None where it is not free, or not known yet."""
        now = database_now()
        lease = timedelta(seconds=2 * self._policy.timeout + 10)
        return next(iter(Host.objects.raw(_TAKE, [now + lease, self._token, name, now, now])), None)

    def _ask(self, url: str, host: Host) -> None:
        now = database_now()
        if host.robots_at is None or host.robots_at < now - ROBOTS_KEPT:
            self._renew(url, host)
        agent = self._policy.user_agent.partition("/")[0]
        if not robots.allows(host.robots, url, agent):
            reason = "its site's robots.txt asks programs not to read it"
            raise http.FetchError(url, reason, permanent=True)

    def _renew(self, url: str, host: Host) -> None:
        """Fetch the rules; where the site has none, all is allowed; where it is down, what was known stays."""
        policy = Policy(
            timeout=self._policy.timeout,
            max_bytes=robots.MOST_BYTES,
            user_agent=self._policy.user_agent,
            allowed_private=self._policy.allowed_private,
        )
        try:
            answer = http.fetch(robots.address(url), policy, types=None)
            rules = answer.body.decode("utf-8", "replace").replace("\0", "")
        except http.FetchError as error:
            if not error.permanent:
                if host.robots_at is not None:
                    return
                reason = f"{error.reason} when its site's robots.txt was asked for"
                raise http.FetchError(
                    url, reason, status=error.status, retry_after=error.retry_after
                ) from error
            if error.status is None:
                return  # not a public address, say: the page's own fetch will tell
            rules = ""
        agent = self._policy.user_agent.partition("/")[0]
        host.robots, host.robots_at = rules, database_now()
        host.delay_seconds = robots.delay(rules, agent)
        host.save(update_fields=["robots", "robots_at", "delay_seconds"])


def host_name(url: str) -> str:
    """Return the host of a web address, with its port where that is not the scheme's own."""
    parts = urlsplit(url)
    port = parts.port
    shown = f":{port}" if port and port != _PORTS.get(parts.scheme) else ""
    return f"{parts.hostname or ''}{shown}"[:260]
