from collections.abc import Iterator

import pytest

from tests.sources.server import Server


@pytest.fixture
def server(settings) -> Iterator[Server]:
    """A local server that the product is allowed to fetch from."""
    server = Server()
    settings.FETCH_ALLOWED_PRIVATE = [server.host]
    yield server
    server.stop()
