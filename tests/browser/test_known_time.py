"""The known-time clock in Chromium: replay, steps, the difference, and the pages it leads to."""

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from apps.events.decide import refresh_headline
from apps.timelines import rollups
from tests.browser.conftest import PHONE, OpenPage
from tests.factories import make_actor, make_claim, make_event, make_timeline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/timelines/us-iran-2020/"
# The wounded of Ain al-Asad as they became known.
TOLL = {(1, 8): 0, (1, 16): 11, (1, 24): 34, (1, 28): 50, (1, 30): 64, (2, 10): 109, (2, 21): 110}
MOVING = {"reduced_motion": "no-preference"}
# Notes every figure of the wounded that the list shows.
NOTE = """() => {
  window.seen = [];
  const note = () => {
    const cell = document.querySelector("#events td[data-label=wounded]");
    const figure = cell ? cell.textContent.trim() : "none";
    if (window.seen.at(-1) !== figure) window.seen.push(figure);
  };
  document.body.addEventListener("htmx:afterSettle", note);
}"""


@pytest.fixture
def attack() -> None:
    usa, iran = make_actor("us-gov", name="Pentagon"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[usa, iran])
    event = make_event("Missiles hit the base", start=date(2020, 1, 8), by=[iran], at=[usa])
    for (month, day), number in TOLL.items():
        known = datetime(2020, month, day, 18, tzinfo=UTC)
        make_claim(event, usa, field="wounded", number=number, known_at=known)
    refresh_headline(event)
    rollups.rebuild(timeline)


def wounded(page: Page) -> str:
    return page.locator("#events td[data-label=wounded]").inner_text()


def test_a_replay_shows_each_toll_in_turn_and_leaves_one_entry_in_the_history(
    open_page: OpenPage, attack: None
) -> None:
    page = open_page(PAGE, **MOVING)
    page.evaluate(NOTE)
    entries = page.evaluate("history.length")
    page.select_option("#replay-speed", label="Fast")
    page.focus("#replay")
    page.keyboard.press("Space")
    expect(page.locator("#replay")).to_have_text("Pause")
    expect(page.locator("#announce")).to_contain_text("109 wounded (64 before)", timeout=60_000)
    expect(page.locator("#announce")).to_have_text("Nothing more became known.", timeout=30_000)
    assert page.evaluate("window.seen") == [str(number) for number in TOLL.values()]
    assert page.evaluate("history.length") == entries
    assert page.url.endswith("?as_of=2020-02-21")
    expect(page.locator("#replay")).to_have_text("Replay")
    expect(page.locator("#replay")).to_be_focused()


def test_space_pauses_and_another_view_ends_the_replay(open_page: OpenPage, attack: None) -> None:
    page = open_page(PAGE, **MOVING)
    page.select_option("#replay-speed", label="Slow")
    page.focus("#replay")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("as_of=2020-01-08"))
    expect(page.locator("#announce")).not_to_be_empty()  # the view is there, not its address alone
    expect(page.locator("#replay")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#replay")).to_have_text("Replay")
    with page.expect_response(re.compile("as_of=2020-01-16")):
        page.click("#known-next")
    page.wait_for_url(re.compile("as_of=2020-01-16"))
    assert wounded(page) == "11"
    swapped = page.locator("#knowledge").inner_text()
    page.reload()
    assert page.locator("#knowledge").inner_text() == swapped


def test_who_wants_no_motion_steps(open_page: OpenPage, attack: None, axe_faults, too_wide) -> None:
    page = open_page(f"{PAGE}?as_of=2020-01-16", viewport=PHONE)
    expect(page.locator("#replay")).to_have_text("Next step")
    page.click("#replay")
    page.wait_for_url(re.compile("as_of=2020-01-24"))
    expect(page.locator("#announce")).to_contain_text("34 wounded (11 before)")
    page.click("text=Difference to today")
    expect(page.locator("#difference")).to_contain_text("110")
    assert axe_faults(page) == []


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "color_scheme": "dark"}])
def test_changes_and_comparison_are_clean_and_fit(
    open_page: OpenPage, attack: None, axe_faults, too_wide, options
) -> None:
    page = open_page(f"{PAGE}changes/?since=2020-01-01&as_of=2020-02-01", **options)
    expect(page.locator(".change-new, .change-corrected").first).to_be_visible()
    for path in ("difference/?as_of=2020-01-20", "compare/?b=us-iran-2020&b_from=2020-01-05"):
        assert axe_faults(page) == []
        assert too_wide(page) == []
        page.goto(PAGE + path)
    expect(page.locator(".overlay-line")).to_have_count(2)
    assert axe_faults(page) == []
    assert too_wide(page) == []


def test_without_javascript_the_clock_steps_and_tells_the_difference(
    open_page: OpenPage, attack: None
) -> None:
    page = open_page(PAGE, java_script_enabled=False)
    assert page.locator("#replay").is_hidden()
    page.fill("#as-of-day", "2020-01-17")
    page.click("#as-of-show")
    page.wait_for_url(re.compile("as_of=2020-01-17"))
    assert wounded(page) == "11"
    page.click("#known-next")
    page.wait_for_url(re.compile("as_of=2020-01-24"))
    page.click("text=Difference to today")
    page.click("text=What became known since, on a page of its own")
    page.wait_for_url(re.compile("/difference/"))
    expect(page.locator("main")).to_contain_text("110")
