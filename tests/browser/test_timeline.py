"""The timeline page in Chromium: chart, list, filters and address move together."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from apps.actors.models import Actor
from apps.events.models import Event
from apps.timelines import rollups
from tests.browser.conftest import PHONE, OpenPage, Watch
from tests.factories import make_actor, make_dyad, make_event, make_timeline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/timelines/us-iran-2020/"


@dataclass
class Dossier:
    usa: Actor
    iran: Actor
    strike: Event
    threat: Event
    talks: Event


@pytest.fixture
def dossier() -> Dossier:
    usa, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    iraq = make_actor("iraq-gov", name="Iraq")
    timeline = make_timeline(actors=[usa, iran], description="A year of tension.")
    make_dyad(timeline, "us-iran", [usa], [iran], label="United States – Iran", position=1)
    make_dyad(timeline, "us-iraq", [usa], [iraq], label="United States – Iraq", position=2)
    day = date(2020, 1, 3)
    found = Dossier(
        usa,
        iran,
        make_event(
            "A strike", start=day, by=[usa], at=[iran], killed=10, killed_low=5, killed_high=10
        ),
        make_event(
            "A threat", start=date(2020, 3, 1), type="THREATEN", by=[iran], at=[usa], contested=True
        ),
        make_event(
            "A week of talks",
            start=date(2020, 6, 8),
            end=date(2020, 6, 14),
            precision="week",
            type="CONSULT",
            by=[usa],
            at=[iraq],
        ),
    )
    make_event("The run-up", start=date(2018, 5, 8), by=[usa], at=[iran])
    rollups.rebuild(timeline)
    return found


def drawn(page: Page) -> None:
    """Turn to the chart, and wait until plotly.js has drawn it in the picture's place."""
    page.locator("html.js").wait_for()
    page.locator("#chart-keys").dispatch_event("pointerover")
    expect(page.locator("#plot .main-svg").first).to_be_visible()


def settled(page: Page) -> None:
    """Wait until the page asks for nothing and has nothing left to draw: text, list, chart come one by one."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, [aria-busy=true]')")


def marks(page: Page) -> int:
    settled(page)
    return page.locator("#plot .bars .point").count()


def titles(page: Page) -> list[str]:
    settled(page)
    return page.locator("#events .what a").all_inner_texts()


def address(page: Page) -> str:
    settled(page)
    return page.url.partition("?")[2]


def test_the_page_draws_the_index_the_lanes_and_a_mark_for_each_event(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    assert marks(page) == 3
    assert titles(page) == ["A strike", "A threat", "A week of talks"]
    labels = page.locator("#plot .annotation-text").all_text_contents()
    assert [re.sub(r"\s+", " ", label) for label in labels] == [
        "United States – Iran 2",
        "United States – Iraq 1",
    ]
    assert page.locator("#plot .subplot.xy .scatterlayer .trace").count() == 3
    # The week of talks is told apart by its brackets: on some day of that week.
    assert page.locator("#plot .subplot.xy2 .scatterlayer .trace").count() == 1


def test_a_filter_changes_address_list_chart_chips_and_counts_together(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.get_by_label("Threaten").check()
    expect(page.locator("#results")).to_have_text("1 event")
    assert address(page) == "type=THREATEN"
    assert titles(page) == ["A threat"]
    assert marks(page) == 1
    expect(page.locator(".chip")).to_contain_text("Threaten")
    expect(page.locator("label", has_text="United States – Iraq")).to_have_count(0)
    expect(page.locator("#announce")).to_contain_text("1 event")
    assert page.evaluate("document.activeElement.id") == "type-THREATEN"


def test_back_and_forward_show_what_was_there(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.get_by_label("Threaten").check()
    expect(page.locator("#results")).to_have_text("1 event")
    page.get_by_label("Contested only").check()
    page.wait_for_url("**contested=1")
    page.go_back()
    page.go_back()
    expect(page.locator("#results")).to_have_text("3 events")
    drawn(page)
    assert address(page) == ""
    assert marks(page) == 3
    expect(page.get_by_label("Threaten")).not_to_be_checked()
    page.go_forward()
    expect(page.locator("#results")).to_have_text("1 event")
    assert marks(page) == 1


def test_a_slow_answer_to_an_earlier_step_back_does_not_win(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.get_by_label("Threaten").check()
    expect(page.locator("#results")).to_have_text("1 event")
    page.get_by_label("Contested only").check()
    page.wait_for_url("**contested=1")
    page.route("**/*type=THREATEN", lambda route: (page.wait_for_timeout(800), route.continue_()))
    page.evaluate("history.back()")
    page.wait_for_timeout(100)
    page.evaluate("history.back()")
    expect(page.locator("#results")).to_have_text("3 events")
    page.wait_for_timeout(1200)
    expect(page.locator("#results")).to_have_text("3 events")
    assert address(page) == ""


def test_back_from_another_page_opens_the_whole_page(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.get_by_label("Threaten").check()
    expect(page.locator("#results")).to_have_text("1 event")
    page.get_by_role("link", name="Methodology").click()
    page.wait_for_url("**/methodology/")
    page.go_back()
    expect(page.locator("header.site-header")).to_be_visible()
    expect(page.locator("#results")).to_have_text("1 event")


def view_of(page: Page) -> str:
    """The view's markup without what the browser draws into it."""
    settled(page)
    return page.evaluate(
        """() => {
            const view = document.getElementById('view').cloneNode(true);
            view.querySelector('#plot').replaceChildren();
            for (const name of [...view.querySelector('#plot').attributes].map(a => a.name))
                if (name === 'style' || name === 'class') view.querySelector('#plot').removeAttribute(name);
            view.querySelectorAll('[class=\"\"]').forEach(e => e.removeAttribute('class'));
            view.querySelectorAll('.lit').forEach(e => e.classList.remove('lit'));
            return view.innerHTML;
        }"""
    )


