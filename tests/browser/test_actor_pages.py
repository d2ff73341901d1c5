"""The list of actors and an actor's page in Chromium."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from apps.actors.models import Actor, Alias, Role
from tests.browser.conftest import PHONE
from tests.factories import make_actor, make_claim, make_event, relate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def actor(live_server) -> Actor:
    """An actor with names, roles, relations, events and claims among others."""
    force = make_actor("quds", name="Quds Force", kind="armed_forces", country="IRN")
    Alias.objects.create(actor=force, name="Niru-ye Qods", kind="transliteration")
    leader = make_actor("ghaani", name="Esmail Ghaani", kind="person", country="IRN")
    Role.objects.create(
        person=leader, title="commander", organisation=force, since=date(2020, 1, 3)
    )
    for number in range(9):
        relate(
            make_actor(
                f"group-{number}",
                name=f"Brigade of the Faithful number {number}",
                kind="armed_group",
            ),
            "part_of",
            force,
            disputed=number == 0,
            until=date(2019, 1, 1) if number == 1 else None,
        )
    us = make_actor("us-mil", name="US armed forces", country="USA")
    for month in (1, 2, 5):
        make_claim(
            make_event(
                f"Rockets of month {month}", start=date(2020, month, 3), by=[force], at=[us]
            ),
            force,
        )
    make_event("A meeting", start=date(2020, 3, 3), type="CONSULT", by=[force])
    return force


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"]
)
@pytest.mark.parametrize("path", ["/actors/", "/actors/quds/", "/actors/?q=nobody"])
def test_they_are_accessible_and_never_wider_than_the_window(
    actor, open_page, axe_faults, too_wide, path, scheme, viewport
):
    page = open_page(path, color_scheme=scheme, viewport=viewport)
    assert axe_faults(page) == []
    assert too_wide(page) == []


def test_typing_a_name_narrows_the_list_and_the_address_follows(actor, open_page):
    page = open_page("/actors/")
    page.fill("#actor-q", "qods")
    page.wait_for_url("**/actors/?q=qods*")
    expect(page.locator("#actor-list tbody tr")).to_have_count(1)
    assert page.inner_text("#actor-list tbody th") == "Quds Force"
    cold = open_page(page.url.replace(page.evaluate("location.origin"), ""))
    assert cold.inner_html("#actor-list") == page.inner_html("#actor-list")


def test_back_returns_to_the_whole_list_with_an_empty_field(actor, open_page):
    page = open_page("/actors/")
    rows = page.locator("#actor-list tbody tr")
    everybody = rows.count()
    page.select_option("#actor-country", "USA")
    page.wait_for_url("**country=USA*")
    expect(rows).to_have_count(1)
    page.go_back()
    expect(rows).to_have_count(everybody)
    assert page.input_value("#actor-country") == ""


def test_the_list_is_searched_without_script(actor, open_page):
    page = open_page("/actors/", java_script_enabled=False)
    page.fill("#actor-q", "ghaani")
    page.press("#actor-q", "Enter")
    page.wait_for_url("**q=ghaani*")
    assert page.inner_text("#actor-list tbody").startswith("Esmail Ghaani")


def test_the_network_shows_every_name_inside_the_picture(actor, open_page):
    page = open_page("/actors/quds/")
    picture = page.locator(".network svg").bounding_box()
    assert picture is not None
    boxes = [label.bounding_box() for label in page.locator(".network .node-label").all()]
    assert len(boxes) == 9
    for box in boxes:
        assert box is not None
        assert box["x"] >= picture["x"]
        assert box["x"] + box["width"] <= picture["x"] + picture["width"]
    overlaps = [
        (a, b)
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
        if a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] + 2 < b["y"] + b["height"]
        and b["y"] + 2 < a["y"] + a["height"]
    ]
    assert overlaps == []


def test_the_keyboard_passes_the_picture_by_and_finds_the_same_names_in_the_list(actor, open_page):
    page = open_page("/actors/quds/")
    in_picture = page.locator(".network a").count()
    assert page.locator(".network a[tabindex='-1']").count() == in_picture
    assert page.locator(".relations a").count() == in_picture
    page.focus(".relations a >> nth=0")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/actors/group-\d/$"))
    expect(page.locator("h1")).to_contain_text("Brigade of the Faithful")
