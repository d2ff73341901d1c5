"""What an installation does at its limits: a thousand feeds due at once, and no processor left for its pages.

Disk full is among the faults (bench_faults). docs/operating.md tells what was measured.
"""

import multiprocessing
import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any

from benchmarks.intake_run import installation
from benchmarks.intake_texts import page
from benchmarks.measure import Measure
from benchmarks.scale_load import PAGES

FEEDS, WORKERS = 1_000, 2
# A feed is due again after a quarter of an hour at the earliest: all have to have been read by then.
LONGEST_SECONDS = 900
# Limits of our own: with as many busy processes as twice the cores, a page gets a third of a core at worst.
SLOWER, BURNERS = 6, 2


def measure() -> list[Measure]:
    """Return how long a thousand feeds take, and how much slower pages are with all processors busy."""
    return [*feeds(FEEDS), *busy()]


def feeds(count: int) -> list[Measure]:
    """Let `count` feeds, each of a host of its own, be due at once; return how they were read."""
    with (
        _served() as port,
        installation(FETCH_ALLOWED_PRIVATE=_hosts(count, port), FETCH_ROBOTS="false") as running,
    ):
        from apps.articles.models import IntakeItem
        from apps.sources.models import Feed, FeedPoll, Source

        source = Source.objects.create(slug="many", name="Many", kind="wire")
        Feed.objects.bulk_create(
            Feed(source=source, url=f"http://{host}/feed", active=True)
            for host in _hosts(count, port).split(",")
        )
        running.start_worker(WORKERS)
        running.start_beat()
        started = time.monotonic()
        running.call("sources.poll_due")  # as beat does each minute
        while FeedPoll.objects.count() < count and time.monotonic() - started < LONGEST_SECONDS:
            time.sleep(0.5)
        took, polls = time.monotonic() - started, FeedPoll.objects.all()
        told = f"{polls.count() / took:.1f} a second, {IntakeItem.objects.count():,} items"
        failed = polls.filter(ok=False).count() + count - polls.count()
        doubled = polls.count() - polls.values("feed").distinct().count()
        return [
            Measure(f"{count:,} feeds due at once, {WORKERS} worker processes: all read after",
                    "s", LONGEST_SECONDS, round(took), "lower", told),
            Measure(f"{count:,} feeds: failed or left", "feeds", 0, failed, "lower"),
            Measure(f"{count:,} feeds: read twice", "feeds", 0, doubled, "lower"),
        ]  # fmt: skip


def busy() -> list[Measure]:
    """Ask for pages with the processors idle and with all of them busy; return how much slower they are."""
    from benchmarks import scratch

    with scratch.product():
        from django.core.management import call_command

        from apps.timelines import rollups
        from benchmarks.page_server import product_served

        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_dossier", "us-iran-2020", verbosity=0)
        rollups.refresh()
        with product_served(WORKERS) as base:
            _asked(base)  # warm
            idle = _asked(base)
            with _burning(BURNERS * (os.cpu_count() or 1)):
                loaded = _asked(base)
    words = f"median {median(idle) * 1000:.0f} ms idle, {median(loaded) * 1000:.0f} ms busy"
    return [
        Measure("pages with twice as many busy processes as cores", "times the idle median",
                SLOWER, round(median(loaded) / median(idle), 2), "lower", words),
        Measure("the same, the slowest page", "s", 10, round(max(loaded), 2), "lower"),
    ]  # fmt: skip


def _asked(base: str) -> list[float]:
    """Return the seconds of each page, asked for one after the other, five times; an error ends the run."""
    taken = []
    for path in PAGES * 5:
        before = time.perf_counter()
        urllib.request.urlopen(base + path, timeout=60).read()  # noqa: S310  # our own server
        taken.append(time.perf_counter() - before)
    return taken


def _burn() -> None:
    while True:
        pass


@contextmanager
def _burning(count: int) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_burn, daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    time.sleep(2)
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _hosts(count: int, port: int) -> str:
    """Return so many addresses of this machine: all of 127.0.0.0/8 are."""
    return ",".join(f"127.1.{n // 250}.{n % 250 + 1}:{port}" for n in range(count))


class _Site(BaseHTTPRequestHandler):
    """Whatever host is asked has a feed with one entry, and the page that it leads to."""

    def do_GET(self) -> None:
        host = self.headers["Host"]
        kind, body = "text/html", page(1, f"http://{host}/1", sum(host.encode()))
        if self.path == "/feed":
            kind = "application/rss+xml"
            body = (
                f"<rss version='2.0'><channel><title>{host}</title><item><title>News of {host}</title>"
                f"<link>http://{host}/1</link></item></channel></rss>"
            ).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def _served() -> Iterator[int]:
    server = ThreadingHTTPServer(("0.0.0.0", 0), _Site)  # noqa: S104  # all of this machine's own addresses
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
