"""How long the timeline page takes in Chromium; to be imported inside `scratch.product()`."""

import gzip
import re
import shutil
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Self

from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from benchmarks.page_server import folder_served, product_served

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
TIMES = 5
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
_FIGURE = re.compile(rb'id="figure-data">(.*?)</script>', re.DOTALL)
# Of the bars and lines themselves, not of an empty frame.
DRAWN = "#plot .main-svg .bars path, #plot .main-svg .scatterlayer path"
_EMPTY = """<!doctype html><title>empty</title><div id="plot"></div>
<script src="plotly-basic.min.js"></script>
<script>Plotly.newPlot("plot", [{x: [1, 2], y: [1, 2]}], {height: 600});</script>
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one size of the dossier took: kB, and milliseconds at the median."""

    data: float
    server: float
    drawn: float
    zoom: float


class Pages:
    """The product on a web server, and a browser that opens its page; for a `with` block."""

    def __enter__(self) -> Self:
        call_command("collectstatic", interactive=False, verbosity=0)
        self._open = ExitStack()
        base = self._open.enter_context(product_served())
        self.address = f"{base}/timelines/bench/"
        playwright = self._open.enter_context(sync_playwright())
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        self.browser: Browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        self._open.callback(self.browser.close)
        self.empty = self._empty()
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def measure(self) -> Seen:
        """Measure the page as it stands, caches warm."""
        page = self._fetched()
        found = _FIGURE.search(page)
        assert found, "the page has no figure"
        return Seen(
            data=round(len(gzip.compress(found[1])) / 1000, 1),
            server=self._server(),
            drawn=_drawn(self.browser, self.address, DRAWN),
            zoom=self._zoom(),
        )

    def _fetched(self) -> bytes:
        with urllib.request.urlopen(self.address, timeout=120) as answer:  # noqa: S310
            return bytes(answer.read())

    def _server(self) -> float:
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            self._fetched()
            took.append((time.perf_counter() - began) * 1000)
        return round(median(took), 1)

    def _zoom(self) -> float:
        """From the key that zooms in to the next view drawn, at the median of zooming in and out."""
        page = self.browser.new_page(viewport=DESKTOP)
        page.goto(self.address)
        page.wait_for_selector(DRAWN, state="attached")
        took = []
        for step in ("closer", "wider") * 3:
            before = page.url
            began = time.perf_counter()
            page.locator(f"#step-{step}").click()
            page.wait_for_function("before => location.href !== before", arg=before)
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => done()))")
            took.append((time.perf_counter() - began) * 1000)
        page.close()
        return round(median(took), 1)

    def _empty(self) -> float:
        """Return what a page takes that draws an empty figure with the same plotly.js."""
        with TemporaryDirectory() as folder:
            vendored = Path(settings.BASE_DIR) / "static/vendor/plotly-basic.min.js"
            shutil.copy(vendored, folder)
            (Path(folder) / "index.html").write_text(_EMPTY)
            with folder_served(Path(folder)) as base:
                return _drawn(self.browser, f"{base}/index.html", DRAWN)


def _drawn(browser: Browser, address: str, what: str) -> float:
    """Return the milliseconds from asking for a page to `what` standing in it, at the median; no cache."""
    took = []
    for _ in range(TIMES):
        context = browser.new_context(viewport=DESKTOP)
        page = context.new_page()
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(what, state="attached", timeout=90_000)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => done()))")
        took.append((time.perf_counter() - began) * 1000)
        context.close()
    return round(median(took), 1)
