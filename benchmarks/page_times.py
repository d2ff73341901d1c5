"""How long the timeline page takes in Chromium; to be imported inside `scratch.product()`.

Times are those of the browser's own clock: from asking for a page, or from the key that is pressed, to the
frame that shows the answer. Each page is loaded in a new browser context: nothing is kept of an earlier load,
and the browser's own window has come to rest.

The chart is drawn when all its marks are on the screen: in the picture that the page brings, or by plotly.js
once somebody turned to it. A zoom is answered when the chart shows the new days with the marks that it has, and
complete when it shows all that lies on them. A filter is answered when its counts and the part of its list that
the screen has room for are there (the lines below and the chart follow), an opened event when its text is, a
closed one when it is gone. Answers are measured in both states of the chart.
"""

import gzip
import os
import re
import shutil
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Self

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import FLAGS, page_at_rest
from benchmarks.page_server import product_served

TIMES = 7
PAUSE_MS = 400  # between two answers: what the page still does after one is no part of the next
EMPTY = "bench-empty"
_CHART = re.compile(rb'(<svg class="still".*?id="figure-data".*?)</script>', re.DOTALL)
_EMPTY_PAGE = """<!doctype html><title>empty</title><div id="plot"></div>
<script src="{plotly}"></script><script src="{script}"></script>
"""
_EMPTY_SCRIPT = 'Plotly.newPlot("plot", [{x: [1, 2], y: [1, 2]}], {height: 600});'
# Notes when the last key or click was (`asked`), and when after that on the screen were: a chart that changed
# (`moved`), the text of another event (`opened`) or of none (`closed`), the list, counts and chips of the view
# that was asked for (`listed`), and that view, or the first one, with its chart (`drawn`).
_WATCH = """
(() => {
  const seen = window.bench = { drawn: 0, listed: 0, moved: 0, opened: 0, closed: 0, asked: 0 };
  const title = () => (document.querySelector(".drawer:not([hidden]) #drawer-title") || {}).textContent;
  function painted(name) {
    const { asked } = seen;
    const after = new MessageChannel(); // comes right after the frame, before any timer
    after.port1.onmessage = () => {
      if (asked === seen.asked) seen[name] = seen[name] || performance.now();
    };
    requestAnimationFrame(() => after.port2.postMessage(null));
  }
  let plot = null;
  new MutationObserver(() => {
    const now = document.querySelector(".js-plotly-plot");
    if (now && now.on && now !== plot) {
      plot = now;
      plot.on("plotly_afterplot", () => {
        painted("moved");
        if (seen.arrived) painted("drawn");
      });
    }
    const chart = plot || (document.getElementById("figure-data") && document.querySelector(".still"));
    if (!seen.asked && !seen.drawn && chart) painted("drawn");
    if (title() && title() !== seen.before) painted("opened");
    if (!title() && seen.before) painted("closed");
    if (document.querySelector("#plot.stretched")) painted("moved");
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["class", "hidden", "transform"] });
  // The page's own scripts, which bring the chart in step, have heard of it before.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "view") return;
    seen.arrived = true;
    painted("listed");
    if (!plot) painted("moved");
    if (!document.querySelector("#chart-keys[aria-busy]")) painted("drawn");
  });
  for (const name of ["keydown", "click"]) {
    addEventListener(name, (event) => {
      if (event.isTrusted) {
        const none = { drawn: 0, listed: 0, moved: 0, opened: 0, closed: 0, arrived: false };
        Object.assign(seen, none, { asked: performance.now(), before: title() });
      }
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
    woken: float  # from the first pointer over the chart to plotly.js's drawing
    still: "Answers"
    live: "Answers"


@dataclass(frozen=True, slots=True)
class Answers:
    """Milliseconds to the answer of a zoom, a filter, an opened and a closed event, at the median."""

    zoom: float
    complete: float  # the zoom's whole chart
    filtered: float
    charted: float  # the filter's chart
    opened: float
    closed: float


class Pages:
    """The product on a web server, and a browser that opens its page; for a `with` block."""

    def __enter__(self) -> Self:
        # Playwright's event loop runs in this thread, where Django would refuse to be asked for rows.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
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
        found = _CHART.search(page)
        assert found, "the page has no chart"
        server = self._server()
        pairs = [(self._loaded(self._empty)[0], *self._loaded(self.address)) for _ in range(TIMES)]
        empty, drawn, first_paint = (round(median(times), 1) for times in zip(*pairs, strict=True))
        return Seen(
            data=round(len(gzip.compress(found[1])) / 1000, 1),
            server=server,
            empty=empty,
            drawn=drawn,
            first_paint=first_paint,
            woken=self._woken(),
            still=self._answers(),
            live=self._answers(live=True),
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
        page = page_at_rest(self.browser)
        page.set_default_timeout(90_000)
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => bench.drawn")
        return page

    def _loaded(self, address: str) -> tuple[float, float]:
        """Return when a page was drawn, and when anything of it first was."""
        page = self._page(address)
        page.wait_for_timeout(PAUSE_MS)  # the browser notes a first paint a little later
        found = page.evaluate("() => bench.drawn"), page.evaluate(_FIRST_PAINT)
        page.close()
        return found

    def _woken(self) -> float:
        took = []
        for _ in range(3):
            page = self._page(self.address)
            page.wait_for_load_state("networkidle")
            took.append(_wake(page))
            page.close()
        return round(median(took), 1)

    def _answers(self, *, live: bool = False) -> Answers:
        """Return what a zoom by key, a filter and opening an event take, at the median there and back."""
        page = self._page(self.address)
        page.wait_for_load_state("networkidle")
        if live:
            _wake(page)
        times: dict[str, list[float]] = {field.name: [] for field in fields(Answers)}
        for _ in range(3):
            for key in "+-":
                times["zoom"].append(_answered(page, "moved", key=key))
                times["complete"].append(page.evaluate("() => bench.drawn - bench.asked"))
            for _ in range(2):
                times["filtered"].append(_answered(page, "listed", click="#facet-type input"))
                times["charted"].append(page.evaluate("() => bench.drawn - bench.asked"))
            times["opened"].append(_answered(page, "opened", click=".events tbody a"))
            times["closed"].append(_answered(page, "closed", click="#close-drawer"))
        page.close()
        return Answers(**{name: round(median(some), 1) for name, some in times.items()})


def _wake(page: Page) -> float:
    began: float = page.evaluate(
        """() => {
            bench.moved = 0;
            const began = performance.now();
            const touch = new PointerEvent("pointerover", { bubbles: true });
            document.getElementById("chart-keys").dispatchEvent(touch);
            return began;
        }"""
    )
    page.wait_for_selector(".js-plotly-plot")
    page.wait_for_function("() => bench.moved")
    return float(page.evaluate("() => bench.moved")) - began


def _answered(page: Page, sign: str, key: str = "", click: str = "") -> float:
    """Return the milliseconds from a key or click to `moved` or `drawn`."""
    if key:
        page.keyboard.press(key)
    else:
        page.locator(click).first.click()
    page.wait_for_function(f"() => bench.{sign}")
    taken: float = page.evaluate(f"() => bench.{sign} - bench.asked")
    page.wait_for_function("() => bench.drawn")
    page.wait_for_timeout(PAUSE_MS)
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
