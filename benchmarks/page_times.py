"""How long the timeline page takes in Chromium; to be imported inside `scratch.product()`.

Times are those of the browser's own clock: from asking for a page, or from the key that is pressed, to the
frame after Plotly has drawn. Each page is loaded in a new browser context: nothing is kept of an
earlier load.
"""

import gzip
import re
import shutil
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.page_server import product_served

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
TIMES = 7
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
EMPTY = "bench-empty"
_FIGURE = re.compile(rb'id="figure-data"[^>]*>(.*?)</script>', re.DOTALL)
_EMPTY_PAGE = """<!doctype html><title>empty</title><div id="plot"></div>
<script src="{plotly}"></script><script src="{script}"></script>
"""
_EMPTY_SCRIPT = 'Plotly.newPlot("plot", [{x: [1, 2], y: [1, 2]}], {height: 600});'
# Notes when a figure was on the screen, and when the last key or click was: what is drawn again of the figure
# that stood there at that moment answers nothing.
_WATCH = """
(() => {
  const seen = window.bench = { drawn: 0, asked: 0 };
  const figure = () => document.getElementById("figure-data");
  let answered = false;
  const painted = (done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  const plots = new MutationObserver(() => {
    const plot = document.querySelector(".js-plotly-plot");
    if (!plot || !plot.on) return;
    plots.disconnect();
    plot.on("plotly_afterplot", () => {
      if (answered || figure() === seen.before) return;
      answered = true;
      painted((now) => { seen.drawn = now; });
    });
  });
  plots.observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });
  for (const name of ["keydown", "click"]) {
    addEventListener(name, (event) => {
      if (!event.isTrusted) return;
      Object.assign(seen, { asked: performance.now(), before: figure(), drawn: 0 });
      answered = false;
    }, true);
  }
})();
"""
_FIRST_PAINT = """() => Math.max(
  0, ...performance.getEntriesByName("first-contentful-paint").map((entry) => entry.startTime))"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one size of the dossier took: kB, and milliseconds at the median."""

    data: float
    server: float
    empty: float
    drawn: float
    first_paint: float
    zoom: float
    filtered: float
    opened: float


class Pages:
    """The product on a web server, and a browser that opens its page; for a `with` block."""

    def __enter__(self) -> Self:
        call_command("collectstatic", interactive=False, verbosity=0)
        self._open = ExitStack()
        _write_empty_page()
        base = self._open.enter_context(product_served())
        self.address = f"{base}/timelines/bench/"
        self._empty = f"{base}{settings.STATIC_URL}{EMPTY}.html"
        playwright = self._open.enter_context(sync_playwright())
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        self.browser: Browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        self._open.callback(self.browser.close)
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def measure(self) -> Seen:
        """Measure the page as it stands, the server's caches warm."""
        page = self._fetched()
        found = _FIGURE.search(page)
        assert found, "the page has no figure"
        server = self._server()
        pairs = [(self._loaded(self._empty)[0], *self._loaded(self.address)) for _ in range(TIMES)]
        empty, drawn, first_paint = (round(median(times), 1) for times in zip(*pairs, strict=True))
        zoom, filtered, opened = self._answers()
        return Seen(
            data=round(len(gzip.compress(found[1])) / 1000, 1),
            server=server,
            empty=empty,
            drawn=drawn,
            first_paint=first_paint,
            zoom=zoom,
            filtered=filtered,
            opened=opened,
        )

    def _fetched(self) -> bytes:
        with urllib.request.urlopen(self.address, timeout=120) as answer:  # noqa: S310
            return bytes(answer.read())

    def _server(self) -> float:
        took = []
        for _ in range(2 * TIMES):
            began = time.perf_counter()
            self._fetched()
            took.append((time.perf_counter() - began) * 1000)
        # The first ones warm every worker.
        return round(median(took[TIMES:]), 1)

    def _page(self, address: str) -> Page:
        page = self.browser.new_page(viewport=DESKTOP)
        page.set_default_timeout(90_000)
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => bench.drawn")
        return page

    def _loaded(self, address: str) -> tuple[float, float]:
        """Return when a page was drawn, and when anything of it first was."""
        page = self._page(address)
        found = page.evaluate("() => bench.drawn"), page.evaluate(_FIRST_PAINT)
        page.close()
        return found

    def _answers(self) -> tuple[float, float, float]:
        """Return what a zoom by key, a filter and opening an event take, at the median there and back.

        From the key or click to the next chart on the screen.
        """
        page = self._page(self.address)
        times: list[list[float]] = [[], [], []]
        for _ in range(3):
            for key in "+-":
                times[0].append(_answered(page, key=key))
            for _ in range(2):
                times[1].append(_answered(page, click="#facet-type input"))
            times[2].append(_answered(page, click=".events tbody a"))
            times[2].append(_answered(page, click="#close-drawer"))
        page.close()
        zoom, filtered, opened = (round(median(some), 1) for some in times)
        return zoom, filtered, opened


def _answered(page: Page, key: str = "", click: str = "") -> float:
    if key:
        page.keyboard.press(key)
    else:
        page.locator(click).first.click()
    page.wait_for_function("() => bench.drawn")
    taken: float = page.evaluate("() => bench.drawn - bench.asked")
    page.wait_for_load_state("networkidle")
    return taken


def _write_empty_page() -> None:
    """Write among the static files a page that draws an empty figure with the same plotly.js."""
    root = Path(settings.STATIC_ROOT)
    names = {
        "plotly": staticfiles_storage.url("vendor/plotly-basic.min.js"),
        "script": f"{settings.STATIC_URL}{EMPTY}.js",
    }
    (root / f"{EMPTY}.html").write_text(_EMPTY_PAGE.format(**names))
    (root / f"{EMPTY}.js").write_text(_EMPTY_SCRIPT)
