"""Filling in the admin's forms in tests as a browser would: from the page itself."""

from typing import Any

from django.test import Client
from lxml import html


def shown(client: Client, address: str) -> dict[str, Any]:
    """Open a page and return what the browser would send back unchanged."""
    return values(client.get(address))


def values(answer: Any) -> dict[str, Any]:
    """Return what the browser would send back from an answered page of the admin."""
    page = html.fromstring(answer.content.decode())
    (form,) = [one for one in page.forms if (one.get("id") or "").endswith("_form")]
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value.removeprefix("\n"))  # as browsers do
    return {name: some[0] if len(some) == 1 else some for name, some in sent.items()}
