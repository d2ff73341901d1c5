"""Which network addresses may be fetched."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sources.fetchers.addresses import RefusedAddressError, ResolveError, is_public, vetted

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "10.1.2.3",
    "100.64.0.1",  # carrier-grade NAT
    "100.100.100.200",  # a cloud's metadata
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",  # a cloud's host agent
    "169.254.169.254",  # metadata, link-local
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # a cloud's metadata
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # the old compatible form
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",  # Teredo
    "2001:db8::1",
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",  # a cloud's metadata
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_refused(address):
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(RefusedAddressError, match="not a public address"):
        vetted(address, 80, allowed_private=frozenset(), timeout=1)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_let_through(address):
    assert is_public(ipaddress.ip_address(address))
    assert vetted(address, 80, allowed_private=frozenset(), timeout=1)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",  # 127.0.0.1 as one number
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "127.0.0.0x1",
        "127.0.0.1.",
        "134744072",  # public, but written so that nobody sees it
        "999.1.1.1",
        "1.2.3.4.5",
        "fe80::1%25lo",
        "::ffff:7f00:1%1",
    ],
)
def test_unusual_ways_to_write_an_address_are_refused(host):
    with pytest.raises(RefusedAddressError):
        vetted(host, 80, allowed_private=frozenset(), timeout=1)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_ipv6_dress(address):
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert is_public(mapped) == is_public(nat64) == is_public(address)


def answers(*addresses: str):
    """A resolver's answer with these addresses."""
    return lambda host, port, **_: [
        (
            socket.AF_INET6 if ":" in a else socket.AF_INET,
            socket.SOCK_STREAM,
            6,
            "",
            (a, port),
        )
        for a in addresses
    ]


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("10.0.0.5"))
    with pytest.raises(RefusedAddressError, match=r"news\.example leads to 10\.0\.0\.5"):
        vetted("news.example", 443, allowed_private=frozenset(), timeout=1)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("8.8.8.8", "fe80::1%eth0"))
    with pytest.raises(RefusedAddressError):
        vetted("news.example", 443, allowed_private=frozenset(), timeout=1)


def test_every_public_address_of_a_name_is_returned_once(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("8.8.8.8", "2606:4700::1111", "8.8.8.8"))
    found = vetted("news.example", 443, allowed_private=frozenset(), timeout=1)
    assert found == ["8.8.8.8", "2606:4700::1111"]


def test_the_real_resolver_knows_localhost_and_it_is_refused():
    with pytest.raises(RefusedAddressError, match="localhost leads to"):
        vetted("localhost", 80, allowed_private=frozenset(), timeout=5)


def test_an_unknown_name_is_an_error_that_may_pass(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ResolveError, match=r"news\.example is not known") as caught:
        vetted("news.example", 443, allowed_private=frozenset(), timeout=1)
    assert not isinstance(caught.value, RefusedAddressError)


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    import threading

    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: release.wait(10))
    with pytest.raises(ResolveError, match="could not be looked up in time"):
        vetted("news.example", 443, allowed_private=frozenset(), timeout=0.05)
    release.set()


def test_the_allow_list_names_host_and_port():
    allowed = frozenset({"127.0.0.1:8080", "[::1]:8080"})
    assert vetted("127.0.0.1", 8080, allowed_private=allowed, timeout=1) == ["127.0.0.1"]
    assert vetted("::1", 8080, allowed_private=allowed, timeout=1) == ["::1"]
    with pytest.raises(RefusedAddressError):
        vetted("127.0.0.1", 8081, allowed_private=allowed, timeout=1)
