"""Web servers for the benchmark of the pages: the product as `make run` serves it, and folders."""

import functools
import http.server
import os
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

HOST = "127.0.0.1"


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


@contextmanager
def product_served(workers: int = 1, **environment: str) -> Iterator[str]:
    """Run the product's web server on the database that is set up; give its address."""
    # What needs settings cannot be imported before they are set up.
    from django.conf import settings

    from apps.core.embedded import processes

    port = _free_port()
    base = f"http://{HOST}:{port}"
    with TemporaryDirectory(prefix="tensionline-bench-logs-") as logs:
        family = processes.Family(Path(logs), settings.BASE_DIR, os.environ | environment)
        family.start(processes.web(HOST, port, workers))
        try:
            _wait_for(base)
            yield base
        finally:
            family.stop()


@contextmanager
def folder_served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder; give the address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _wait_for(base: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{base}/", timeout=60).close()  # noqa: S310
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit(
                    "The web server did not come up: run manage.py up to see why."
                ) from None
            time.sleep(0.1)
        else:
            return
