"""Histories, conflicts and the export in a browser: two editors on one form, taking back, narrow and dark."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.accounts.roles import OPERATORS, SENIOR_EDITORS
from tests.browser.conftest import PHONE
from tests.events import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browse(open_page):
    """Return `browse(name, address)`: that editor's browser, logged in and at this address."""

    def open_it(name, address, **options):
        user, new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if new:
            user.set_password("secret")
            user.save()
            user.groups.add(*Group.objects.filter(name__in=[SENIOR_EDITORS, OPERATORS]))
        page = open_page(f"/admin/login/?next={address}", **options)
        page.fill("#id_username", name)
        page.fill("#id_password", "secret")
        with page.expect_navigation():
            page.click("[type=submit]")
        page.wait_for_url(f"**{address}")
        return page

    return open_it


@pytest.fixture
def whole(too_wide, watch):
    """Return whole(page, part): nobody is shut out of what is ours, and it does not scroll sideways."""

    def check(page, part):
        assert watch.faults == []
        violations = Axe().run(page, context=part).response["violations"]
        assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations] == []
        watch.faults.clear()  # axe's own inline styles, which the policy refuses
        assert part == "#conflict" or too_wide(page) == []

    return check


def change(event):
    return f"/admin/events/event/{event.pk}/change/"


def past(event):
    return f"/admin/events/event/{event.pk}/history/"


def save(page):
    page.click("[name=_continue]")
    page.wait_for_load_state()


def test_the_second_editor_is_told_keeps_what_is_typed_and_saves_on_top(browse, whole):
    event = make.published(title="Rockets hit the base", summary="Two rockets fell.")
    ana, ben = browse("ana", change(event)), browse("ben", change(event))
    ana.fill("#id_title", "Katyusha rockets hit the base")
    ana.fill("#id_reason", "the army named them")
    save(ana)
    ben.fill("#id_summary", "Three rockets fell at night.")
    save(ben)
    told = ben.locator("#conflict")
    expect(told).to_contain_text("ana")
    expect(told).to_contain_text("the army named them")
    expect(told.locator("ins")).to_contain_text("Katyusha")
    expect(ben.locator("#id_summary")).to_have_value("Three rockets fell at night.")
    expect(ben.locator("#id_title")).to_have_value("Katyusha rockets hit the base")
    whole(ben, "#conflict")
    save(ben)
    expect(ben.locator("#conflict")).to_have_count(0)
    event.refresh_from_db()
    assert (event.title, event.summary) == (
        "Katyusha rockets hit the base",
        "Three rockets fell at night.",
    )


def test_taking_theirs_opens_the_page_as_it_is(browse):
    event = make.published(title="Rockets hit the base")
    ana, ben = browse("ana", change(event)), browse("ben", change(event))
    ana.fill("#id_title", "Drones hit the base")
    save(ana)
    ben.fill("#id_title", "Mortars hit the base")
    save(ben)
    expect(ben.locator("#conflict")).to_contain_text("You changed too: Title")
    ben.get_by_role("link", name="take theirs").click()
    expect(ben.locator("#conflict")).to_have_count(0)
    expect(ben.locator("#id_title")).to_have_value("Drones hit the base")


@pytest.mark.parametrize(
    "options", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}], ids=["desktop", "phone", "dark"]
)
def test_a_decision_is_taken_back_in_the_history_and_stands_there_marked(browse, whole, options):
    event = make.published(title="Rockets hit the base")
    page = browse("ana", change(event), **options)
    page.fill("#id_title", "Drones hit the base")
    page.fill("#id_summary", "At night.")
    page.fill("#id_reason", "misread")
    save(page)
    page.goto(past(event))
    expect(page.locator(".kept-entry").first).to_contain_text("misread")
    whole(page, ".kept-history")
    page.get_by_text("Take the whole decision back").first.click()
    back = page.locator(".kept-entry > .kept-back").first
    back.get_by_label("Why").fill("rockets it was")
    whole(page, ".kept-history")
    back.get_by_role("button", name="Take back").click()
    expect(page.locator(".kept-mark")).to_have_text("taken back")
    expect(page.locator(".messagelist")).to_contain_text(f"Taken back: {event.public_id}")
    if shots := os.environ.get("SCREENSHOTS"):
        page.screenshot(
            path=f"{shots}/history-{len(options)}-{'-'.join(options)}.png", full_page=True
        )
    event.refresh_from_db()
    assert (event.title, event.summary) == ("Rockets hit the base", "")


def test_changes_are_listed_and_exported(browse, whole):
    make.published(title="Rockets hit the base")
    page = browse("ana", "/admin/core/change/")
    expect(page.locator("#result_list")).to_contain_text("added: public id")
    page.get_by_role("link", name="Export").click()
    whole(page, ".kept-export")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    with open(download.value.path()) as file:
        assert "Rockets hit the base" in file.read()