def test_a_deep_link_opened_cold_is_the_page_that_was_reached_by_clicking(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.get_by_label("Assault").check()
    expect(page.locator("#results")).to_have_text("1 event")
    page.get_by_role("link", name="All since 2018").click()
    expect(page.locator("#results")).to_have_text("2 events")
    page.get_by_role("link", name="A strike").click()
    expect(page.locator("#drawer")).to_be_visible()
    cold = open_page(f"{PAGE}?{address(page)}")
    drawn(cold)
    assert view_of(cold) == view_of(page)
    assert marks(cold) == marks(page) == 2


def test_the_drawer_opens_from_list_and_chart_and_closes(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.get_by_role("link", name="A strike").click()
    expect(page.locator("#drawer h2")).to_have_text("A strike")
    assert address(page) == f"event={dossier.strike.public_id}"
    expect(page.locator("#events tr.selected")).to_contain_text("A strike")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#drawer")).to_have_count(0)
    assert address(page) == ""
    page.locator("#plot .bars .point path").last.click(force=True)
    expect(page.locator("#drawer")).to_be_visible()
    assert address(page).startswith("event=")


# What htmx writes to the console of a request that is called off or fails.
NO_ANSWER = ("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")


def test_the_text_of_an_event_comes_before_its_view_and_goes_at_once(
    open_page: OpenPage, dossier: Dossier, watch: Watch
) -> None:
    watch.expected_words = NO_ANSWER
    page = open_page(PAGE)
    drawn(page)
    held: list[Route] = []
    page.route("**/us-iran-2020/*", lambda route: held.append(route))
    page.get_by_role("link", name="A strike").click()
    expect(page.locator("#drawer h2")).to_have_text("A strike")
    expect(page.locator("#drawer")).to_have_attribute("aria-busy", "true")
    page.wait_for_function("() => document.querySelector('#progress.htmx-request')")
    # Another one before the first one's view was here: only the last view counts.
    page.get_by_role("link", name="A threat").click()
    expect(page.locator("#drawer h2")).to_have_text("A threat")
    for _ in range(2):
        while not held:
            page.wait_for_timeout(20)
        held.pop(0).continue_()
    expect(page.locator("#close-drawer")).to_be_visible()
    assert address(page) == f"event={dossier.threat.public_id}"
    expect(page.locator("#events tr.selected")).to_contain_text("A threat")
    # A filter keeps what is open, while its view is on the way too.
    page.get_by_label("Threaten").check()
    while not held:
        page.wait_for_timeout(20)
    expect(page.locator("#drawer h2")).to_be_visible()
    held.pop().continue_()
    expect(page.locator("#results")).to_have_text("1 event")
    expect(page.locator("#drawer h2")).to_have_text("A threat")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#drawer")).to_be_hidden()
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    assert address(page) == "type=THREATEN"
    expect(page.locator("#events tr.selected")).to_have_count(0)


def test_what_is_open_stays_what_the_last_view_had_open_where_none_comes(
    open_page: OpenPage, dossier: Dossier, watch: Watch
) -> None:
    watch.expected_words = NO_ANSWER
    page = open_page(f"{PAGE}?event={dossier.strike.public_id}")
    drawn(page)
    page.route("**/us-iran-2020/*", lambda route: route.abort())
    page.get_by_role("link", name="A threat").click()
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.locator("#drawer h2")).to_have_text("A strike")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#drawer h2")).to_have_text("A strike")
    assert address(page) == f"event={dossier.strike.public_id}"
    page.unroute("**/us-iran-2020/*")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#drawer")).to_have_count(0)
    assert address(page) == ""
    page.route("**/us-iran-2020/*", lambda route: route.abort())
    page.get_by_role("link", name="A threat").click()
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.locator("#drawer")).to_have_count(0)


