"""From an editor's key to the next proposal on the screen, in a real browser against the product's web server.

The clock runs in the page, from the key's event until the next proposal's title has been painted. As when an
editor works, each decision is taken once the next proposal was fetched ahead: reading takes longer than that.
"""

import shutil
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import FLAGS
from benchmarks.measure import Measure

DECISIONS, WARM_UP = 25, 3
MOST_MS = 300.0
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_TIMED = """() => {
    const title = document.getElementById('desk-title');
    window.tookMs = new Promise(done => {
        let began = 0;
        const pressed = event => { began = event.timeStamp; };
        document.addEventListener('keydown', pressed, {once: true, capture: true});
        const look = () => {
            const now = document.getElementById('desk-title');
            if (!began || now === title) return requestAnimationFrame(look);
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
        };
        look();
    });
}"""


def decision_to_next(base: str, cookie: tuple[str, str], waiting: int) -> Measure:
    """Publish one proposal after the other by key; return the median time until the next one is shown.

    `base`: the server's address; `cookie`: name and value of the session of an editor who may publish;
    `waiting`: how many proposals wait, for the measure's name.
    """
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        raise SystemExit(f"This benchmark needs a browser: install one of {', '.join(CHROMIUM)}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": base}])
        page = context.new_page()
        page.goto(f"{base}/admin/events/event/queue/next/?kind=new")
        took = [_decide(page) for _ in range(WARM_UP + DECISIONS)][WARM_UP:]
        browser.close()
    name = f"decision to next proposal, {waiting:,} waiting, median of {DECISIONS}"
    return Measure(name, "ms", MOST_MS, round(median(took), 1), "lower")


def _decide(page: Page) -> float:
    page.wait_for_selector('#desk-ahead:not([value=""])', state="attached")
    page.evaluate(_TIMED)
    page.keyboard.press("p")
    return float(page.evaluate("window.tookMs"))
