"""How fast pages are fetched and stored, beside a bare loop of the same fetch and the same extraction.

By the clock, not by processor: the loop does one thing after the other in one process; a worker reads ahead, in
threads and in the process of the extraction, and has PostgreSQL beside it.
"""

import json
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.intake_run import Installation, installation
from benchmarks.intake_texts import page, records
from benchmarks.measure import Measure

_PAGES = 400
_ROUNDS = 3
_TARGET = 0.6
_FEW, _MANY = 2_000, 100_000
_SEED = 6


def measures() -> list[Measure]:
    """Return the pages a second that one worker stores, beside the bare loop, and the memory of the command."""
    ours, peer = [], []
    with _served() as host:
        for number in range(_ROUNDS):
            urls = [f"http://{host}/{number}/{n}" for n in range(_PAGES)]
            # The delay between two requests to one host is politeness, not work: it is off for both.
            with installation(
                FETCH_ALLOWED_PRIVATE=host, FETCH_HOST_DELAY_SECONDS="0", REFETCH_AFTER="none"
            ) as running:
                peer.append(_bare(host, urls))
                ours.append(_stored(running, urls))
    few, many = _memory(_FEW), _memory(_MANY)
    faster, bare = statistics.median(ours), statistics.median(peer)
    return [
        Measure(
            f"fetch to stored, one worker, {_PAGES} pages of a local server (median of {_ROUNDS})",
            "of a bare loop", _TARGET, round(faster / bare, 3), "higher",
            f"{bare:.1f} pages a second bare, {faster:.1f} ours",
        ),
        Measure(
            f"most memory of `ingest` with {_MANY:,} records, times that with {_FEW:,}",
            "times", 1.3, round(many / few, 3), "lower", f"{few // 1024} MB, {many // 1024} MB",
        ),
    ]  # fmt: skip


def _bare(host: str, urls: list[str]) -> float:
    """Fetch and extract in this process, keep nothing; return pages a second."""
    from django.conf import settings

    from apps.articles.extract.run import extract
    from apps.sources.fetchers import http
    from apps.sources.fetchers.guard import Policy

    policy = Policy(allowed_private=frozenset({host}))
    started = time.perf_counter()
    for url in urls:
        answer = http.fetch(url, policy)
        extract(
            answer.body,
            content_type=answer.content_type,
            charset=answer.charset,
            url=answer.url,
            max_characters=settings.ARTICLE_MAX_CHARACTERS,
        )
    return len(urls) / (time.perf_counter() - started)


def _stored(running: Installation, urls: list[str]) -> float:
    """Have one worker process take the addresses in; return stored articles a second."""
    from django.db.models import Max, Min

    from apps.articles.models import IntakeItem

    file = running.folder / "pages.jsonl"
    file.write_text("".join(json.dumps({"url": url}) + "\n" for url in urls))
    running.ingest(str(file))
    running.start_worker(1)  # with all addresses queued: their annotation waits behind them
    while IntakeItem.objects.filter(status__in=["waiting", "running"]).exists():
        time.sleep(0.2)
    new = IntakeItem.objects.filter(status="done", outcome="new")
    if new.count() != len(urls):
        told = IntakeItem.objects.exclude(outcome="new").values_list("error", flat=True).first()
        raise RuntimeError(f"Only {new.count()} of {len(urls)} pages were stored: {told}")
    # From the first that is stored: starting the processes is not part of a throughput, here or there.
    times = new.aggregate(first=Min("finished_at"), last=Max("finished_at"))
    return (len(urls) - 1) / (times["last"] - times["first"]).total_seconds()


def _memory(count: int) -> int:
    """Return the kB that `manage.py ingest` held at most while it wrote `count` records down."""
    with installation() as running:
        file = running.folder / "articles.jsonl"
        with file.open("w") as out:
            out.writelines(record.line for record in records(count, _SEED))
        return running.ingest(str(file))


@contextmanager
def _served() -> Iterator[str]:
    """Serve pages from a process of its own; give its host and port."""
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(its,), daemon=True)
    process.start()
    try:
        yield str(ours.recv())
    finally:
        process.terminate()
        process.join()


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    made: dict[str, bytes] = {}

    def do_GET(self) -> None:
        body = self.made.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _serve(pipe: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    host = f"127.0.0.1:{server.server_port}"
    for number in range(_ROUNDS):
        for n in range(_PAGES):
            path = f"/{number}/{n}"
            _Pages.made[path] = page(n, f"http://{host}{path}", number)
    pipe.send(host)
    server.serve_forever()