def test_what_is_the_same_in_the_next_view_stays_as_it_is(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    row = page.locator("#events tr", has_text="A threat").element_handle()
    plot = page.locator("#plot").element_handle()
    words = "document.getElementById('picture-words').content.textContent"
    assert "Threaten" not in page.evaluate(words)
    page.get_by_label("Threaten").check()
    expect(page.locator("#results")).to_have_text("1 event")
    assert marks(page) == 1
    assert "Threaten" in page.evaluate(words)
    assert all(page.evaluate("node => node.isConnected", node) for node in (row, plot))


def test_lines_below_the_screen_come_after_the_rest(open_page: OpenPage, dossier: Dossier) -> None:
    for number in range(60):
        make_event(f"Call {number}", start=date(2020, 4, 1), type="CONSULT", by=[dossier.usa])
    page = open_page(PAGE)
    page.evaluate(
        """() => {
            window.early = [];
            const lines = () => document.querySelectorAll("#events tbody tr").length;
            document.addEventListener("htmx:afterSettle", () => early.push(lines()));
        }"""
    )
    page.get_by_label("Consult").check()
    expect(page.locator("#events tbody tr")).to_have_count(61)
    settled(page)
    [first] = page.evaluate("early")
    assert 1 <= first < 61
    cold = open_page(f"{PAGE}?{address(page)}")
    assert titles(page) == titles(cold)
    # Nobody prints half a list, and what has not come yet is no part of the view that follows.
    page.get_by_label("Assault").check()
    expect(page.locator("#results")).to_have_text("62 events")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#events tbody tr").count() == 62
    page.get_by_label("Consult").uncheck()
    expect(page.locator("#results")).to_have_text("1 event")
    settled(page)
    assert titles(page) == ["A strike"]


def test_a_line_is_a_link_that_opens_a_page_of_its_own(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    page.locator("html.js").wait_for()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="A strike").click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("#drawer h2")).to_have_text("A strike")
    assert page.locator("#drawer").count() == 0


