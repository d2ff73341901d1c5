"""Whole addresses, for what leaves the site and has to lead back to it."""

from django.conf import settings
from django.http import HttpRequest


def base_of(request: HttpRequest) -> str:
    """Return where readers reach this installation, without a slash at the end: "https://tension.example".

    That is SITE_ADDRESS where it is set, else the host that was asked.
    """
    return settings.SITE_ADDRESS or request.build_absolute_uri("/").rstrip("/")


def web(address: str) -> str:
    """Return an address if it is one of the web, else "": nothing else may stand where readers click."""
    return address if address.lower().startswith(("http://", "https://")) else ""
