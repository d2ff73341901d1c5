"""The guarded fetch, against a real local server."""

import gzip
import socket
import time
import tracemalloc
import zlib
from email.utils import formatdate

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sources.fetchers.http import Fetched, FetchError, Policy, fetch, retry_after
from tests.sources.server import Server, answer, redirect


def get(server: Server, path: str = "/", **policy) -> Fetched:
    limits = {"timeout": 5.0, "allowed_private": frozenset({server.host})} | policy
    return fetch(server.url + path, Policy(**limits))


def refusal(server: Server, path: str = "/", **policy) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(server, path, **policy)
    assert server.url + path in str(caught.value), "the sentence names the address"
    assert str(caught.value).endswith(".")
    return caught.value


def test_a_page_comes_with_body_type_charset_and_headers(server):
    server.routes["/"] = answer(b"<p>hello", kind='Text/HTML; Charset="UTF-8"', ETag='"1"')
    found = get(server)
    assert (found.status, found.url, found.body) == (200, f"{server.url}/", b"<p>hello")
    assert (found.content_type, found.charset) == ("text/html", "UTF-8")
    assert found.headers["etag"] == '"1"'


def test_the_server_is_told_who_asks_and_its_own_host(server):
    server.routes["/"] = answer(b"x")
    get(server, user_agent="Tensionline/test")
    _, headers = server.asked[0]
    assert headers["user-agent"] == "Tensionline/test"
    assert headers["host"] == server.host
    assert "cookie" not in headers


def test_a_private_address_is_refused_unless_the_operator_allowed_it(server):
    server.routes["/"] = answer(b"secret")
    error = refusal(server, allowed_private=frozenset())
    assert "127.0.0.1 is not a public address" in str(error)
    assert error.permanent
    assert server.asked == []


def test_a_redirect_to_a_private_address_is_refused(server):
    internal = Server()
    internal.routes["/admin"] = answer(b"secret")
    server.routes["/"] = redirect(f"{internal.url}/admin")
    error = refusal(server)
    internal.stop()
    assert "is not a public address" in error.reason
    assert f"redirected to {internal.url}/admin" in error.reason
    assert error.permanent
    assert internal.asked == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/", "http://u:p@127.0.0.1/"]
)
def test_a_redirect_away_from_the_web_is_refused(server, location):
    server.routes["/"] = redirect(location)
    assert refusal(server).permanent


def test_a_name_is_resolved_once_and_the_checked_address_is_connected(server, monkeypatch):
    """DNS rebinding: a second look-up would answer differently, and never happens."""
    asked = []
    real = socket.getaddrinfo

    def rebinding(host, *args, **kwargs):
        if host != "news.example":
            return real(host, *args, **kwargs)
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises(FetchError, match=r"news\.example leads to 192\.0\.2\.1"):
        fetch("http://news.example/", Policy(timeout=2))
    assert asked == ["news.example"]


def test_the_connection_goes_to_the_address_that_was_checked(server, monkeypatch):
    from apps.sources.fetchers import guard

    server.routes["/"] = answer(b"pinned")
    connected = []
    port = int(server.host.partition(":")[2])

    def connect(self, host, port, timeout=None, **kwargs):
        connected.append(host)
        return real(self, "127.0.0.1", port, timeout, **kwargs)

    real = guard.httpcore.SyncBackend.connect_tcp
    monkeypatch.setattr(guard.httpcore.SyncBackend, "connect_tcp", connect)
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, p, *a, **k: (
            [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8" if "." in host else host, p))]
            if host == "news.example"
            else real_getaddrinfo(host, p, *a, **k)
        ),
    )
    found = fetch(f"http://news.example:{port}/", Policy(timeout=5))
    assert connected == ["8.8.8.8"]
    assert found.body == b"pinned"
    assert server.asked[0][1]["host"] == f"news.example:{port}"


real_getaddrinfo = socket.getaddrinfo


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/x",
        "javascript:alert(1)",
        "//example.com/",
        "example.com",
        "",
        "http://",
        "http:///path",
        "http://user:pass@example.com/",
        "http://example.com:99999/",
        "http://exa mple.com\x00/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://①②⑦.⓪.⓪.①/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_addresses_that_must_never_be_asked(url):
    with pytest.raises(FetchError) as caught:
        fetch(url, Policy(timeout=2))
    assert caught.value.permanent


