"""The index opens in Chromium: a day in the timeline and as a page; accessible, narrow, without script."""

from datetime import date

import pytest
from django.urls import reverse

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
SENTENCE = "Rockets hit the base early on Wednesday."


@pytest.fixture
def day(live_server) -> str:
    """The address of a day on which something happened, of a timeline with conflict and cooperation."""
    us, iran = make_actor("us-gov"), make_actor("iran-gov")
    timeline = make_timeline("small", actors=[us])
    make_dyad(timeline, "us-iran", [us], [iran])
    attack = make_event("The attack", by=[iran], at=[us], start=date(2020, 1, 8), killed=9)
    make_quote(attack, make_article(f"{SENTENCE} Nobody was hurt."), SENTENCE)
    make_event("Talks", by=[us], at=[iran], start=date(2020, 1, 6), type="CONSULT")
    make_event("A threat", by=[us], at=[iran], start=date(2020, 1, 5), type="THREATEN")
    return reverse("index_day", args=["small", "2020-01-08"])


def test_every_page_of_the_index_is_accessible_and_fits_a_phone(
    open_page, axe_faults, too_wide, day
):
    for path in (day, reverse("index", args=["small"]), reverse("snapshots", args=["small"])):
        for options in ({"viewport": PHONE}, {"color_scheme": "dark"}):
            page = open_page(path, **options)
            assert axe_faults(page) == [], (path, options)
            assert too_wide(page) == [], (path, options)


def test_a_day_opens_in_the_timeline_by_keyboard_and_closes_again(open_page, axe_faults, day):
    page = open_page(reverse("timeline", args=["small"]))
    page.locator("#day-asked").fill("2020-01-08")
    page.locator("#day-asked").press("Enter")
    page.wait_for_url("**day=2020-01-08**")
    panel = page.locator("#day")
    panel.get_by_text("What it is made of").wait_for()
    assert panel.locator(".maker details[open]").count() == 1
    threat = panel.locator("summary", has_text="A threat")
    threat.focus()
    threat.press("Enter")
    assert panel.locator(".maker details[open]").count() == 2
    assert axe_faults(page) == []
    panel.locator("#close-day").click()
    page.locator("#day").wait_for(state="detached")
    assert "day=" not in page.url


def test_without_script_and_on_paper_a_day_is_whole(open_page, day):
    page = open_page(day, java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.get_by_text(SENTENCE).is_visible()
    assert page.get_by_text("Open the event").first.is_visible()
    assert not page.locator("#day-before").is_visible()
    assert page.locator(".maker-body").count() == 3
