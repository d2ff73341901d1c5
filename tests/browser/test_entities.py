"""The login, merging of actors and suggested names in Chromium: wide, narrow, dark, and accessible."""

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, SENIOR_EDITORS
from apps.actors.models import Actor, Alias, AliasSuggestion
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_actor, make_claim, make_event, make_timeline, relate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Pictures are kept where a folder for them is named.
PICTURES = os.environ.get("TENSIONLINE_PICTURES")
LOOKS = pytest.mark.parametrize(
    ("look", "options"),
    [
        ("wide", {"viewport": DESKTOP}),
        ("narrow", {"viewport": PHONE}),
        ("dark", {"viewport": DESKTOP, "color_scheme": "dark"}),
    ],
)


@pytest.fixture
def roles(transactional_db):
    """The groups: a transactional test begins without them."""
    for name in (ANALYSTS, SENIOR_EDITORS):
        Group.objects.get_or_create(name=name)


@pytest.fixture
def watch(watch):
    """The admin's widget for choosing one of many sets a style, which the policy blocks, and axe misses it."""
    heard = watch.console

    def hear(message):
        own = ("Applying inline style violates", "Couldn't load preload assets")
        if not any(text in message.text for text in own):
            heard(message)

    watch.console = hear
    return watch


@pytest.fixture
def fine(axe_faults, too_wide):
    """Return a function that finds what is wrong with a page, and keeps a picture of it where asked."""

    def check(page, name):
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
        # The links of the path at the top are the admin's own.
        assert [fault for fault in axe_faults(page) if ">Home</a>" not in fault] == []
        assert too_wide(page) == []

    return check


def log_in(page, name):
    page.fill("#id_username", name)
    page.fill("#id_password", "secret")
    with page.expect_navigation():
        page.click("text=Log in >> nth=-1")


@LOOKS
def test_a_reader_logs_in_to_a_closed_installation(open_page, fine, settings, look, options):
    settings.CLOSED = True
    User.objects.create_user("analyst", password="secret")
    make_actor("iran-gov", name="Government of Iran")
    page = open_page("/actors/", **options)
    assert page.url.endswith("/login/?next=/actors/")
    fine(page, f"login-{look}")
    page.fill("#id_username", "analyst")
    page.fill("#id_password", "wrong")
    with page.expect_navigation():
        page.click("main button")
    assert page.locator("[role=alert]").is_visible()
    fine(page, f"login-refused-{look}")
    page.fill("#id_password", "secret")
    with page.expect_navigation():
        page.click("main button")
    assert page.url.endswith("/actors/")
    fine(page, f"closed-{look}")
    with page.expect_navigation():
        page.click(".site-account button")
    assert "/login/" in page.url


@pytest.fixture
def double():
    """An actor that is another one, with something of every kind."""
    kept = make_actor("soleimani", name="Qassem Soleimani", kind="person", country="IRN")
    double = make_actor("suleimani", name="Kassim Suleimani", kind="person", country="IRN")
    force = make_actor("quds-force", name="Quds Force", kind="armed_forces", country="IRN")
    Alias.objects.create(actor=double, name="Haj Qassem")
    for person in (kept, double):
        relate(person, "commands", force)
    event = make_event("A drone strikes a convoy at Baghdad airport", at=[double])
    make_event("Rockets are fired at a base near Kirkuk", by=[double])
    make_claim(event, double, act="denies")
    make_timeline(actors=[double])
    return double


@pytest.fixture
def senior():
    return User.objects.create_superuser("senior", password="secret")


def admin_page(open_page, address, options):
    page = open_page(f"/admin/login/?next={address}", **options)
    page.fill("#id_username", "senior")
    page.fill("#id_password", "secret")
    with page.expect_navigation():
        page.click("input[type=submit]")
    return page


@LOOKS
@pytest.mark.usefixtures("senior")
def test_an_actor_is_merged_after_a_look_at_it(open_page, fine, double, look, options):
    page = admin_page(open_page, reverse("admin:actors_actor_merge", args=[double.pk]), options)
    page.click(".select2-selection")
    page.fill(".select2-search__field", "Qassem")
    page.click(".select2-results__option:has-text('Qassem Soleimani')")
    page.fill("#id_reason", "Two spellings of one name.")
    page.click("text=Show what will change")
    page.wait_for_selector("#preview")
    fine(page, f"merge-{look}")
    assert Actor.objects.get(pk=double.pk).merged_into is None
    page.click("text=Merge now")
    page.wait_for_url("**/change/")
    assert Actor.objects.get(pk=double.pk).merged_into.slug == "soleimani"


@LOOKS
@pytest.mark.usefixtures("senior")
def test_an_actor_is_split(open_page, fine, double, look, options):
    page = admin_page(open_page, reverse("admin:actors_actor_split", args=[double.pk]), options)
    page.fill("#id_name", "Sohrab Soleimani")
    page.fill("#id_slug", "sohrab-soleimani")
    page.check("text=Haj Qassem")
    page.fill("#id_reason", "His brother.")
    page.click("text=Show what will change")
    page.wait_for_selector("#preview")
    fine(page, f"split-{look}")
    page.click("text=Split now")
    page.wait_for_url("**/change/")
    assert Actor.objects.get(slug="sohrab-soleimani").aliases.get().name == "Haj Qassem"


@LOOKS
@pytest.mark.usefixtures("senior")
def test_suggested_names_are_decided_about(open_page, fine, double, look, options):
    known = Actor.objects.get(slug="soleimani")
    for number, name in enumerate(("Qasim Sulaimani", "Hassan Nasser", "Ismail Qaani"), start=1):
        AliasSuggestion.objects.create(
            name=name,
            normalised=name.lower(),
            articles=number,
            actor=known if number == 1 else None,
            score=0.9 if number == 1 else 0,
            why="another transliteration of “Qassem Soleimani”" if number == 1 else "",
            examples=[
                {
                    "article": 1,
                    "title": "Thousands mourn in Tehran",
                    "before": "On Friday",
                    "name": name,
                    "after": "was named in a statement read out on state television.",
                }
            ],
        )
    address = reverse("admin:actors_aliassuggestion_changelist")
    page = admin_page(open_page, address, options)
    fine(page, f"suggestions-{look}")
    page.click("text=Qasim Sulaimani >> nth=0")
    page.wait_for_url("**/change/")
    fine(page, f"suggestion-{look}")
    page.click("input[name=_save]")
    page.wait_for_url(f"**{address}")
    assert known.aliases.get().name == "Qasim Sulaimani"