def test_redirects_are_followed_and_the_last_address_told(server):
    server.routes["/a"] = redirect("/b?x=1", status=301)
    server.routes["/b?x=1"] = redirect(f"{server.url}/c", status=308)
    server.routes["/c"] = answer(b"there")
    found = get(server, "/a")
    assert (found.url, found.body) == (f"{server.url}/c", b"there")


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), 1), ((308, 301), 2), ((302,), 0), ((301, 302), 1), ((302, 301), 0), ((), 0)],
)
def test_where_it_lives_now_is_told_as_far_as_redirects_are_permanent(server, statuses, moved):
    for number, status in enumerate(statuses):
        server.routes[f"/{number}"] = redirect(f"/{number + 1}", status=status)
    server.routes[f"/{len(statuses)}"] = answer(b"there")
    assert get(server, "/0").moved == (f"{server.url}/{moved}" if moved else "")


def test_whoever_asks_may_stop_at_each_address(server):
    server.routes["/a"] = redirect("/b")
    server.routes["/b"] = answer(b"there")
    asked = []

    def before(url):
        asked.append(url)
        if url.endswith("/b"):
            raise PermissionError

    policy = Policy(timeout=5, allowed_private=frozenset({server.host}))
    with pytest.raises(PermissionError):
        fetch(f"{server.url}/a", policy, before=before)
    assert asked == [f"{server.url}/a", f"{server.url}/b"]
    assert [path for path, _ in server.asked] == ["/a"]


def test_a_redirect_loop_ends(server):
    server.routes["/"] = redirect("/")
    error = refusal(server, max_redirects=3)
    assert "redirects more than 3 times" in error.reason
    assert len(server.asked) == 4


def test_a_slow_drip_meets_the_deadline(server):
    """Each byte comes in time; the whole does not."""

    def drip(request):
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    server.routes["/"] = drip
    started = time.monotonic()
    error = refusal(server, timeout=0.4)
    assert time.monotonic() - started < 2
    assert "longer than 0.4 seconds" in error.reason
    assert not error.permanent


def test_a_slow_drip_of_headers_meets_the_deadline_too(server):
    def drip(request):
        for number in range(100):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n" if not number else b"X-%d: y\r\n" % number)
            request.wfile.flush()
            time.sleep(0.05)

    server.routes["/"] = drip
    assert "longer than" in refusal(server, timeout=0.4).reason


def test_redirects_share_one_deadline(server):
    def late(request):
        time.sleep(0.3)
        redirect("/")(request)

    server.routes["/"] = late
    started = time.monotonic()
    refusal(server, timeout=0.7, max_redirects=50)
    assert time.monotonic() - started < 2


def test_an_endless_body_is_cut_off(server):
    sent = []

    def endless(request):
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.end_headers()
        while len(sent) < 10_000:
            request.wfile.write(b"x" * 10_000)
            sent.append(1)

    server.routes["/"] = endless
    error = refusal(server, max_bytes=50_000)
    assert "larger than 50000 bytes" in error.reason
    assert error.permanent


def test_endless_headers_are_cut_off(server):
    def endless(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100_000):
            request.wfile.write(b"X-Filler: " + b"y" * 1000 + b"\r\n")

    server.routes["/"] = endless
    refusal(server)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0)),
        ("GZIP", gzip.compress(b"hello", mtime=0)),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")[2:-4]),  # the bare form some servers send
        ("br", brotli.compress(b"hello")),
        ("identity", b"hello"),
    ],
)
def test_compressed_bodies_are_unpacked(server, encoding, packed):
    server.routes["/"] = answer(packed, Content_Encoding=encoding)
    assert get(server).body == b"hello"


def test_a_gzip_bomb_is_refused_before_it_unfolds(server):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(200)), packer.flush()])
    assert len(bomb) < 300_000
    server.routes["/"] = answer(bomb, Content_Encoding="gzip")
    assert "larger than 1000000 bytes" in refusal(server, max_bytes=1_000_000).reason


