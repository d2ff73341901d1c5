"""An editor's day at the review desk in a browser: decisions by key, undo, a changed source, another editor."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.accounts.roles import EDITORS, SENIOR_EDITORS
from apps.events import desk
from apps.events.models import Correction, DeskItem, Event, Evidence, Standing
from tests.browser.conftest import PHONE
from tests.events import changing, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/events/event/queue/"
BEFORE, AFTER = "The city was quiet before. \n" * 40, "\nNobody slept. " * 40


def waiting(title, sentence, **fields):
    """A proposal on the desk that rests on one sentence in the midst of an article."""
    fields = {"type": "ASSAULT", "start": date(2020, 11, 17)} | fields
    event = make.event(title=title, **fields)
    report(event, sentence)
    return event


def report(event, sentence):
    """One more article whose sentence waits as evidence for the event."""
    version = make.version(f"{BEFORE}{sentence}{AFTER}", title=f"Report on: {event.title}")
    start = version.text.index(sentence)
    row = Evidence.objects.create(
        event=event, article_version=version, start=start, end=start + len(sentence), quote=sentence,
        known_at=make.PUBLISHED_AT,
    )  # fmt: skip
    desk.refresh([event.pk])
    return row


@pytest.fixture
def at_desk(open_page):
    """Return `at_desk(name, address)`: that editor's browser, logged in and at this address."""

    def open_it(name="ana", address=QUEUE, role=SENIOR_EDITORS, **options):
        user, new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if new:
            user.set_password("secret")
            user.save()
            user.groups.add(Group.objects.get(name=role))
        page = open_page(f"/admin/login/?next={address}", **options)
        page.fill("#id_username", name)
        page.fill("#id_password", "secret")
        with page.expect_navigation():
            page.click("[type=submit]")
        page.wait_for_url(f"**{address}")
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


def title(page):
    return page.locator("#desk-title")


def said(page):
    return page.locator("#desk-status")


def ready(page):
    """Wait until the next proposal is fetched ahead."""
    expect(page.locator("#desk-ahead")).not_to_have_value("")


