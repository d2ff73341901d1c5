"""A view in a page of another site; the page with the code; the API's reference."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from apps.timelines import rollups
from tests.browser.conftest import PHONE
from tests.factories import make_actor, make_dyad, make_event, make_timeline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRAME = "/embed/timelines/us-iran-2020/"
EMBED = "/timelines/us-iran-2020/embed/"


@pytest.fixture
def timeline():
    us, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[us, iran], licence="CC BY 4.0")
    make_dyad(timeline, "us-iran", [us], [iran])
    for day in range(1, 12):
        make_event(f"The attack {day}", start=date(2020, 1, day), by=[iran], at=[us])
    rollups.rebuild(timeline)
    return timeline


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of another site that serves it."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_another_site_shows_the_frame_and_no_other_page(chromium, live_server, timeline, elsewhere):
    folder, site = elsewhere
    (folder / "page.html").write_text(
        f'<iframe id="small" src="{live_server.url}{FRAME}" width="600" height="420"></iframe>'
        f'<iframe id="whole" src="{live_server.url}/timelines/us-iran-2020/"></iframe>'
    )
    page = chromium.new_page()
    page.goto(f"{site}/page.html")
    page.frame_locator("#small").get_by_role("link", name=timeline.title).wait_for()
    assert page.frame_locator("#whole").get_by_role("link", name="Tensionline").count() == 0
    assert page.context.cookies() == []
    page.close()


def test_the_frame_fits_its_room_and_breaks_no_rule(open_page, timeline, axe_faults):
    for width, height, theme in ((300, 200, "dark"), (600, 420, "light"), (900, 640, "dark")):
        page = open_page(
            f"{FRAME}?theme={theme}",
            viewport={"width": width, "height": height},
            java_script_enabled=True,
        )
        room = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert room == [width, height]
        assert page.locator(".list").is_visible() is (height > 600)
        assert axe_faults(page) == []


def test_a_choice_of_size_and_colours_shows_at_once(open_page, timeline, axe_faults, too_wide):
    page = open_page(f"{EMBED}?type=ASSAULT")
    with page.expect_navigation():
        page.get_by_label("Small").check()
    with page.expect_navigation():
        page.get_by_label("Dark").check()
    assert 'width="320"' in page.locator("#embed-code").input_value()
    frame = page.frame_locator("iframe")
    assert frame.locator("html").get_attribute("data-theme") == "dark"
    assert "type=ASSAULT" in page.locator("#embed-code").input_value()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("status").filter(has_text="cop").wait_for()
    assert axe_faults(page) == []
    narrow = open_page(EMBED, viewport=PHONE, java_script_enabled=False)
    assert narrow.get_by_role("button", name="Copy").count() == 0
    assert too_wide(narrow) == []


def test_the_reference_reads_well_and_leads_everywhere(open_page, timeline, axe_faults, too_wide):
    page = open_page("/api/v1/docs")
    assert axe_faults(page) == []
    broken = page.evaluate(
        """() => [...document.querySelectorAll('main a[href^="#"]')]
            .map(a => a.getAttribute('href').slice(1)).filter(id => !document.getElementById(id))"""
    )
    assert broken == []
    dark = open_page("/api/v1/docs", viewport=PHONE, color_scheme="dark")
    assert too_wide(dark) == []
    assert axe_faults(dark) == []
