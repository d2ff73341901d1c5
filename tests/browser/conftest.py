"""Chromium against a live server; whatever the browser complains of fails the test."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

# The first are those of Playwright's own list that matter here: the last such option counts alone. Then the
# address bar's pages, some two hundred files for every new window: most of what a test took of the processor.
SWITCHED_OFF = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "PaintHolding", "MediaRouter", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch", "LensOverlay"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)
FLAGS = [
    f"--disable-features={','.join(SWITCHED_OFF)}",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# How long a page may take to come and to show what is expected: a busy machine is slow, not wrong.
LOAD, SHOW = 45_000, 20_000
expect.set_options(timeout=SHOW)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the run.

    Playwright's loop runs in this thread, which Django takes for asynchronous code; its own calls stay
    synchronous, so Django is told that this is meant.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    program = next(path for name in CHROMIUM if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """Notes what must not happen: console errors, crashes, requests to other hosts, 4xx and 5xx."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.faults: list[str] = []
        self.expected_statuses: set[int] = set()
        self.expected_words: tuple[
            str, ...
        ] = ()  # how console messages begin that are meant to come

    def attach(self, page: Page) -> None:
        """Listen to one page."""
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self.request)
        page.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        """Keep errors and warnings; an expected 404 also shows as a console error and is not counted twice."""
        expected = message.text.startswith(("Failed to load resource", *self.expected_words))
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"console {message.type}: {message.text}")

    def request(self, request: Request) -> None:
        """Keep requests that leave the server under test."""
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")

    def response(self, response: Response) -> None:
        """Keep answers that say something went wrong."""
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.faults.append(f"{response.status} {response.url}")


OpenPage = Callable[..., Page]


@pytest.fixture
def watch(live_server: Any) -> Watch:
    """What went wrong in this test's pages so far; what is meant to happen is added to its `expected_...`."""
    return Watch(urlsplit(live_server.url).netloc)


@pytest.fixture
def open_page(chromium: Browser, live_server: Any, watch: Watch) -> Iterator[OpenPage]:
    """Return `open_page(path, **context_options)`: a page of a fresh browser profile, watched to the end.

    Options are Playwright's of `new_context`, e.g. `viewport=PHONE`, `color_scheme="dark"`,
    `java_script_enabled=False`.
    """
    contexts = []

    def open_one(path: str, **options: Any) -> Page:
        options.setdefault("viewport", DESKTOP)
        options.setdefault("reduced_motion", "reduce")
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(LOAD)
        contexts.append(context)
        page = context.new_page()
        watch.attach(page)
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    wait_for_answers()
    assert watch.faults == []


def wait_for_answers(seconds: float = 10.0) -> None:
    """Wait until the server has answered what the pages asked for: the tables are emptied after that.

    Emptying them locks them all, and a request on its way would lock them in another order.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)


@pytest.fixture
def axe_faults() -> Callable[[Page], list[str]]:
    """Return a function: the accessibility rules that a page breaks, each with the first element that does."""

    def check(page: Page) -> list[str]:
        violations = Axe().run(page).response["violations"]
        return [f"{v['id']}: {v['help']} {v['nodes'][0]['html'][:200]}" for v in violations]

    return check


@pytest.fixture
def too_wide() -> Callable[[Page], list[str]]:
    """Return a function: the elements that make a page scroll sideways; empty where it does not scroll."""

    def check(page: Page) -> list[str]:
        return page.evaluate(
            """() => {
                const width = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= width) return [];
                return [...document.querySelectorAll('body *')]
                    .filter(e => e.getBoundingClientRect().right > width + 1)
                    .map(e => e.tagName + '.' + e.className).slice(0, 5);
            }"""
        )

    return check
