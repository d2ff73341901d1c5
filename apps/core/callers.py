"""Who asks: the address of a request's caller."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """Return the caller's address. X-Forwarded-For is believed only as far as PROXIES_IN_FRONT wrote it."""
    direct = request.META.get("REMOTE_ADDR") or ""
    proxies: int = settings.PROXIES_IN_FRONT
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return told[-proxies] if proxies and len(told) >= proxies else direct


def network(found: str) -> str:
    """Return an address as it counts: one subscriber has a whole /64 of IPv6 addresses."""
    try:
        parsed = ip_address(found)
    except ValueError:
        return found[:100]
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def counted_address(request: HttpRequest) -> str | None:
    """Return the address under which failed logins are counted; None where there is none to be read."""
    found = network(address(request)).removesuffix("/64")
    try:
        return str(ip_address(found))
    except ValueError:
        return None
