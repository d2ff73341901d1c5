"""The chart as a picture in Chromium: seen at once, and in the places where plotly.js then draws."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from apps.events.models import Link
from tests.browser.conftest import PHONE, OpenPage, Watch
from tests.browser.test_timeline import (
    NO_ANSWER,
    PAGE,
    Dossier,
    address,
    dossier,
    drawn,
    settled,
    titles,
)

__all__ = ["dossier"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def boxes(page: Page, selector: str) -> list[tuple[int, ...]]:
    """Where the shapes stand in the chart: left, upper edge, right, lower edge, in pixels; in order."""
    found: list[list[float]] = page.evaluate(
        """selector => {
            const from = document.getElementById("plot").getBoundingClientRect();
            return [...document.querySelectorAll(selector)].map((shape) => {
                const box = shape.getBoundingClientRect();
                return [box.left - from.left, box.top - from.top, box.right - from.left, box.bottom - from.top];
            });
        }""",
        selector,
    )
    return sorted(tuple(round(side) for side in box) for box in found)


def apart(one: list[tuple[int, ...]], other: list[tuple[int, ...]]) -> int:
    assert len(one) == len(other) > 0
    pairs = zip(one, other, strict=True)
    return max(abs(a - b) for box, peer in pairs for a, b in zip(box, peer, strict=True))


def test_it_is_seen_before_plotly_is_asked_for_and_its_marks_open(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    assert page.locator(".still [data-key]").count() == 3
    page.locator(f".still [data-key={dossier.threat.public_id}]").dispatch_event("click")
    expect(page.locator("#drawer h2")).to_have_text("A threat")
    assert address(page) == f"event={dossier.threat.public_id}"
    expect(page.locator(".still [data-key]")).to_have_count(3)
    page.locator("#events tr", has_text="A strike").hover()
    lit = page.locator(".still .lit")
    expect(lit).to_have_attribute("data-key", dossier.strike.public_id)
    assert page.evaluate("typeof Plotly") == "undefined"


@pytest.mark.parametrize("window", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_nothing_moves_when_plotly_takes_over(
    open_page: OpenPage, dossier: Dossier, window: dict[str, Any]
) -> None:
    Link.objects.create(
        source=dossier.threat, target=dossier.strike, kind="responds_to", standing="published"
    )
    page = open_page(f"{PAGE}?arcs=1", viewport=window)
    still = boxes(page, ".still [data-key]")
    index = boxes(page, ".still path[stroke='var(--index-line)']")
    words = boxes(page, ".still-label")
    height = page.locator("#plot").bounding_box()
    drawn(page)
    assert page.locator(".still").count() == 0
    assert apart(still, boxes(page, "#plot .bars .point path")) <= 1
    assert apart(index, boxes(page, "#plot .subplot.xy .trace:last-child .js-line")) <= 2
    assert apart(words, boxes(page, "#plot .annotation-text")) <= 6
    assert page.locator("#plot").bounding_box() == height


def test_a_pointer_over_the_chart_wakes_it_and_the_next_view_stays_awake(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    page.locator("#chart-keys").hover(position={"x": 200, "y": 60})
    expect(page.locator("#plot .main-svg").first).to_be_visible()
    page.get_by_label("Threaten").check()
    expect(page.locator("#results")).to_have_text("1 event")
    assert titles(page) == ["A threat"]
    expect(page.locator("#plot .bars .point")).to_have_count(1)
    assert page.locator(".still").count() == 0


def test_where_plotly_does_not_arrive_the_picture_stays_and_the_page_says_so(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    asked = re.compile("plotly-basic")
    page.route(asked, lambda route: route.abort())
    page.locator("#chart-keys").focus()
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.locator(".still [data-key]")).to_have_count(3)
    page.unroute(asked)
    page.locator("#chart-keys").hover(position={"x": 200, "y": 60})
    expect(page.locator("#plot .main-svg").first).to_be_visible()


def test_it_takes_the_colours_of_the_page(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE)
    mark = page.locator(f".still [data-key={dossier.strike.public_id}]")
    before = mark.evaluate("rect => getComputedStyle(rect).fill")
    assert before == "rgb(168, 36, 15)"
    page.emulate_media(color_scheme="dark")
    expect(mark).not_to_have_css("fill", before)


CHART = pytest.mark.parametrize("live", [False, True], ids=["picture", "plotly.js"])
MARKS = {False: ".still [data-key]", True: "#plot .bars .point path"}


@CHART
def test_other_days_are_shown_at_once_with_the_marks_that_are_there(
    open_page: OpenPage, dossier: Dossier, live: bool
) -> None:
    page = open_page(f"{PAGE}?from=2019-12-01&to=2020-04-30")
    if live:
        drawn(page)
    words = page.locator("#plot .xtick text" if live else ".still-days text").first
    expect(words).to_be_visible()
    held: list[Route] = []
    page.route("**/us-iran-2020/*", lambda route: held.append(route))
    page.locator("html.js").wait_for()
    # The threat stands last.
    before = middle(boxes(page, MARKS[live])[-1])
    page.get_by_role("link", name="Zoom in").click()
    page.locator("#plot.stretched").wait_for()
    ahead = middle(boxes(page, MARKS[live])[-1])
    assert abs(ahead - before) > 20
    expect(words).to_be_hidden()
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    expect(page.locator("#plot.stretched")).to_have_count(0)
    settled(page)
    expect(words).to_be_visible()
    assert abs(ahead - middle(boxes(page, MARKS[live])[-1])) <= 2


def middle(box: tuple[int, ...]) -> float:
    return (box[0] + box[2]) / 2


@CHART
def test_the_days_of_the_last_view_come_back_where_no_other_comes(
    open_page: OpenPage, dossier: Dossier, watch: Watch, live: bool
) -> None:
    watch.expected_words = NO_ANSWER
    page = open_page(PAGE)
    if live:
        drawn(page)
    before = boxes(page, MARKS[live])
    page.route("**/us-iran-2020/*", lambda route: route.abort())
    page.get_by_role("link", name="Zoom in").click()
    expect(page.locator("#trouble")).to_be_visible()
    assert boxes(page, MARKS[live]) == before
    assert address(page) == ""
