"""What peers take for the same events, and Lighthouse: npm packages, pinned in peers/, installed on use."""

import json
import shutil
import subprocess
import tempfile
import time
from atexit import register
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from benchmarks.browser import page_at_rest
from benchmarks.page_server import folder_served

HERE = Path(__file__).parent / "peers"
LIMIT = 90.0  # seconds; a peer that takes longer is told with that
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

_VIS = """<!doctype html><title>vis-timeline</title>
<link rel="stylesheet" href="node_modules/vis-timeline/styles/vis-timeline-graph2d.min.css">
<div id="plot" style="height:600px"></div>
<script src="node_modules/vis-timeline/standalone/umd/vis-timeline-graph2d.min.js"></script>
<script>
(async () => {{
  const rows = (await (await fetch("rows.json")).json()).map(row => ({{...row, type: "{type}"}}));
  if ("{type}" === "point") rows.forEach(row => delete row.end);
  const groups = new vis.DataSet([{{id: 0, content: "events"}}]);
  window.peer = new vis.Timeline(document.getElementById("plot"), new vis.DataSet(rows), {{maxHeight: 600}});
  window.peer.on("changed", () => {{ window.changed = (window.changed || 0) + 1; }});
}})();
</script>"""
_TIMELINEJS = """<!doctype html><title>TimelineJS3</title>
<link rel="stylesheet" href="node_modules/@knight-lab/timelinejs/dist/css/timeline.css">
<div id="plot" style="height:600px"></div>
<script src="node_modules/@knight-lab/timelinejs/dist/js/timeline.js"></script>
<script>
const day = iso => { const [year, month, day] = iso.split("-").map(Number); return {year, month, day}; };
(async () => {
  const rows = await (await fetch("rows.json")).json();
  const events = rows.map(row => ({
    unique_id: row.id, start_date: day(row.start), end_date: day(row.end), text: {headline: row.content}}));
  window.peer = new TL.Timeline("plot", {events}, {});
})();
</script>"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds to drawn and for one zoom; `words` tell them, also where the limit was reached."""

    drawn: float
    words: str


def install() -> Path:
    """Install the pinned packages into a folder that goes with this process; return it."""
    folder = Path(tempfile.mkdtemp(prefix="tensionline-bench-peers-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(
            "The benchmark of the pages installs peers with npm: install Node 18 or newer."
        )
    subprocess.run(  # noqa: S603
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=folder,
        check=True,
    )
    return folder


def lighthouse(tools: Path, address: str) -> Mapping[str, float]:
    """Return Lighthouse's scores of a page, 0 to 100, as on a desk; by category."""
    program = next(path for name in CHROMIUM if (path := shutil.which(name)))
    answer = subprocess.run(  # noqa: S603
        [
            str(tools / "node_modules/.bin/lighthouse"),
            address,
            "--output=json",
            "--quiet",
            "--preset=desktop",
            "--only-categories=performance,accessibility,best-practices",
            "--chrome-flags=--headless --no-sandbox --disable-gpu",
        ],
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "CHROME_PATH": program, "HOME": str(tools)},
        capture_output=True,
        check=False,
        timeout=180,
    )
    if answer.returncode:
        raise SystemExit(f"Lighthouse failed:\n{answer.stderr.decode(errors='replace')[-2000:]}")
    found = json.loads(answer.stdout)["categories"]
    return {name: round(100 * category["score"]) for name, category in found.items()}


def measure(tools: Path, browser: Browser, rows: Sequence[dict[str, str]]) -> dict[str, Taken]:
    """Return what each peer takes for the same events, by its name."""
    (tools / "rows.json").write_text(json.dumps(rows))
    pages = {
        "vis-timeline points": (
            _VIS.format(type="point"),
            ".vis-item",
            "peer.zoomIn(0.5, {animation: false})",
        ),
        "vis-timeline ranges": (
            _VIS.format(type="range"),
            ".vis-item",
            "peer.zoomIn(0.5, {animation: false})",
        ),
        "TimelineJS3": (_TIMELINEJS, ".tl-timemarker", "peer.zoomIn()"),
    }
    with folder_served(tools) as base:
        found = {}
        for name, (page, mark, zoom) in pages.items():
            (tools / "index.html").write_text(page)
            found[name] = _taken(browser, f"{base}/index.html", mark, zoom)
    return found


def _taken(browser: Browser, address: str, mark: str, zoom: str) -> Taken:
    page = page_at_rest(browser)
    page.set_default_timeout(LIMIT * 1000)
    began = time.perf_counter()
    try:
        page.goto(address, wait_until="commit")
        page.wait_for_selector(mark, state="attached")
        _painted(page)
        drawn = (time.perf_counter() - began) * 1000
        began = time.perf_counter()
        page.evaluate(f"() => {{ {zoom} }}")
        _painted(page)
        lag = (time.perf_counter() - began) * 1000
    except Error:
        return Taken(LIMIT * 1000, f"not within {LIMIT:g} s")
    finally:
        page.close()
    return Taken(drawn, f"{drawn:,.0f} ms, zoom {lag:,.0f} ms")


def _painted(page: Page) -> None:
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
