"""No address leads this installation to its own network: every way to write one, every place that fetches.

What single addresses and names mean is judged in tests/sources/test_addresses.py; here they are sent for.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.articles.bring import fetch_now as brought
from apps.sources import discovery
from apps.sources.documents import fetch_now as documents
from apps.sources.fetchers.guard import Policy
from apps.sources.fetchers.http import FetchError, fetch
from apps.sources.fetching import fetch as in_turn
from apps.sources.models import Feed
from apps.sources.poll import poll
from tests.sources.conftest import feed, server
from tests.sources.server import Server, redirect

__all__ = ["feed", "server"]
pytestmark = pytest.mark.django_db
# {port} is that of a server on this machine which nobody may reach.
HERE = (
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
    "http://0x7F.0.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/",
    "http://127.1:{port}/", "http://127.0.1:{port}/", "http://127.0.0.1.:{port}/", "http://0:{port}/",
    "http://0.0.0.0:{port}/", "http://00000177.0.0.0x1:{port}/", "http://[::1]:{port}/", "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/", "http://[::127.0.0.1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/", "http://[2001:0:7f00:1::]:{port}/", "http://[fe80::1%25lo]:{port}/",
    "http://[::1%25lo]:{port}/", "http://①②⑦.⓪.⓪.①:{port}/", "http://１２７.０.０.１:{port}/",
    "http://127。0。0。1:{port}/", "http://127．0．0．1:{port}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "http://١٢٧.٠.٠.١:{port}/", "http://example.org@127.0.0.1:{port}/", "http://127.0.0.1:{port}@example.invalid/",
    "http://example.invalid\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@example.invalid/",
    "http://127.0.0.1:{port}#@example.invalid/", "http://127.0.0.1:{port}?@example.invalid/",
    "http://127%2e0%2e0%2e1:{port}/", "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1%00.example.invalid:{port}/",
    "http://127.0.0.1\t:{port}/", "http://127.0.0.1\n:{port}/", "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\", "//127.0.0.1:{port}/", "https://127.0.0.1:{port}/",
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:{port}/_GET%20/",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/", "ldap://127.0.0.1:{port}/", "data:text/html,x", "javascript:fetch(1)",
    "jar:http://127.0.0.1!/",
    "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://metadata.google.internal./",
)  # fmt: skip
FORMS = pytest.mark.parametrize("form", HERE)


@pytest.fixture(scope="module")
def inside():
    found = Server()
    yield found
    found.stop()


@pytest.fixture
def internal(inside):
    """A server on this machine that may not be fetched; it must never be asked anything."""
    yield inside
    assert inside.asked == []


@pytest.fixture(scope="module")
def outside():
    """A server that may be fetched, and leads elsewhere."""
    found = Server()
    yield found
    found.stop()


def address(form, internal):
    return form.format(port=internal.host.partition(":")[2])


@FORMS
def test_it_is_not_fetched(form, internal):
    with pytest.raises(FetchError):
        fetch(address(form, internal), Policy(timeout=1))


@FORMS
def test_no_redirect_leads_there(form, internal, outside):
    """A redirect that is read as a path of the allowed server itself is no way out either."""
    outside.routes["/"] = redirect(address(form, internal).replace("\n", "").replace("\t", ""))
    with pytest.raises(FetchError):
        fetch(f"{outside.url}/", Policy(timeout=1, allowed_private=frozenset({outside.host})))


@FORMS
@pytest.mark.parametrize(
    "place", [in_turn, brought, documents], ids=["stages", "bring", "documents"]
)
def test_no_place_that_fetches_articles_asks_there(form, internal, settings, place):
    settings.FETCH_TIMEOUT_SECONDS = 1
    with pytest.raises(FetchError):
        place(address(form, internal))


@pytest.mark.parametrize("form", HERE[::4])
def test_no_feed_is_polled_there(form, internal, feed):
    Feed.objects.update(url=address(form, internal).replace("\n", "").replace("\t", ""))
    feed.refresh_from_db()
    record = poll(feed, take=lambda *_: None)
    assert record is not None
    assert not record.ok


@pytest.mark.parametrize("form", HERE[::4])
def test_feeds_are_not_looked_for_there(form, internal, settings):
    settings.FETCH_TIMEOUT_SECONDS = 1
    with pytest.raises(FetchError):
        discovery.find(address(form, internal))


def test_a_robots_txt_that_leads_there_is_not_followed(internal, server, settings):
    settings.FETCH_ALLOWED_PRIVATE = [server.host]
    server.routes["/robots.txt"] = redirect(f"{internal.url}/robots.txt")
    server.routes["/"] = redirect(f"{internal.url}/")
    with pytest.raises(FetchError):
        brought(f"{server.url}/")


# Who may open connections: the guarded fetcher, and those that speak to this installation's own processes.
OPENS = {
    "apps/articles/refetch.py",  # compares addresses with httpx.URL, and asks nobody
    "apps/sources/fetchers/addresses.py",
    "apps/sources/fetchers/guard.py",
    "apps/sources/fetchers/http.py",
}
NETWORK = {
    "httpx",
    "httpcore",
    "requests",
    "urllib3",
    "socket",
    "http.client",
    "urllib.request",
    "ftplib",
    "aiohttp",
}


def test_nothing_else_opens_connections():
    found = set()
    for file in Path(settings.BASE_DIR, "apps").rglob("*.py"):
        name = file.relative_to(settings.BASE_DIR).as_posix()
        if name.startswith("apps/core/"):
            continue  # starts and asks the processes of this installation; never an address from outside
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if NETWORK & set(names):
                found.add(name)
    assert found == OPENS
    source = Path(settings.BASE_DIR, "apps/articles/refetch.py").read_text()
    assert set(re.findall(r"httpx\.(\w+)", source)) == {"URL"}