def test_pointing_at_a_line_shows_its_mark_and_the_other_way_round(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.locator("#events tr", has_text="A threat").hover()
    expect(page.locator("#plot .hovertext")).to_contain_text("A threat")
    page.mouse.move(5, 5)
    page.locator("#plot .bars .point path").last.hover(force=True)
    expect(page.locator("#events tr.lit")).to_have_count(1)


def test_brushing_the_chart_asks_the_server_for_the_days(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    box = page.locator("#plot .nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 60, steps=8)
    page.mouse.up()
    page.wait_for_url("**from=*")
    expect(page.locator("#results")).to_have_text("2 events")
    start, end = (page.locator(name).input_value() for name in ("#from", "#to"))
    assert start < "2020-01-05"
    assert "2020-03-15" < end < "2020-04-05"
    assert address(page) == f"from={start}&to={end}"


def test_days_can_be_typed(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.locator("#from").fill("2020-02-01")
    page.wait_for_url("**from=2020-02-01*")
    expect(page.locator("#results")).to_have_text("2 events")


def test_everything_can_be_done_with_the_keyboard(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#section-timeline")).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("threat")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_have_text("1 event")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_have_text("3 events")
    page.locator(f"#e-{dossier.strike.public_id}").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#e-{dossier.threat.public_id}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"#e-{dossier.threat.public_id}")).to_be_focused()
    page.locator("#step-closer").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**from=*")
    expect(page.locator("#step-closer")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?event=OPEN&contested=1", "?q=unheard", "?type=DANCE"])
def test_no_accessibility_rule_is_broken(
    open_page: OpenPage,
    dossier: Dossier,
    axe_faults: Callable[[Page], list[str]],
    scheme: Any,
    query: str,
) -> None:
    page = open_page(PAGE + query.replace("OPEN", dossier.threat.public_id), color_scheme=scheme)
    drawn(page)
    assert axe_faults(page) == []


def test_home_breaks_no_accessibility_rule_and_leads_to_the_dossier(
    open_page: OpenPage, dossier: Dossier, axe_faults: Callable[[Page], list[str]]
) -> None:
    page = open_page("/")
    assert axe_faults(page) == []
    page.get_by_role("link", name="United States and Iran, 2020").click()
    drawn(page)


def test_a_phone_shows_all_without_scrolling_sideways(
    open_page: OpenPage,
    dossier: Dossier,
    axe_faults: Callable[[Page], list[str]],
    too_wide: Callable[[Page], list[str]],
) -> None:
    page = open_page(PAGE, viewport=PHONE, has_touch=True, is_mobile=True)
    drawn(page)
    assert too_wide(page) == []
    expect(page.locator("#filters")).to_be_hidden()
    page.locator("label.filters-label").tap()
    page.get_by_label("Threaten").check()
    expect(page.locator("#results")).to_have_text("1 event")
    expect(page.locator("#filters")).to_be_visible()
    assert too_wide(page) == []
    page.locator("label.sheet-close").tap()
    expect(page.locator("#filters")).to_be_hidden()
    page.get_by_role("link", name="A threat").tap()
    expect(page.locator("#drawer")).to_be_in_viewport()
    assert too_wide(page) == []
    assert axe_faults(page) == []
    home = open_page("/", viewport=PHONE)
    assert too_wide(home) == []


def test_the_chart_takes_the_colours_of_the_page(open_page: OpenPage, dossier: Dossier) -> None:
    line = "#plot .subplot.xy .scatterlayer .trace:last-child .js-line"
    light = open_page(PAGE)
    drawn(light)
    before = light.locator(line).evaluate("path => getComputedStyle(path).stroke")
    light.emulate_media(color_scheme="dark")
    expect(light.locator(line)).not_to_have_css("stroke", before)
    dark = open_page(PAGE, color_scheme="dark")
    drawn(dark)
    after = dark.locator(line).evaluate("path => getComputedStyle(path).stroke")
    expect(light.locator(line)).to_have_css("stroke", after)


def test_without_scripts_filters_list_and_links_work(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE, java_script_enabled=False)
    mark = page.locator(".still rect", has_text="A threat")
    assert mark.bounding_box()
    line = mark.locator("..").get_attribute("href")
    assert line
    assert page.locator(line).inner_text() == "A threat"
    page.get_by_label("Threaten").check()
    page.get_by_role("button", name="Show").click()
    assert "type=THREATEN" in page.url
    assert titles(page) == ["A threat"]
    page.get_by_role("link", name="A threat").click()
    assert page.locator("#drawer h2").inner_text() == "A threat"
    page.get_by_role("link", name="Close").click()
    page.get_by_role("link", name="Remove filter Threaten").click()
    assert len(titles(page)) == 3


def test_a_server_that_does_not_answer_is_told(
    open_page: OpenPage, dossier: Dossier, watch: Any
) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.route("**/timelines/**", lambda route: route.abort())
    page.get_by_label("Threaten").check()
    expect(page.locator("#trouble")).to_be_visible()
    watch.faults.clear()
