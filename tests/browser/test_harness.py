"""The harness itself: it must notice what it promises to notice."""

from typing import Any

import pytest

from tests.browser.conftest import OpenPage, Watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_page_of_the_live_server_opens(open_page: OpenPage) -> None:
    page = open_page("/")
    assert page.title() != ""


def test_console_errors_foreign_hosts_and_failed_answers_are_noticed(
    open_page: OpenPage, watch: Watch, live_server: Any
) -> None:
    page = open_page("/")
    page.evaluate("console.error('planted')")
    page.evaluate("fetch('/no-such-page')")
    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => null)")
    page.wait_for_timeout(300)
    noticed = "\n".join(watch.faults)
    assert "planted" in noticed
    assert "404" in noticed
    assert "elsewhere.invalid" in noticed
    watch.faults.clear()


def test_sideways_scrolling_is_noticed(open_page: OpenPage, too_wide: Any) -> None:
    page = open_page("/")
    page.evaluate("document.querySelector('main').style.width = '3000px'")
    assert too_wide(page) != []
