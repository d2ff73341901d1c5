"""A page of Chromium in which nothing goes on but what is measured."""

from playwright.sync_api import Browser, Page, ViewportSize

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
AT_REST_MS = 1500


def page_at_rest(browser: Browser) -> Page:
    """Open an empty page in a new context, and wait until the browser's own window is done.

    A window's address bar alone asks for some two hundred files of the browser's: its first second is busy.
    """
    page = browser.new_page(viewport=DESKTOP)
    page.wait_for_timeout(AT_REST_MS)
    return page
