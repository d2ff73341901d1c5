"""A reader changes the language: the site turns round, and stays so."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import loaded
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_timeline import settled

pytestmark = pytest.mark.django_db(transaction=True)
TIMELINE = "/timelines/us-iran-2020/?from=2020-01-01&to=2020-02-01"


@pytest.fixture(autouse=True)
def dossier(live_server: Any) -> None:
    loaded.us_iran()


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def in_persian(page: Page) -> None:
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "fa")
    expect(html).to_have_attribute("dir", "rtl")


def test_the_timeline_is_read_and_used_in_persian(
    open_page: OpenPage, axe_faults: Callable[[Page], list[str]]
) -> None:
    page = open_page(TIMELINE, viewport=DESKTOP)
    page.locator("#chart-keys").dispatch_event("pointerover")
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="فارسی").click()
    in_persian(page)
    assert page.url.endswith(TIMELINE)
    months = re.compile("ژانویه|فوریه")
    expect(page.locator(".still text", has_text=months).first).to_be_visible()
    page.locator("#chart-keys").dispatch_event("pointerover")
    expect(page.locator(".js-plotly-plot .xtick text").first).to_contain_text(months)
    assert sideways(page) <= 0
    assert axe_faults(page) == []

    # The chart goes from left to right; the event opens on the side where a line ends.
    chart = page.locator("figure.chart").bounding_box()
    page.locator("#events .what a").first.click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("نخستین انتشار")
    box = drawer.bounding_box()
    assert chart
    assert box
    assert box["x"] < chart["x"] + chart["width"] / 2
    expect(page).to_have_url(re.compile("event="))
    settled(page)
    assert axe_faults(page) == []

    # What is fetched is in Persian, too; Back leads to where the reader was.
    page.get_by_role("checkbox", name="حمله", exact=False).first.check()
    expect(page).to_have_url(re.compile("type=ASSAULT"))
    expect(page.locator("#events thead")).to_contain_text("رویداد")
    page.go_back()
    expect(page).not_to_have_url(re.compile("type=ASSAULT"))
    in_persian(page)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_page_is_wider_than_its_window(open_page: OpenPage, viewport: dict[str, int]) -> None:
    page = open_page("/", viewport=viewport, locale="fa")
    in_persian(page)
    for address in (
        TIMELINE,
        f"{TIMELINE}&event=USIR-20200108-1",
        "/events/USIR-20200108-1/",
        "/timelines/us-iran-2020/index/2020-01-08/",
        "/timelines/us-iran-2020/compare/",
        "/timelines/us-iran-2020/report/?to=2020-01-20",
        "/search/?q=soleimani",
        "/methodology/",
    ):
        page.goto(address)
        in_persian(page)
        assert sideways(page) <= 0, address
