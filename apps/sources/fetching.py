"""The fetch policy of this installation, from its settings."""

from django.conf import settings

from apps.sources.fetchers.http import Policy


def policy() -> Policy:
    """Return the limits that the settings name."""
    return Policy(
        timeout=settings.FETCH_TIMEOUT_SECONDS,
        max_bytes=settings.FETCH_MAX_BYTES,
        max_redirects=settings.FETCH_MAX_REDIRECTS,
        user_agent=settings.FETCH_USER_AGENT,
        allowed_private=frozenset(settings.FETCH_ALLOWED_PRIVATE),
    )
