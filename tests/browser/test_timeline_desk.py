"""What an analyst does with the chart and the list: keys, brush, jumps, lanes, links, order, pictures."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.events.models import Link
from apps.timelines.queries import timeline as reading
from tests.browser.conftest import OpenPage
from tests.browser.test_timeline import (
    PAGE,
    Dossier,
    address,
    dossier,
    drawn,
    settled,
    titles,
    view_of,
)
from tests.factories import make_timeline

__all__ = ["dossier"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def days(page: Page) -> tuple[str, str]:
    view = page.locator("#view")
    return str(view.get_attribute("data-from")), str(view.get_attribute("data-to"))


def linked(dossier: Dossier) -> None:
    Link.objects.create(
        source=dossier.threat,
        target=dossier.strike,
        kind=Link.Kind.RESPONDS_TO,
        standing="published",
    )


def arcs(page: Page) -> int:
    """How many arcs are drawn: each has one head."""
    page.locator("#plot.js-plotly-plot").wait_for()
    settled(page)
    return page.evaluate(
        """() => document.getElementById('plot').data.filter(t => t.name === 'arcs')
            .flatMap(t => t.marker.size).filter(Boolean).length"""
    )


def test_one_letter_does_what_a_button_does_but_not_while_typing(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    for key, changed in (("+", "from="), ("0", "from=2018-05-01"), ("l", "lanes=actor")):
        with page.expect_response(lambda answer, changed=changed: changed in answer.url):
            page.keyboard.press(key)
        page.wait_for_url(f"**{changed}*")
    page.keyboard.press("j")
    expect(page.locator("#jump")).to_be_focused()
    page.locator("#q").focus()
    page.keyboard.type("l+0?")
    expect(page.locator("#q")).to_have_value("l+0?")
    expect(page.locator("#keys-help")).to_be_hidden()
    assert "lanes=actor" in page.url


def test_help_lists_the_keys_and_switches_them_off(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.keyboard.press("?")
    dialog = page.locator("#keys-help")
    expect(dialog).to_be_visible()
    assert dialog.locator("kbd").count() > 12
    dialog.get_by_label("Keys of one letter").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("l")
    page.keyboard.press("?")
    page.reload()
    drawn(page)
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(dialog).to_be_hidden()
    assert address(page) == ""
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator("#help-open").click()
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Keys of one letter")).not_to_be_checked()


def test_the_chart_is_walked_and_moved_by_keys(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(f"{PAGE}?from=2020-01-01&to=2020-06-30")
    drawn(page)
    page.locator("#chart-keys").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#plot .hovertext")).to_contain_text("A strike")
    expect(page.locator("#announce")).to_contain_text("A strike")
    expect(page.locator("#events tr.lit")).to_contain_text("A strike")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#announce")).to_contain_text("A threat")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h2")).to_have_text("A threat")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_have_count(0)
    page.locator("#chart-keys").focus()
    page.keyboard.press("Home")
    page.wait_for_url("**from=2018-05-08*")
    expect(page.locator("#events .what")).to_contain_text(["The run-up"])
    expect(page.locator("#chart-keys")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**from=2018-08*")


def test_the_window_of_the_overview_is_stretched_by_keys_and_pulled_by_hand(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    start = page.locator("#brush-from")
    assert start.get_attribute("aria-valuetext") == "1 January 2020"
    start.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert start.get_attribute("aria-valuetext") == "3 January 2020"
    page.wait_for_url("**from=2020-01-03*")
    expect(start).to_be_focused()
    window = page.locator("#brush-window").bounding_box()
    assert window
    middle, row = window["x"] + window["width"] / 2, window["y"] + window["height"] / 2
    page.mouse.move(middle, row)
    page.mouse.down()
    page.mouse.move(0, row, steps=6)
    page.mouse.up()
    page.wait_for_url("**from=2018-05-01*")
    expect(page.locator("#events .what")).to_contain_text(["The run-up"])


def test_a_day_of_the_index_opens_by_a_click(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(f"{PAGE}?from=2020-01-01&to=2020-01-31")
    drawn(page)
    box = page.locator("#plot .nsewdrag").first.bounding_box()
    assert box
    where = page.evaluate(
        """() => { const p = document.getElementById('plot')._fullLayout;
            const t = document.getElementById('plot').data.find(t => t.meta === 'index');
            return [p.xaxis.d2p(t.x[9]), p.yaxis.d2p(t.y[9])]; }"""
    )
    page.mouse.move(box["x"] + where[0] - 4, box["y"] + where[1])
    page.mouse.move(box["x"] + where[0], box["y"] + where[1])
    expect(page.locator("#plot .hovertext")).to_contain_text("10 January 2020")
    page.mouse.click(box["x"] + where[0], box["y"] + where[1])
    page.wait_for_url("**day=2020-01-10*")


def test_lanes_switch_and_links_are_drawn_on_demand(open_page: OpenPage, dossier: Dossier) -> None:
    linked(dossier)
    page = open_page(PAGE)
    drawn(page)
    assert arcs(page) == 0
    page.locator("#lanes-type").click()
    page.wait_for_url("**lanes=type")
    labels = page.locator("#plot .annotation-text")
    expect(labels.first).to_contain_text("Assault")
    expect(page.locator("#lanes-type")).to_have_attribute("aria-current", "true")
    page.keyboard.press("a")
    page.wait_for_url("**arcs=1*")
    expect(page.locator("#arcs-toggle")).to_have_text("Hide links")
    assert arcs(page) == 1
    cold = open_page(f"{PAGE}?{address(page)}")
    drawn(cold)
    assert view_of(cold) == view_of(page)
    opened = open_page(f"{PAGE}?event={dossier.strike.public_id}")
    drawn(opened)
    assert arcs(opened) == 1


def test_a_counted_mark_opens_on_its_days(
    open_page: OpenPage, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_MARKS", 2)
    page = open_page(PAGE)
    drawn(page)
    expect(page.locator("#plot .bartext").first).to_have_text("1")
    page.locator("#chart-keys").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#announce")).to_contain_text("1 event")
    page.keyboard.press("Enter")
    page.wait_for_url("**from=2020-01-0*")
    expect(page.locator("#results")).to_have_text("1 event")
    page.go_back()
    expect(page.locator("#results")).to_have_text("3 events")
    settled(page)  # until then the chart has the marks of the view before
    # The talks are drawn first: marks come by class.
    page.locator("#plot .bars .point path").first.click(force=True)
    page.wait_for_url("**from=2020-06-*")


def test_the_list_sorts_by_its_heads_and_is_walked_by_keys(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE)
    drawn(page)
    heads = page.locator("#events thead th")
    expect(heads.first).to_have_attribute("aria-sort", "ascending")
    page.locator("#sort-severity").click()
    page.wait_for_url("**sort=-severity")
    assert titles(page) == ["A strike", "A threat", "A week of talks"]
    expect(page.locator("#sort-severity")).to_be_focused()
    page.locator("#sort-severity").click()
    page.wait_for_url("**sort=severity")
    assert titles(page) == ["A week of talks", "A threat", "A strike"]
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#events .severity").last).to_contain_text(re.compile(r"\+.*−"))
    page.locator(f"#e-{dossier.talks.public_id}").focus()
    page.keyboard.press("End")
    expect(page.locator(f"#e-{dossier.strike.public_id}")).to_be_focused()
    expect(page.locator("#plot .hovertext")).to_contain_text("A strike")
    page.keyboard.press("PageUp")
    expect(page.locator(f"#e-{dossier.talks.public_id}")).to_be_focused()


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_chart_is_saved_as_a_picture_that_says_what_it_shows(
    open_page: OpenPage, dossier: Dossier, tmp_path: Path, kind: str
) -> None:
    page = open_page(f"{PAGE}?from=2020-01-01&to=2020-01-31&as_of=2020-01-20")
    drawn(page)
    with page.expect_download() as download:
        page.locator(f"#save-{kind}").click()
    assert (
        download.value.suggested_filename
        == f"us-iran-2020-2020-01-01-2020-01-31-as-of-2020-01-20.{kind}"
    )
    path = tmp_path / "picture"
    download.value.save_as(path)
    if kind == "png":
        assert path.read_bytes().startswith(b"\x89PNG")
        return
    text = path.read_text()
    for words in (
        "United States and Iran, 2020",
        "1 January 2020 – 31 January 2020",
        "as known on 20 January 2020",
        "from=2020-01-01",
        "Licence: not stated",
        "Tension index T1",
    ):
        assert words in text, words


def test_a_long_answer_shows_that_it_is_on_its_way(open_page: OpenPage, dossier: Dossier) -> None:
    page = open_page(PAGE)
    drawn(page)
    page.route("**/*from=*", lambda route: (page.wait_for_timeout(900), route.continue_()))
    page.locator("#step-closer").click()
    expect(page.locator("#progress")).to_have_css("opacity", "1")
    page.wait_for_url("**from=*")
    expect(page.locator("#progress")).to_have_css("opacity", "0")


def test_without_scripts_jumps_lanes_order_and_links_are_plain_links(
    open_page: OpenPage, dossier: Dossier
) -> None:
    page = open_page(PAGE, java_script_enabled=False)
    page.locator("#step-first").click()
    assert "from=2018-05-08" in page.url
    page.locator("#jump").fill("2020-06-10")
    page.locator("#jump-go").click()
    assert days(page)[0] <= "2020-06-10" <= days(page)[1]
    page.locator("#lanes-place").click()
    assert "lanes=place" in page.url
    page.locator("#sort-event").click()
    assert "sort=event" in page.url
    expect(page.locator("#save-png")).to_be_hidden()
    expect(page.locator("#brush-from")).to_be_hidden()


def test_a_wall_shows_the_list_beside_the_chart(
    open_page: OpenPage, dossier: Dossier, axe_faults: Any, too_wide: Any
) -> None:
    page = open_page(PAGE, viewport={"width": 2560, "height": 1300})
    drawn(page)
    chart, table = (page.locator(name).bounding_box() for name in ("figure.chart", "#events"))
    assert chart
    assert table
    assert table["x"] > chart["x"] + chart["width"]
    assert too_wide(page) == []
    page.locator("#help-open").click()
    assert axe_faults(page) == []


def test_today_has_a_button_where_it_lies_in_the_timeline(open_page: OpenPage) -> None:
    make_timeline(end=date(2099, 12, 31), focus_start=None, focus_end=None)
    page = open_page(f"{PAGE}?from=2018-05-01&to=2018-06-30")
    drawn(page)
    page.keyboard.press("t")
    page.wait_for_url(lambda address: "from=2018-05-01" not in address)
    start, end = days(page)
    assert start <= date.today().isoformat() <= end  # noqa: DTZ011  # the browser's day
