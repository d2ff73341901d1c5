from collections.abc import Iterator

import pytest

from apps.sources.models import Feed, Source
from tests.sources.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def feed(server, settings, db) -> Feed:
    """A feed of the server, on."""
    settings.FETCH_ALLOWED_PRIVATE = [server.host]
    source = Source.objects.create(slug="example", name="Example")
    return Feed.objects.create(source=source, url=f"{server.url}/feed", active=True)
