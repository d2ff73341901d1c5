"""A feed on a real server, read by real worker processes."""

from collections.abc import Iterator

import pytest

from apps.sources.models import Feed, Source
from tests.flow.test_feed_to_page import PAGE, RSS, make_known_names
from tests.sources.server import Server, answer


@pytest.fixture
def server(other_process) -> Iterator[Server]:
    server = Server()
    server.routes["/missiles"] = answer(PAGE.encode(), kind="text/html; charset=utf-8")
    server.routes["/feed"] = answer(
        RSS.format(url=server.url).encode(), kind="application/rss+xml", ETag='"1"'
    )
    other_process["FETCH_ALLOWED_PRIVATE"] = server.host
    yield server
    server.stop()


@pytest.fixture
def feed(server) -> Feed:
    make_known_names()
    source = Source.objects.create(slug="example", name="Example News")
    return Feed.objects.create(source=source, url=f"{server.url}/feed", active=True)
