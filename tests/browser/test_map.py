"""The map and the network in Chromium."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.factories import make_actor, make_event, make_place, make_timeline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAP, NETWORK = "/timelines/us-iran-2020/map/", "/timelines/us-iran-2020/network/"


@pytest.fixture
def dossier(live_server):
    iran, us = make_actor("iran-gov", country="IRN"), make_actor("us-gov", country="USA")
    iraq = make_place("iraq", kind="country", lat=33, lon=44, radius_km=400)
    towns = [
        make_place(name, lat=lat, lon=lon, radius_km=10, parent=iraq)
        for name, lat, lon in (("baghdad", 33.3, 44.4), ("basra", 30.5, 47.8), ("erbil", 36.2, 44))
    ]
    for number, town in enumerate(towns * 2):
        start = date(2020, 1 + number, 8)
        make_event(
            f"Attack {number}", place=town, start=start, by=[iran], at=[us], geo_precision="city"
        )
    make_event("Somewhere", place=iraq, start=date(2020, 5, 1), by=[us], at=[iran],
               type="CONSULT", geo_precision="country")  # fmt: skip
    return make_timeline(actors=[iran, us])


@pytest.mark.parametrize("path", [MAP, f"{NETWORK}?by=iran-gov&at=us-gov"])
def test_they_are_accessible_and_never_wider_than_the_window(
    dossier, open_page, axe_faults, too_wide, path
):
    for viewport, scheme in ((PHONE, "dark"), ({"width": 1280, "height": 900}, "light")):
        page = open_page(path, viewport=viewport, color_scheme=scheme)
        assert axe_faults(page) == []
        assert too_wide(page) == []


def test_the_map_zooms_filters_and_stays_in_step_with_its_table(dossier, open_page):
    page = open_page(MAP)
    marks = page.locator(".map-marks a")
    expect(marks).to_have_count(4)
    # A line of the table shows its mark, and the mark its line.
    page.focus("#to-baghdad")
    expect(page.locator(".map-marks a.lit")).to_have_attribute("data-spots", "baghdad")
    # Nearer, by key, by wheel and by link: each is an address of its own.
    before = page.get_attribute(".map-picture", "data-box")
    page.focus("#map")
    page.keyboard.press("+")
    page.wait_for_url("**box=*")
    expect(page.locator(".map-picture")).not_to_have_attribute("data-box", before or "")
    nearer = page.get_attribute(".map-picture", "data-box")
    page.focus("#map")
    page.hover(".map-picture")
    page.mouse.wheel(0, 240)
    expect(page.locator(".map-picture")).not_to_have_attribute("data-box", nearer or "")
    # A filter keeps to the map, and the page is the one that loads cold.
    page.check("#filters input[name=type][value=CONSULT]")
    page.wait_for_url("**type=CONSULT*")
    expect(page.locator("#places tbody tr")).to_have_count(1)
    cold = open_page(page.url.replace(page.evaluate("location.origin"), ""))
    assert cold.inner_html("#places") == page.inner_html("#places")


def test_the_map_works_without_script(dossier, open_page):
    page = open_page(MAP, java_script_enabled=False)
    page.click("#map-closer")
    page.wait_for_url("**box=*")
    page.click("#map-every")
    expect(page.locator(".map-marks a")).to_have_count(4)
    page.click("#section-network")
    page.wait_for_url(re.compile("/network/"))
    page.click("#pair-iran-gov-us-gov")
    page.wait_for_url("**by=iran-gov&at=us-gov*")
    expect(page.locator("#pair li")).to_have_count(6)
