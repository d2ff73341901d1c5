"""Filters and saved views in Chromium: each filter is in the address, leaves a chip, and is taken back."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.timelines import rollups
from tests.browser.conftest import PHONE, OpenPage
from tests.factories import make_actor, make_dyad, make_event, make_place, make_timeline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/timelines/us-iran-2020/"


@pytest.fixture
def dossier() -> None:
    usa, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[usa, iran])
    make_dyad(timeline, "us-iran", [usa], [iran])
    groups = [make_actor(f"group-{n}", name=f"Group {chr(65 + n)}") for n in range(10)]
    make_event("A strike", start=date(2020, 1, 3), by=[usa], at=[iran], place=make_place())
    make_event("A threat", start=date(2020, 3, 1), type="THREATEN", by=[iran], at=[usa])
    for number, group in enumerate(groups):
        make_event(f"Raid {number}", start=date(2020, 4, 1 + number), by=[group], at=[usa])
    rollups.rebuild(timeline)


def listed(page: Page, number: int) -> None:
    expect(page.locator("#results")).to_have_text(f"{number} event{'' if number == 1 else 's'}")


def asks(page: Page, query: str) -> None:
    page.wait_for_url(re.compile(rf"{PAGE}\{query}$" if query else f"{PAGE}$"))


def test_a_filter_is_set_shown_as_a_chip_and_taken_back(open_page: OpenPage, dossier: None) -> None:
    page = open_page(PAGE)
    listed(page, 12)
    page.locator("#facet-place summary").click()
    page.check("#place-baghdad")
    asks(page, "?place=baghdad")
    listed(page, 1)
    expect(page.locator("#facet-place")).to_have_attribute("open", "")
    page.locator("#facet-severity summary").click()
    page.check("#severity-8")
    asks(page, "?place=baghdad&severity=8")
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("link", name="Remove filter Baghdad").click()
    asks(page, "?severity=8")
    page.go_back()
    asks(page, "?place=baghdad&severity=8")
    expect(page.locator("#place-baghdad")).to_be_checked()
    listed(page, 1)
    page.locator("#clear-filters").click()
    asks(page, "")
    listed(page, 12)


def test_a_long_list_is_searched_by_letters_and_enter_sends_nothing(
    open_page: OpenPage, dossier: None
) -> None:
    page = open_page(PAGE)
    expect(page.locator("#actor-group-9")).to_be_hidden()
    page.locator("#find-actor").press_sequentially("group j")
    expect(page.locator("#actor-group-9")).to_be_visible()
    expect(page.locator("#actor-options .option:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.locator("#find-actor").press_sequentially("xx")
    expect(page.get_by_text("No name has these letters.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#actor-us-gov")).to_be_visible()
    asks(page, "")
    page.locator("#find-actor").press_sequentially("group j")
    page.check("#actor-group-9")
    asks(page, "?actor=group-9")
    listed(page, 1)


def test_filters_are_a_sheet_on_the_phone_and_its_button_counts_them(
    open_page: OpenPage, dossier: None, axe_faults: Callable[[Page], list[str]],
    too_wide: Callable[[Page], list[str]],
) -> None:  # fmt: skip
    page = open_page(f"{PAGE}?type=ASSAULT&severity=4", viewport=PHONE)
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".filters-label .badge")).to_have_text("2")
    page.locator(".filters-label").click()
    expect(page.locator("#filters")).to_be_visible()
    assert (axe_faults(page), too_wide(page)) == ([], [])
    page.locator("#contested").check()
    expect(page.locator(".filters-label .badge")).to_have_text("3")
    page.locator(".sheet-close").click()
    expect(page.locator("#filters")).to_be_hidden()


def test_without_scripts_the_form_has_its_button(open_page: OpenPage, dossier: None) -> None:
    page = open_page(PAGE, java_script_enabled=False)
    page.locator("#facet-severity summary").click()
    page.check("#severity-8")
    page.locator("#more-actor summary").click()
    page.check("#actor-group-9")
    with page.expect_navigation():
        page.locator("#show").click()
    expect(page.locator("#results")).to_have_text("1 event")


def test_a_view_is_saved_opened_changed_and_deleted(
    open_page: OpenPage, dossier: None, axe_faults: Callable[[Page], list[str]]
) -> None:
    User.objects.create_user("anna", email="anna@example.org", password="keep-this-quiet-7")
    page = open_page(f"{PAGE}?type=THREATEN")
    with page.expect_navigation():
        page.get_by_role("link", name="Save this view").click()
    page.fill("#id_username", "anna")
    page.fill("#id_password", "keep-this-quiet-7")
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    page.fill("#name", "Threats")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    asks(page, "?type=THREATEN")
    expect(page.locator(".kept-as")).to_contain_text("Threats")
    page.goto("/views/")
    assert axe_faults(page) == []
    with page.expect_navigation():
        page.get_by_role("link", name="Name, feed and e-mails").click()
    assert axe_faults(page) == []
    page.fill("#id_threshold", "40")
    page.select_option("#id_digest", "weekly")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    expect(page.locator(".kept-view")).to_contain_text("once a week")
    with page.expect_navigation():
        page.get_by_role("link", name="Threats", exact=True).click()
    asks(page, "?type=THREATEN")
    with page.expect_navigation():
        page.locator(".kept-as a").click()
    page.locator("details summary").click()
    with page.expect_navigation():
        page.locator("#delete").click()
    expect(page.locator(".empty")).to_contain_text("No view is saved yet")