def test_a_brotli_bomb_is_refused_before_it_unfolds(server):
    bomb = brotli.compress(bytes(200_000_000), quality=1)
    assert len(bomb) < 300_000
    server.routes["/"] = answer(bomb, Content_Encoding="br")
    tracemalloc.start()
    assert "larger than 1000000 bytes" in refusal(server, max_bytes=1_000_000).reason
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_brotli_body_of_many_pieces_is_whole(server):
    body = bytes(range(256)) * 4_000
    server.routes["/"] = answer(brotli.compress(body), Content_Encoding="br")
    assert get(server).body == body


def test_broken_and_cut_off_compression_is_told(server):
    server.routes["/broken"] = answer(b"\x1f\x8b not gzip", Content_Encoding="gzip")
    server.routes["/cut"] = answer(
        gzip.compress(b"hello" * 100, mtime=0)[:-20], Content_Encoding="gzip"
    )
    server.routes["/br"] = answer(b"\x1f\x8b not brotli", Content_Encoding="br")
    server.routes["/br-cut"] = answer(brotli.compress(b"hello" * 100)[:-4], Content_Encoding="br")
    server.routes["/zstd"] = answer(b"...", Content_Encoding="zstd")
    assert "compression is broken" in refusal(server, "/broken").reason
    assert "ended too early" in refusal(server, "/cut").reason
    assert "compression is broken" in refusal(server, "/br").reason
    assert "ended too early" in refusal(server, "/br-cut").reason
    assert "compressed with zstd" in refusal(server, "/zstd").reason


def test_a_body_shorter_than_announced_is_an_error(server):
    def cut(request):
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"only this")
        request.close_connection = True

    server.routes["/"] = cut
    error = refusal(server)
    assert "connection failed" in error.reason
    assert not error.permanent


@pytest.mark.parametrize(
    "kind", ["image/png", "application/msword", "video/mp4", "application/zip"]
)
def test_a_type_that_is_not_read_is_refused_before_its_body(server, kind):
    server.routes["/"] = answer(b"....", kind=kind)
    error = refusal(server)
    assert f"{kind} is not a type that is read here" in error.reason
    assert error.permanent


def test_an_answer_without_type_is_taken(server):
    server.routes["/"] = answer(b"hello", kind="")
    assert get(server).content_type == ""


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(404, True), (410, True), (403, True), (429, False), (408, False), (500, False), (503, False)],
)
def test_error_answers_tell_whether_trying_again_can_help(server, status, permanent):
    server.routes["/"] = answer(b"", status=status)
    error = refusal(server)
    assert f"the server answered {status}" in error.reason
    assert error.permanent is permanent


def test_not_modified_is_an_answer_without_body(server):
    server.routes["/"] = answer(status=304, ETag='"7"')
    found = fetch(
        f"{server.url}/",
        Policy(timeout=5, allowed_private=frozenset({server.host})),
        headers={"If-None-Match": '"7"'},
    )
    assert (found.status, found.body) == (304, b"")
    assert server.asked[0][1]["if-none-match"] == '"7"'


def test_a_closed_port_is_a_failure_that_may_pass():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(FetchError, match="connection failed") as caught:
        fetch(f"http://{host}/", Policy(timeout=2, allowed_private=frozenset({host})))
    assert not caught.value.permanent


def test_proxies_named_in_the_environment_are_not_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.routes["/"] = answer(b"direct")
    assert get(server).body == b"direct"


NOW = 1_578_000_000.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0),
        ("99999999999999999999", 86_400.0),
        (formatdate(NOW + 10**8, usegmt=True), 86_400.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("١٢", None),
    ],
)
def test_how_long_a_server_asks_to_be_left_alone(header, seconds):
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=60))
def test_no_header_breaks_the_reader_of_pauses(header):
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 <= seconds <= 86_400


def test_a_refusal_says_for_how_long(server):
    server.routes["/"] = answer(status=429, Retry_After="30")
    assert refusal(server).retry_after == 30.0
    server.routes["/"] = answer(status=503)
    assert refusal(server).retry_after is None
