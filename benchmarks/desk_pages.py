"""How long the desk's pages take, whatever waits; to be imported inside `scratch.product()`.

Times are those of whole requests over a local connection, from sending to the last byte, so that they bound the
server's own time from above. Queries are counted in this process, by the same views on the same rows.
"""

import os
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core.embedded import processes
from apps.events import desk
from apps.events.models import DeskItem
from apps.timelines.desk import place
from benchmarks.desk_decisions import decision_to_next
from benchmarks.desk_rows import Desk
from benchmarks.measure import Measure

FEW, MANY, KNOWN = 100, 10_000, 300
MOST_QUERIES, MOST_MS, MOST_RATIO = 15, 100.0, 1.3
WARM_UP, TIMES = 5, 41
SCREENS = 20
Fetch = Callable[[str], None]


def measure() -> list[Measure]:
    """Fill the desk in two steps and measure its pages after each."""
    call_command("collectstatic", interactive=False, verbosity=0)
    rows = Desk()
    rows.publish(KNOWN)
    rows.propose(FEW)
    few = _measured()
    rows.propose(MANY - FEW)
    many = _measured()
    page, screen, at = many["page"], many["screen"], f"{MANY:,} waiting"
    return [
        Measure(f"desk page, {at}", "queries", MOST_QUERIES, page[0], "lower"),
        Measure(f"desk page, {at}, median", "ms", MOST_MS, page[1], "lower"),
        Measure(
            f"desk page, {at} : {FEW}", "times", MOST_RATIO, _ratio(page, few["page"]), "lower"
        ),
        Measure(f"one proposal, {at}, median", "ms", MOST_MS, screen[1], "lower"),
        Measure(
            f"one proposal, {at} : {FEW}",
            "times",
            MOST_RATIO,
            _ratio(screen, few["screen"]),
            "lower",
        ),
        _decisions(),
    ]


def _decisions() -> Measure:
    """Take decisions in a browser while MANY wait."""
    editor = User.objects.get(username="bench")
    with _serving(editor) as (base, cookie):
        return decision_to_next(base, cookie, MANY)


def _ratio(many: tuple[int, float], few: tuple[int, float]) -> float:
    return round(many[1] / few[1], 2)


def _measured() -> dict[str, tuple[int, float]]:
    """Bring the desk up to date and return page -> (queries, median ms)."""
    desk.repair()
    place()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    editor, _ = User.objects.get_or_create(username="bench", is_superuser=True, is_staff=True)
    page = reverse("admin:events_event_queue")
    rows = DeskItem.objects.values_list("event", flat=True)[:SCREENS]
    screens = [reverse("admin:events_event_desk", args=[pk]) for pk in rows]
    with _server(editor) as fetch:
        return {
            "page": (_queries(editor, page), _milliseconds(fetch, [page])),
            "screen": (_queries(editor, screens[0]), _milliseconds(fetch, screens)),
        }


def _queries(editor: User, address: str) -> int:
    """Count the queries of a page as the second one to ask for it has them: caches are warm."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(editor, backend="apps.accounts.backends.RolesBackend")
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def _milliseconds(fetch: Fetch, addresses: list[str]) -> float:
    """Return the median of many requests, the addresses in turn."""
    took = []
    for number in range(WARM_UP + TIMES):
        began = time.perf_counter()
        fetch(addresses[number % len(addresses)])
        took.append((time.perf_counter() - began) * 1000)
    return round(median(took[WARM_UP:]), 1)


@contextmanager
def _server(editor: User) -> Iterator[Fetch]:
    """Run the web server; give a function that fetches a page of it, logged in."""
    with _serving(editor) as (base, (name, value)):

        def fetch(address: str) -> None:
            request = urllib.request.Request(  # noqa: S310
                f"{base}{address}", headers={"Cookie": f"{name}={value}"}
            )
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                assert answer.status == 200
                assert address.split("?")[0] in answer.url  # not sent away to the login
                answer.read()

        yield fetch


@contextmanager
def _serving(editor: User) -> Iterator[tuple[str, tuple[str, str]]]:
    """Run the web server on the scratch database; give its address and the editor's session cookie."""
    client = Client()
    client.force_login(editor, backend="apps.accounts.backends.RolesBackend")
    name = settings.SESSION_COOKIE_NAME
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{trial.getsockname()[1]}"
    with TemporaryDirectory(prefix="tensionline-bench-logs-") as logs:
        family = processes.Family(Path(logs), settings.BASE_DIR, dict(os.environ))
        family.start(processes.web("127.0.0.1", int(base.rpartition(":")[2]), 1))
        try:
            _wait_for(base)
            yield base, (name, client.cookies[name].value)
        finally:
            family.stop()


def _wait_for(base: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{base}/admin/login/", timeout=60).close()  # noqa: S310
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit(
                    "The web server did not come up: run manage.py up to see why."
                ) from None
            time.sleep(0.1)
        else:
            return
