"""Which network addresses may be fetched: public ones, whatever form they are written in."""

import ipaddress
import queue
import re
import socket
import threading

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What the standard library's tables let through and no news site lives at.
_REFUSED_V4 = tuple(
    ipaddress.ip_network(n)
    for n in (
        "192.0.0.0/24",  # IETF protocol assignments; a cloud's metadata address is among them
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's host agent, reachable from its machines only
    )
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REFUSED_V6 = tuple(
    ipaddress.ip_network(n)
    for n in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: carries any IPv4 address
        "3fff::/20",  # documentation
    )
)
_NUMERIC_LABEL = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)$")


class ResolveError(Exception):
    """The host's addresses could not be had; the message says why."""


class RefusedAddressError(ResolveError):
    """The host has an address that may not be fetched; the message says which."""


def is_public(address: Address) -> bool:
    """Tell whether `address` is an ordinary unicast address of the public internet."""
    if isinstance(address, ipaddress.IPv4Address):
        ordinary = address.is_global and not (address.is_multicast or address.is_reserved)
        return ordinary and not any(address in network for network in _REFUSED_V4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    ordinary = address in _GLOBAL_V6 and address.is_global and not address.is_multicast
    return ordinary and not any(address in network for network in _REFUSED_V6)


def _literal(host: str) -> Address | None:
    """Return the address that `host` writes out, None where it is a name.

    Raises RefusedAddressError for the short, decimal, octal and hexadecimal forms that resolvers still accept.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        if _NUMERIC_LABEL.match(last) or ":" in host or "%" in host:
            raise RefusedAddressError(f"{host} is not the usual way to write an address") from None
    return None


def _look_up(host: str, port: int, timeout: float) -> list[Address]:
    """Ask the system's resolver, for at most `timeout` seconds (it knows no limit itself)."""
    answer: queue.SimpleQueue[list[tuple] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.put(error)

    threading.Thread(target=ask, daemon=True, name=f"resolve {host}").start()
    try:
        found = answer.get(timeout=max(timeout, 0.001))
    except queue.Empty:
        raise ResolveError(f"the name {host} could not be looked up in time") from None
    if isinstance(found, Exception):
        raise ResolveError(f"the name {host} is not known ({found})")
    # A scope ("fe80::1%eth0") is cut off: such an address is refused with it or without.
    return [ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in found]


def vetted(host: str, port: int, *, allowed_private: frozenset[str], timeout: float) -> list[str]:
    """Return the addresses of `host` to connect to, every one of them public.

    `allowed_private` names the `host:port` pairs that are let through without that check.
    Raises ResolveError where the host is unknown, RefusedAddressError where any of its addresses is not public.
    """
    shown = f"[{host}]" if ":" in host else host
    if f"{shown}:{port}" in allowed_private:
        return [host]
    literal = _literal(host)
    addresses = [literal] if literal is not None else _look_up(host, port, timeout)
    for address in addresses:
        if not is_public(address):
            where = host if literal is not None else f"{host} leads to {address}, which"
            raise RefusedAddressError(f"{where} is not a public address")
    return list(dict.fromkeys(str(address) for address in addresses))