def test_an_editors_day(at_desk):
    for slug in ("us-gov", "iran-gov"):
        make.actor(slug)
    place = make.place()
    known = make.published(
        "USIR-20201117-9", title="Katyushas on the Green Zone", start=date(2020, 11, 17),
        targets=("us-gov",), place=place, mode="heavy-weapons",
    )  # fmt: skip
    older = make.published(
        "USIR-20180907-1", title="Rockets at Basra airport", start=date(2018, 9, 7)
    )
    near = {"targets": ("us-gov",), "place": place}
    good = waiting("Drone strike near Erbil", "A drone struck a base near Erbil.", mode="drone",
                   start=date(2020, 3, 1))  # fmt: skip
    same = waiting(
        "Katyushas hit the Green Zone", "Katyushas hit the Green Zone in Baghdad.", **near
    )
    basra = waiting("Basra consulate burnt", "They burnt the consulate.", mode="destroy",
                    start=date(2018, 9, 8))  # fmt: skip
    two = waiting("Ship seized in the Gulf", "Guards seized a ship.", type="COERCE", mode="seize",
                  start=date(2019, 7, 19))  # fmt: skip
    other = report(two, "The week before, another ship was let go.")
    drill = waiting(
        "Sirens in Doha", "It was an exercise.", type="SANCTION", start=date(2020, 5, 5)
    )
    last = waiting("Talks in Doha", "They met in Doha.", type="CONSULT", start=date(2020, 6, 6))

    # She takes over the queue and starts with the most salient.
    page = at_desk()
    expect(page.get_by_text("6 wait")).to_be_visible()
    page.keyboard.press("n")
    expect(title(page)).to_contain_text("Drone strike near Erbil")
    mark = page.locator("#desk-text mark")
    expect(mark).to_have_text("A drone struck a base near Erbil.")
    expect(mark).to_be_in_viewport()
    assert DeskItem.objects.get(event=good).claimed_by.username == "ana"

    # Publish: one key, no page is loaded, focus goes to the next title, the line says what was done.
    page.evaluate("window.stayed = true")
    ready(page)
    page.keyboard.press("p")
    expect(title(page)).to_contain_text("Katyushas hit the Green Zone")
    expect(title(page)).to_be_focused()
    expect(said(page)).to_contain_text(f"Published {good.public_id}")
    expect(page).to_have_url(f"**{QUEUE}{same.pk}/".replace("**", page.url.split("/admin")[0]))

    # Attach to the first match, whose score is explained beside it.
    expect(page.get_by_role("article", name="USIR-20201117-9")).to_contain_text("Why 0.")
    ready(page)
    page.keyboard.press("1")
    expect(title(page)).to_contain_text("Ship seized in the Gulf")
    same.refresh_from_db()
    assert same.merged_into == known

    # Split: the second report tells of another event.
    page.keyboard.press("s")
    page.get_by_role("checkbox", name="The week before").check()
    page.get_by_label("Why (public)").fill("another ship, a week before")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("waits as a proposal of its own")
    other.refresh_from_db()
    assert other.event != two

    # Correct a field in place; the key in a field is a letter, and Enter saves.
    page.keyboard.press("e")
    page.keyboard.press("End")
    page.keyboard.type(" by Guards, p")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Saved.")
    expect(title(page)).to_contain_text("by Guards, p")
    assert Event.objects.get(pk=two.pk).status == Event.Status.PROPOSED

    # Merge into an event that is found by its words.
    page.goto(f"{QUEUE}{basra.pk}/")
    page.evaluate("window.stayed = true")
    page.keyboard.press("m")
    page.keyboard.type("basra airport")
    expect(page.get_by_role("button", name="USIR-20180907-1")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text(f"Merged {basra.public_id} into USIR-20180907-1")
    basra.refresh_from_db()
    assert basra.merged_into == older

    # Reject with a reason of the list: two keys. Undo brings it back; then in her own words.
    page.goto(f"{QUEUE}{drill.pk}/")
    page.evaluate("window.stayed = true")
    page.keyboard.press("r")
    page.keyboard.press("1")
    expect(said(page)).to_contain_text(f"Rejected {drill.public_id}")
    page.keyboard.press("z")
    expect(said(page)).to_contain_text("Taken back: rejected")
    expect(title(page)).to_contain_text("Sirens in Doha")
    drill.refresh_from_db()
    assert drill.status == Event.Status.PROPOSED
    page.keyboard.press("r")
    page.get_by_label("In your own words (public)").fill("an exercise, says the text")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("an exercise, says the text")

    # Snooze what has to wait.
    expect(title(page)).to_contain_text("Talks in Doha")
    page.keyboard.press("l")
    page.keyboard.press("2")
    expect(said(page)).to_contain_text(f"{last.public_id} “Talks in Doha” sleeps until")
    assert page.evaluate("window.stayed") is True


def test_the_source_of_a_public_event_changed(at_desk):
    """Its new version says another number: the editor takes the wording, says what it gives, and undoes it."""
    known = make.published(initiators=("iran",), targets=("usa",), place=make.place())
    version = make.version(changing.FIRST)
    evidence = changing.quoted(known, version)
    claim = make.claim(
        known, "wounded", number=11, value="11", speaker="pentagon", evidence=evidence,
        standing=Standing.PUBLISHED,
    )  # fmt: skip
    changing.read(changing.next_version(version.article, changing.SECOND))
    changing.spread()
    correction = Correction.objects.get()
    page = at_desk(address=f"{QUEUE}{known.pk}/")
    expect(
        page.get_by_text("A source changed: the article says something else now")
    ).to_be_visible()
    page.locator(f"#now-{correction.pk}-{claim.pk}").fill("34")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(said(page)).to_contain_text("Took the new wording")
    known.refresh_from_db()
    assert known.wounded == 34
    page.keyboard.press("z")
    expect(said(page)).to_contain_text("Taken back: corrected after a changed source")
    known.refresh_from_db()
    correction.refresh_from_db()
    assert correction.outcome == Correction.Outcome.OPEN
    page.keyboard.press("k")
    expect(said(page)).to_contain_text("Kept")
    correction.refresh_from_db()
    assert correction.outcome == Correction.Outcome.KEPT


def test_the_second_editor_is_told_and_loses_nothing_typed(at_desk):
    event = waiting("Rockets hit Camp Taji", "Rockets hit Camp Taji.")
    address = f"{QUEUE}{event.pk}/"
    ana = at_desk("ana", address)
    ben = at_desk("ben", address)
    expect(ben.get_by_role("alert")).to_contain_text("Taken by ana until")
    expect(ben.get_by_role("button", name="Publish")).to_have_count(0)
    # Ana goes for lunch; her lease ends, and Ben takes it.
    DeskItem.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    ben.reload()
    ben.get_by_label("Title", exact=True).fill("Two rockets hit Camp Taji")
    ben.get_by_role("button", name="Save", exact=True).click()
    expect(said(ben)).to_contain_text("Saved.")
    DeskItem.objects.update(claimed_by=None, claimed_until=None)
    # Ana comes back to her page, types, and publishes.
    ana.get_by_label("Title", exact=True).fill("Rockets hit Camp Taji, none hurt")
    ana.keyboard.press("Escape")
    ana.keyboard.press("p")
    problem = ana.get_by_role("alert")
    expect(problem).to_contain_text("Changed since you opened it.")
    expect(problem).to_contain_text("ben")
    expect(problem).to_contain_text("Two")
    expect(problem).to_be_focused()
    expect(ana.get_by_label("Title", exact=True)).to_have_value("Rockets hit Camp Taji, none hurt")
    ana.keyboard.press("p")
    expect(said(ana)).to_contain_text("Published")
    event.refresh_from_db()
    assert (event.title, event.status) == ("Rockets hit Camp Taji, none hurt", "published")


def test_many_at_once_with_a_preview(at_desk, inaccessible, too_wide):
    for number in range(3):
        waiting(f"Rockets, report {number}", f"Rockets fell, said report {number}.")
    page = at_desk()
    page.get_by_label("Tick all on this page").check()
    page.get_by_label("With those ticked").select_option("reject")
    page.get_by_role("button", name="Preview").click()
    page.get_by_label("Public reason").fill("an exercise")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text("3 of 3 would change")).to_be_visible()
    assert Event.objects.filter(status="proposed").count() == 3
    assert inaccessible(page) == []
    page.set_viewport_size(PHONE)
    assert too_wide(page) == []
    page.get_by_role("button", name="Do it for 3").click()
    expect(page.get_by_text("Reject: 3 done.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back")).to_be_visible()
    assert Event.objects.filter(status="proposed").count() == 3


