"""The search and the language of the pages in Chromium."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from apps.timelines.search import asked
from tests.browser.conftest import PHONE
from tests.factories import make_actor, make_article, make_event, make_quote, make_timeline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dossier(live_server):
    """A person, what happened to him, and an article that tells it."""
    person = make_actor("soleimani", name="Qassem Soleimani", kind="person", country="IRN")
    timeline = make_timeline(actors=[person])
    event = make_event("A drone strike at the airport", start=date(2020, 1, 3), at=[person])
    told = make_article("Sirens howled. A drone strike hit a convoy.", title="Convoy hit")
    make_quote(event, told, "A drone strike hit a convoy.")
    return timeline


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(PHONE, "light"), ({"width": 1440, "height": 900}, "dark")],
    ids=["phone", "desktop"],
)
def test_it_is_accessible_and_never_wider_than_the_window(
    dossier, open_page, axe_faults, too_wide, viewport, scheme
):
    page = open_page("/search/?q=Qasem+Suleimani", viewport=viewport, color_scheme=scheme)
    for path in ("/search/?q=Qasem+Suleimani", "/search/?q=zzzz", "/search/"):
        page.goto(path)
        assert axe_faults(page) == [], path
        assert too_wide(page) == [], path


def test_a_key_leads_from_any_page_to_what_is_looked_for(dossier, open_page):
    page = open_page("/")
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    field.press_sequentially("Ghassem Soleymani")
    with page.expect_navigation():
        field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=Ghassem"))
    expect(page.get_by_text("Takes part: Qassem Soleimani")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="A drone strike at the airport").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A drone strike at the airport")


def test_the_language_is_chosen_without_a_script_and_the_view_stays(dossier, open_page, axe_faults):
    page = open_page("/search/?q=drone", java_script_enabled=False, locale="en-GB")
    with page.expect_navigation():
        page.get_by_role("button", name="فارسی").click()
    expect(page).to_have_url(re.compile(r"/search/\?q=drone$"))
    root = page.locator("html")
    expect(root).to_have_attribute("dir", "rtl")
    expect(root).to_have_attribute("lang", "fa")
    expect(page.get_by_text("3 ژانویه 2020").first).to_be_visible()
    # The header starts on the other side.
    box = page.locator(".brand").bounding_box()
    assert box is not None
    assert box["x"] > 700
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    expect(root).to_have_attribute("dir", "ltr")


def test_the_longest_line_that_is_read_is_what_the_field_takes(dossier, open_page):
    page = open_page("/search/")
    expect(page.get_by_role("searchbox")).to_have_attribute("maxlength", str(asked.LONGEST))
