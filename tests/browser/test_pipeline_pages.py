"""The Pipeline page and the page of what changed between versions, in Chromium."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.articles.models import ArticleVersion, IntakeBatch, IntakeItem
from apps.sources.models import Feed, Source
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_article, make_event, make_quote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWPORTS = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
REASON = "https://news.example/an/address/without/any/break/{} could not be fetched: the server answered 503."
HIT = "Three soldiers were killed when rockets hit the camp on Friday."


def rows(number: int, **values) -> None:
    batch = IntakeBatch.objects.create(label="a batch")
    IntakeItem.objects.bulk_create(
        IntakeItem(batch=batch, label=f"item {n}", **values) for n in range(number)
    )


@pytest.fixture
def stages(live_server):
    """Rows that wait, run, failed and are done, in more than one stage."""
    now = timezone.now()
    rows(1204, next_try_at=now - timedelta(hours=3))
    rows(2, status="running", started_at=now)
    rows(31, status="failed", error=REASON.format(1))
    rows(
        4, status="quarantined", error="The worker died or was stopped each time it worked on this."
    )
    for minutes in range(60):
        done = now - timedelta(minutes=minutes)
        rows(40 - abs(minutes - 25), status="done", finished_at=done)
    source = Source.objects.create(slug="s", name="S")
    Feed.objects.create(
        source=source,
        url="https://s.example/feed",
        active=True,
        failures=3,
        last_error="It is dead.",
    )
    make_article("Nobody has read this yet.")


@pytest.fixture
def open_as_operator(open_page):
    """Return `open_page` for somebody who is logged in."""

    def open_one(path: str, **options):
        client = Client()
        user, _ = User.objects.get_or_create(
            username="root", is_staff=True, is_superuser=True, is_active=True
        )
        client.force_login(user)
        page = open_page("/healthz", **options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        address = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": page.url}
        page.context.add_cookies([address])
        page.goto(path)
        return page

    return open_one


@VIEWPORTS
@SCHEMES
def test_the_pipeline_is_accessible_and_never_wider_than_the_window(
    stages, open_as_operator, axe_faults, too_wide, viewport, scheme
):
    page = open_as_operator(reverse("admin:pipeline"), viewport=viewport, color_scheme=scheme)
    expect(page.locator(".pipe-table")).to_contain_text("1,204")
    assert axe_faults(page) == []
    assert too_wide(page) == []


def test_figures_come_up_to_date_by_themselves_but_not_under_the_user_s_hand(
    stages, open_as_operator
):
    page = open_as_operator(reverse("admin:pipeline"))
    IntakeItem.objects.filter(status="quarantined").update(error="Another reason by now.")
    refresh = "htmx.trigger('#pipeline-live', 'pipeline:refresh')"
    page.evaluate(refresh)
    expect(page.locator(".pipe-reasons").first).to_be_visible()
    expect(page.locator("#pipeline-live")).to_contain_text("Another reason by now.")


def test_what_is_set_aside_is_released_without_script(stages, open_as_operator):
    page = open_as_operator(reverse("admin:pipeline"), java_script_enabled=False)
    page.get_by_role("button", name="Release: Intake items").click()
    expect(page.locator("body")).to_contain_text("4 intake items will be worked on again")
    expect(page.locator(".pipe-recent")).to_contain_text("root: Released what was set aside")


def test_a_server_that_does_not_answer_is_told(stages, open_as_operator, watch):
    page = open_as_operator(reverse("admin:pipeline"))
    watch.expected_statuses.add(503)
    watch.expected_words = ("Response Status Error Code 503",)
    page.route("**/admin/pipeline/", lambda route: route.fulfill(status=503))
    page.evaluate("htmx.trigger('#pipeline-live', 'pipeline:refresh')")
    expect(page.locator("#pipeline-stale")).to_be_visible()


@pytest.fixture
def versions(live_server) -> ArticleVersion:
    """An article whose second version says something else in silence."""
    same = [f"Paragraph {n} tells what is known of it, and who says so." for n in range(9)]
    first = make_article("\n".join([HIT, *same]), title="Rockets hit camp")
    make_quote(make_event(), first, HIT)
    later = [*same[:4], "The ministry said no more.", *same[5:], HIT.replace("Three", "Five")]
    text = "\n".join(later)
    ArticleVersion.objects.create(
        article=first.article,
        number=2,
        title="Rockets strike camp",
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        edit="stealth",
        edit_note="1 word removed and 1 word added.",
    )
    return first


@VIEWPORTS
@SCHEMES
def test_differences_are_accessible_and_never_wider_than_the_window(
    versions, open_page, axe_faults, too_wide, viewport, scheme
):
    address = reverse("article_differences", args=[versions.article_id])
    page = open_page(address, viewport=viewport, color_scheme=scheme)
    assert axe_faults(page) == []
    assert too_wide(page) == []


def test_versions_are_chosen_and_folds_open_without_script(versions, open_page):
    address = reverse("article_differences", args=[versions.article_id])
    page = open_page(address, java_script_enabled=False)
    folded = page.locator("details.diff-folded").first
    folded.locator("summary").click()
    expect(folded.locator("p").first).to_be_visible()
    page.select_option("select[name=from]", "1")
    page.get_by_role("button", name="Compare").click()
    assert "from=1" in page.url
    expect(page.locator(".diff-text")).to_contain_text("Five")
