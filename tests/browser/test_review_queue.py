"""The review queue in a browser: read, decided by keyboard, without JavaScript, on a phone, in the dark."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.accounts.roles import SENIOR_EDITORS
from apps.events.assemble import assemble
from apps.events.models import Event
from tests.browser.conftest import PHONE
from tests.events import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/events/event/queue/"
SENTENCE = "Katyusha rockets hit the US embassy in Baghdad on Tuesday, killing one child."


@pytest.fixture
def waiting():
    """A proposal with a claim, a known event near it, and additions to a published event."""
    for slug, country in (("us-gov", "USA"), ("iran-gov", "IRN")):
        make.actor(slug, country=country)
    place = make.place()
    make.published(
        "USIR-20201118-1", title="Rockets on the embassy", start=date(2020, 11, 30),
        targets=("us-gov",), place=place,
    )  # fmt: skip
    text = f"BAGHDAD - {'The city was quiet before. ' * 20}{SENTENCE} {'Nobody slept. ' * 30}"
    row = make.annotation(make.version(text, title="Embassy under fire"))
    distinct = make.story_event(
        row, SENTENCE, targets=["us-gov"], place="baghdad", date_from=date(2020, 11, 17), killed=1,
        mode="heavy-weapons", why="trigger 'hit'",
    )  # fmt: skip
    make.claim_candidate(
        row, distinct.mentions.get(), SENTENCE, speaker="iran-gov", act="denies", field="responsible"
    )  # fmt: skip
    assemble(row)
    Event.objects.filter(public_id="USIR-20201118-1").update(
        start=date(2020, 11, 16), end=date(2020, 11, 16)
    )
    known = make.published("USIR-20200108-1", title="Missiles at Ain al-Asad")
    make.cited(known, "https://example.org/more", publisher="Example", why="cited by hand")


@pytest.fixture
def open_queue(open_page, waiting):
    """Return a function that logs an editor in and opens the queue."""
    user = User.objects.create_user("editor", password="secret", is_staff=True)
    user.groups.add(Group.objects.get(name=SENIOR_EDITORS))

    def open_it(**options):
        page = open_page(f"/admin/login/?next={QUEUE}", **options)
        page.fill("#id_username", "editor")
        page.fill("#id_password", "secret")
        page.click("input[type=submit]")
        page.wait_for_url(f"**{QUEUE}")
        return page

    return open_it


@pytest.fixture
def inaccessible(axe_faults, watch):
    """Return axe_faults() without the noise axe makes itself: inline styles that the policy refuses."""

    def check(page):
        assert watch.faults == []
        faults = axe_faults(page)
        watch.faults.clear()
        return faults

    return check


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_queue_is_accessible_in_light_and_dark(open_queue, inaccessible, scheme):
    page = open_queue(color_scheme=scheme)
    expect(page.locator("mark")).to_contain_text("rockets hit the US embassy")
    assert inaccessible(page) == []


def test_the_queue_fits_a_phone(open_queue, too_wide):
    page = open_queue(viewport=PHONE)
    expect(page.get_by_role("button", name="Publish")).to_be_visible()
    assert too_wide(page) == []


def test_a_proposal_is_published_by_keyboard_without_javascript(open_queue):
    page = open_queue(java_script_enabled=False)
    page.get_by_role("button", name="Publish").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("EV-20201117-1 is published.")).to_be_visible()
    assert Event.objects.public().filter(public_id="EV-20201117-1").exists()


def test_a_proposal_is_rejected_with_a_reason(open_queue):
    page = open_queue()
    card = page.locator(".queue-card", has_text="EV-20201117-1")
    card.locator(".queue-reject").get_by_label("Reason").fill("an exercise")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is rejected and will not be proposed again")).to_be_visible()


def test_a_proposal_is_merged_into_the_event_beside_it(open_queue):
    page = open_queue()
    page.get_by_role("button", name="Merge into USIR-20201118-1").click()
    expect(page.get_by_text("is merged into USIR-20201118-1.")).to_be_visible()


def test_the_history_shows_the_decision(open_queue, inaccessible):
    page = open_queue()
    page.get_by_role("button", name="Publish").click()
    event = Event.objects.get(public_id="EV-20201117-1")
    page.goto(f"/admin/events/event/{event.pk}/history/")
    expect(page.get_by_role("cell", name="published", exact=True)).to_be_visible()
    assert inaccessible(page) == []
