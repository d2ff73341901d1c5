"""Taking a view away in a browser: the menu by keyboard, files that download, the report on paper."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from apps.timelines import rollups
from tests.browser.conftest import PHONE
from tests.factories import (
    make_actor,
    make_article,
    make_dyad,
    make_event,
    make_quote,
    make_timeline,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/timelines/us-iran-2020/"


@pytest.fixture(autouse=True)
def dossier(db):
    us, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[us, iran], licence="CC BY 4.0")
    make_dyad(timeline, "us-iran", [us], [iran])
    version = make_article("Rockets hit the base on Friday. " * 5)
    for day in range(1, 29):
        event = make_event(
            f"Event of day {day}", start=date(2020, 1, day), by=[us], at=[iran],
            type="THREATEN" if day == 3 else "ASSAULT", summary="What happened, in a few words. " * 6,
        )  # fmt: skip
        make_quote(event, version, "Rockets hit the base on Friday.")
    rollups.rebuild(timeline)


def test_the_menu_opens_by_keyboard_and_its_files_hold_the_view(open_page, axe_faults, too_wide):
    page = open_page(f"{PAGE}?type=THREATEN", viewport=PHONE)
    button = page.locator("#take-away-button")
    button.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#take-away")
    menu.wait_for(state="visible")
    assert "Take 1 event away" in menu.inner_text()
    assert axe_faults(page) == []
    assert too_wide(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "CSV"
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert [line["title"] for line in csv.DictReader(io.StringIO(text))] == ["Event of day 3"]
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "take-away-button"


def test_the_menu_follows_the_view_after_a_swap_and_needs_no_script(open_page):
    page = open_page(f"{PAGE}?type=THREATEN")
    with page.expect_response(lambda answer: "THREATEN" not in answer.url and PAGE in answer.url):
        page.locator(".chips a.chip").first.click()
    page.wait_for_url(lambda url: "THREATEN" not in url)
    swapped = page.locator("#take-away").inner_html()
    bare = open_page(page.url, java_script_enabled=False)
    assert bare.locator("#take-away").inner_html() == swapped
    bare.locator("#take-away-button").click()
    bare.locator("#take-away").wait_for(state="visible")
    assert "Take 28 events away" in bare.locator("#take-away").inner_text()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_report_is_pages_of_paper(open_page, axe_faults, too_wide, tmp_path, paper):
    page = open_page(f"{PAGE}report/", viewport=PHONE)
    assert too_wide(page) == []
    assert axe_faults(page) == []
    body = page.pdf(path=tmp_path / "report.pdf", format=paper)
    pages = body.count(b"/Type /Page\n") + body.count(b"/Type /Page/")
    assert body.startswith(b"%PDF")
    assert 3 <= pages <= 12
    page.emulate_media(media="print")
    assert not page.locator(".site-header").is_visible()
    assert not page.locator(".report-hint").is_visible()
    assert page.locator(".report-event").count() == 28
