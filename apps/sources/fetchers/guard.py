"""Connections that go to checked addresses only and cannot outlast or outgrow their budget."""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore

from apps.sources.fetchers import addresses

_HEADER_BYTES = 100_000  # h11 takes no longer head


@dataclass(frozen=True, slots=True)
class Policy:
    """What a fetch may cost and where it may go. Seconds and bytes."""

    timeout: float = 20.0
    max_bytes: int = 5_000_000
    max_redirects: int = 5
    user_agent: str = "Tensionline"
    allowed_private: frozenset[str] = frozenset()


class TooLargeError(Exception):
    """More bytes than allowed."""


class Budget:
    """What is left of one fetch's time and wire bytes, over all its redirects."""

    def __init__(self, policy: Policy) -> None:
        self.deadline = time.monotonic() + policy.timeout
        # The wire may carry headers beside the body; decompressed bytes are counted apart.
        self.wire = policy.max_bytes + _HEADER_BYTES * (policy.max_redirects + 1)

    def seconds(self) -> float:
        """Seconds left; raises httpcore.ReadTimeout when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time limit was reached")
        return left

    def spend(self, count: int) -> None:
        """Count bytes off the wire; raises TooLargeError when the fetch has used its share."""
        self.wire -= count
        if self.wire < 0:
            raise TooLargeError


class _LimitedStream(httpcore.NetworkStream):
    """A connection whose every read and write counts against the budget."""

    def __init__(self, inner: httpcore.NetworkStream, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._budget.seconds())
        self._budget.spend(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._budget.seconds())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._budget.seconds())
        return _LimitedStream(secured, self._budget)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, checks and connects in one step, so that nothing can change between check and use."""

    def __init__(self, policy: Policy, budget: Budget) -> None:
        self._policy = policy
        self._budget = budget
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers; all of them have been checked."""
        allowed = self._policy.allowed_private
        found = addresses.vetted(
            host, port, allowed_private=allowed, timeout=self._budget.seconds()
        )
        last: Exception = httpcore.ConnectError("no address")
        for address in found:
            try:
                stream = self._plain.connect_tcp(address, port, self._budget.seconds())
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _LimitedStream(stream, self._budget)
        raise last
