"""The event page in Chromium: accessible, narrow, dark, without script, by keyboard."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from apps.events.models import Decision, Event, Link, Standing
from tests.browser.conftest import PHONE
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_evidence,
    make_place,
    make_quote,
    make_timeline,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "A drone strike killed the general near the airport early on Friday."
LONG = "Coordinating-Committee-of-the-Iraqi-Resistance-and-of-nobody-else"


@pytest.fixture
def event(live_server) -> Event:
    """An event with something in every part of its page."""
    by, at = make_actor("us-mil", name="US armed forces"), make_actor("irgc", name=LONG)
    event = make_event(
        "US drone kills the general at Baghdad airport",
        summary="The convoy was hit on the road out of the airport.",
        by=[by],
        at=[at],
        mode="drone",
        place=make_place(),
        geo_precision="site",
        date_note="Friday in Baghdad, still Thursday in Washington.",
        wounded=11,
        wounded_low=0,
        wounded_high=11,
        headline_rule="wounded: latest official figure",
        contested=True,
    )
    version = make_article(
        f"BAGHDAD (AP) - {SENTENCE} Crowds gathered.", title="The general is dead"
    )
    evidence = make_quote(event, version, SENTENCE)
    make_evidence(event, url="https://example.org/a-report", stance="contradicts")
    for day, number in ((8, 0), (17, 11)):
        make_claim(
            event,
            by,
            field="wounded",
            number=number,
            evidence=evidence,
            known_at=datetime(2020, 1, day, tzinfo=UTC),
            said_from=date(2020, 1, day),
            said_to=date(2020, 1, day),
        )
    make_claim(event, at, field="occurrence", act="denies", value="that it happened as told")
    answer = make_event("The answer", start=date(2020, 1, 8))
    Link.objects.create(
        source=answer, target=event, kind="retaliates_for", standing=Standing.PUBLISHED
    )
    Decision.objects.create(
        event=event, by_label="dossier us-iran-2020", action="load", reason="loaded"
    )
    make_timeline(actors=[by])
    return event


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"]
)
def test_it_is_accessible_and_never_wider_than_the_window(
    event, open_page, axe_faults, too_wide, scheme, viewport
):
    page = open_page(event.get_absolute_url(), color_scheme=scheme, viewport=viewport)
    assert axe_faults(page) == []
    assert too_wide(page) == []


def test_headings_go_down_one_level_at_a_time(event, open_page):
    page = open_page(event.get_absolute_url())
    levels = [
        int(tag[1])
        for tag in page.eval_on_selector_all(
            "main :is(h1,h2,h3,h4)", "all => all.map(e => e.tagName)"
        )
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_it_reads_the_same_without_script(event, open_page):
    with_script = open_page(event.get_absolute_url()).inner_text("main")
    without = open_page(event.get_absolute_url(), java_script_enabled=False).inner_text("main")
    assert with_script == without


def test_from_the_sentence_to_its_place_in_the_article_and_back_to_the_event(event, open_page):
    page = open_page(event.get_absolute_url())
    page.click("figure.quote figcaption a")
    page.wait_for_url(re.compile(r"/articles/\d+/#c\d+-\d+$"))
    assert page.inner_text("mark:target") == SENTENCE
    page.click(f'ol.notes a:has-text("{event.title}")')
    page.wait_for_url(f"**{event.get_absolute_url()}")


def test_the_keyboard_reaches_the_content_and_every_link_with_visible_focus(event, open_page):
    page = open_page(event.get_absolute_url())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    links = page.locator("main a").count()
    reached = set()
    for _ in range(links + 10):
        reached.add(page.evaluate("document.activeElement.getAttribute('href')"))
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert page.evaluate("document.activeElement === document.body") or width != "0px"
        page.keyboard.press("Tab")
    wanted = set(page.eval_on_selector_all("main a", "all => all.map(a => a.getAttribute('href'))"))
    assert wanted <= reached


def test_on_paper_everything_stands_and_nothing_is_cut(event, open_page, too_wide):
    page = open_page(event.get_absolute_url(), viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    for words in (
        "Who says what",
        "Evidence",
        "History of this entry",
        "What it weighs in the index",
    ):
        assert page.get_by_role("heading", name=words).is_visible()
    assert too_wide(page) == []


@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"]
)
def test_the_page_for_what_is_not_there_is_accessible(
    live_server, open_page, watch, axe_faults, too_wide, viewport
):
    watch.expected_statuses.add(404)
    page = open_page("/events/NOT-THERE/", viewport=viewport)
    assert axe_faults(page) == []
    assert too_wide(page) == []
    page.click("main a.button-primary")
    page.wait_for_url("**/")


@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"]
)
def test_the_methodology_is_accessible(live_server, open_page, axe_faults, too_wide, viewport):
    page = open_page("/methodology/", viewport=viewport)
    assert axe_faults(page) == []
    assert too_wide(page) == []
    for link in page.locator("nav.contents a").all():
        assert page.locator(link.get_attribute("href")).count() == 1
