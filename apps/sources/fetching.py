"""Every fetch of this installation: its settings' limits, one visitor a host, the site's robots.txt."""

from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings

from apps.core.stages import PostponedError
from apps.sources.fetchers import http
from apps.sources.fetchers.guard import Policy
from apps.sources.hosts import Visit

_WAIT = 3.0  # seconds that a worker waits for its turn before it does something else
_WAIT_NOW = 15.0


def policy() -> Policy:
    """Return the limits that the settings name."""
    agent = settings.FETCH_USER_AGENT
    if settings.FETCH_CONTACT:
        agent = f"{agent} (+{settings.FETCH_CONTACT})"
    return Policy(
        timeout=settings.FETCH_TIMEOUT_SECONDS,
        max_bytes=settings.FETCH_MAX_BYTES,
        max_redirects=settings.FETCH_MAX_REDIRECTS,
        user_agent=agent,
        allowed_private=frozenset(settings.FETCH_ALLOWED_PRIVATE),
    )


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    wait: float = _WAIT,
    timeout: float | None = None,
) -> http.Fetched:
    """Fetch `url` when it is its host's turn; see http.fetch for what comes back and FetchError.

    Raises PostponedError where the turn does not come within `wait` seconds. Not to be called inside a
    transaction: others would wait for its end.
    """
    limits = policy()
    if timeout is not None:
        limits = replace(limits, timeout=min(limits.timeout, timeout))
    with Visit(limits, wait) as visit:
        return http.fetch(url, limits, headers=headers, before=visit.begin)


def fetch_now(url: str, *, timeout: float | None = None) -> http.Fetched:
    """Fetch `url` for somebody who waits: no turn within some seconds is a FetchError that may pass."""
    try:
        return fetch(url, wait=_WAIT_NOW, timeout=timeout)
    except PostponedError as error:
        raise http.FetchError(url, f"its server is busy with us: {error}".rstrip(".")) from error
