"""How gunicorn starts the web server: the figures of an earlier start are left out."""

from typing import Any

from apps.core.observe import counts


def on_starting(server: Any) -> None:
    """Forget what processes of an earlier start counted, before this one's begin."""
    counts.forget()