def test_an_editor_who_may_not_publish_recommends_and_goes_on(at_desk):
    first = waiting("Rockets, report 1", "Rockets fell, said one.")
    waiting("Talks in Doha", "They met in Doha.", type="CONSULT")
    page = at_desk("eva", f"{QUEUE}{first.pk}/", role=EDITORS)
    ready(page)
    page.keyboard.press("p")
    expect(said(page)).to_contain_text("Recommended")
    expect(title(page)).to_contain_text("Talks in Doha")
    assert Event.objects.get(pk=first.pk).status == Event.Status.PROPOSED


def test_keys_rest_while_typing_and_the_help_names_them(at_desk):
    event = waiting("Rockets hit Camp Taji", "Rockets hit Camp Taji.")
    page = at_desk(address=f"{QUEUE}{event.pk}/")
    page.get_by_label("Place", exact=True).focus()
    page.keyboard.type("pr1z")
    assert Event.objects.get(pk=event.pk).status == Event.Status.PROPOSED
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    shown = page.locator(".desk-keys kbd").all_inner_texts()
    named = {key.lower() for key in shown if len(key) == 1}
    borne = page.locator("[data-key]").evaluate_all("es => es.map(e => e.dataset.key)")
    assert set(borne) - {"?", "4", "5"} <= named
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()


def test_keys_of_a_closed_panel_do_nothing(at_desk):
    """Without a known event beside it, "1" attaches to nothing; it is not the first reason to reject either."""
    event = waiting("Rockets hit Camp Taji", "Rockets hit Camp Taji.")
    page = at_desk(address=f"{QUEUE}{event.pk}/")
    expect(page.get_by_text("No known event comes near.")).to_be_visible()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    for key in "12345":
        page.keyboard.press(key)
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Reject this proposal")).to_be_visible()
    assert "POST" not in sent
    page.keyboard.press("1")
    expect(said(page)).to_contain_text(f"Rejected {event.public_id}")


def test_the_desk_works_without_javascript(at_desk):
    make.published("USIR-20180907-1", title="Rockets at Basra airport")
    first = waiting("Rockets hit Camp Taji", "Rockets hit Camp Taji.")
    second = waiting("Consulate burnt", "They burnt the consulate.", mode="destroy")
    page = at_desk(address=f"{QUEUE}{first.pk}/", java_script_enabled=False)
    page.get_by_role("button", name="Publish").focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text(f"Published {first.public_id}")
    expect(title(page)).to_contain_text("Consulate burnt")
    page.get_by_text("Merge …").click()
    page.get_by_label("Number or words of the title").fill("basra airport")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="USIR-20180907-1").click()
    expect(page.get_by_text("Merged")).to_be_visible()
    second.refresh_from_db()
    assert second.status == Event.Status.MERGED
    page.get_by_role("button", name="Undo").click()
    expect(title(page)).to_contain_text("Consulate burnt")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_accessible_in_light_and_dark(at_desk, inaccessible, scheme):
    make.published(title="Rockets on Taji", start=date(2020, 11, 17), targets=("us-gov",))
    event = waiting("Rockets hit Camp Taji", "Rockets hit Camp Taji.", targets=("us-gov",))
    report(event, "Rockets hit Camp Taji again.")
    make.claim(event, "killed", number=2)
    page = at_desk(color_scheme=scheme)
    assert inaccessible(page) == []
    page.keyboard.press("n")
    expect(title(page)).to_be_visible()
    assert inaccessible(page) == []
    for key in "rmsl?":
        page.keyboard.press(key)
        assert inaccessible(page) == []
        page.keyboard.press("Escape")


def test_the_desk_fits_a_phone(at_desk, too_wide):
    event = waiting("Rockets hit Camp Taji", "Rockets hit Camp Taji.", targets=("us-gov",))
    page = at_desk(viewport=PHONE)
    assert too_wide(page) == []
    page.goto(f"{QUEUE}{event.pk}/")
    expect(page.get_by_role("button", name="Publish")).to_be_in_viewport()
    expect(page.locator("#desk-text mark")).to_have_text("Rockets hit Camp Taji.")
    assert too_wide(page) == []
    page.get_by_text("Reject …").click()
    expect(page.get_by_role("button", name="outside the dossier's subject")).to_be_in_viewport()
    assert too_wide(page) == []
