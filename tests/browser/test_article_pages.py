"""The article page in Chromium."""

from datetime import date

import pytest

from apps.annotations.models import Annotation, Mention
from apps.articles.models import ArticleVersion
from tests.browser.conftest import PHONE
from tests.factories import make_actor, make_article, make_event, make_place, make_quote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRIKE = "A drone strike killed the general near Baghdad on Friday."
REVENGE = "Tehran promised revenge."
TEXT = (
    "Home World https://proxy.example/a-very-long-address-without-any-break/that-could-widen/the-page\n\n"
    f"BAGHDAD (AP) - {STRIKE} Crowds gathered.\n\n" + "More was said. " * 60 + f"\n\n{REVENGE}"
)


@pytest.fixture
def version(live_server) -> ArticleVersion:
    """An article with evidence for two events, names, dates and boilerplate."""
    version = make_article(TEXT, title="The general is dead", agency="AP", project_written=True)
    make_quote(make_event("The strike"), version, STRIKE)
    make_quote(make_event("The threat", type="THREATEN"), version, REVENGE)
    annotation = Annotation.objects.create(
        article_version=version,
        pipeline_version="1",
        status="done",
        removed=[{"start": 0, "end": TEXT.index("\n"), "why": "navigation and addresses"}],
    )
    start = TEXT.index("the general near")
    for kind, at, surface, values in (
        ("actor", start, "the general", {"actor": make_actor("soleimani", kind="person")}),
        ("place", TEXT.index("Baghdad"), "Baghdad", {"place": make_place()}),
        (
            "date",
            TEXT.index("on Friday"),
            "on Friday",
            {"date_from": date(2020, 1, 3), "date_to": date(2020, 1, 3), "precision": "day"},
        ),
    ):
        Mention.objects.create(
            annotation=annotation,
            kind=kind,
            start=at,
            end=at + len(surface),
            surface=surface,
            **values,
        )
    return version


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"]
)
def test_it_is_accessible_and_never_wider_than_the_window(
    version, open_page, axe_faults, too_wide, scheme, viewport
):
    page = open_page(version.article.get_absolute_url(), color_scheme=scheme, viewport=viewport)
    page.click("details.removed summary")
    assert axe_faults(page) == []
    assert too_wide(page) == []


def test_a_link_to_a_sentence_opens_there_cold(version, open_page):
    start = TEXT.index(REVENGE)
    page = open_page(f"{version.article.get_absolute_url()}#c{start}-{start + len(REVENGE)}")
    target = page.locator("mark:target")
    assert target.inner_text() == REVENGE
    box = target.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900


def test_from_the_number_to_the_event_and_back_by_keyboard(version, open_page):
    page = open_page(version.article.get_absolute_url())
    page.focus("a.ref >> nth=1")
    page.keyboard.press("Enter")
    page.wait_for_url("**#event-2")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "The threat"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.inner_text("mark:target") == REVENGE


def test_boilerplate_is_closed_until_asked_for_even_without_script(version, open_page):
    page = open_page(version.article.get_absolute_url(), java_script_enabled=False)
    hidden = page.locator("details.removed p")
    assert not hidden.is_visible()
    page.click("details.removed summary")
    assert hidden.is_visible()


def test_kinds_of_marks_differ_by_their_line_not_by_colour_alone(version, open_page):
    page = open_page(version.article.get_absolute_url())
    lines = {
        kind: page.locator(f".article-text .m-{kind}").first.evaluate(
            "e => getComputedStyle(e).borderBottomStyle"
        )
        for kind in ("actor", "place", "date")
    }
    assert len(set(lines.values())) == 3
