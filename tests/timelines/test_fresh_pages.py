"""A page that a reader has is not made again: its entity tag tells, until something behind it changed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.test.signals import template_rendered

from apps.accounts.models import User
from apps.events.models import Event
from apps.timelines import rollups, visits
from apps.timelines.views import fresh
from tests import loaded

pytestmark = pytest.mark.django_db
BASE = "/timelines/us-iran-2020/"
PAGES = [
    *("/", BASE, f"{BASE}?type=ASSAULT&from=2020-01-01&to=2020-01-31", f"{BASE}map/"),
    *(f"{BASE}network/", f"{BASE}signals/", f"{BASE}index/", "/actors/"),
]


@pytest.fixture(autouse=True)
def dossier(db):
    loaded.us_iran()
    rollups.refresh()


@pytest.fixture
def drawn():
    """The templates that were filled in."""
    found = []

    def note(sender, template, context, **more):
        found.append(template.name)

    template_rendered.connect(note)
    yield found
    template_rendered.disconnect(note)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_seen_again_is_told_by_its_tag_and_nothing_is_drawn(client, page, drawn):
    first = client.get(page)
    assert first.status_code == 200
    assert drawn
    drawn.clear()
    again = client.get(page, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, drawn) == (304, b"", [])
    assert again["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("page", PAGES)
def test_what_changed_behind_a_page_is_shown(client, page):
    tag = client.get(page)["ETag"]
    Event.objects.filter(public_id="USIR-20200103-1").update(title="Another title")
    changed = client.get(page, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_one_address_has_one_tag_for_each_of_its_answers(client):
    persian = Client()
    persian.cookies["django_language"] = "fa"
    parts = {"HX-Request": "true", "HX-Target": "view"}
    answers = [client.get(BASE), persian.get(BASE), client.get(BASE, headers=parts)]
    drawn = client.get(BASE, headers={**parts, "Tensionline-Chart": "drawn"})
    tags = {answer["ETag"] for answer in [*answers, drawn, client.get(f"{BASE}?type=ASSAULT")]}
    assert len(tags) == 5
    assert client.get(BASE, headers={"If-None-Match": ", ".join(tags)}).status_code == 304
    assert (
        client.get(BASE, headers=parts | {"If-None-Match": answers[0]["ETag"]}).status_code == 200
    )


def test_another_program_or_another_last_visit_makes_another_page(client, monkeypatch):
    before = client.get(BASE)["ETag"]
    assert client.get(BASE)["ETag"] == before  # the visit was noted, and is the same one
    monkeypatch.setattr(fresh, "_program", lambda: "another")
    assert client.get(BASE)["ETag"] != before
    monkeypatch.undo()
    for limit in ("NOTED_EVERY", "REST"):
        monkeypatch.setattr(visits, limit, timedelta(hours=-1))
    assert client.get(BASE)["ETag"] != before


def test_what_is_somebody_s_own_or_rests_on_articles_has_no_tag(client):
    assert "ETag" not in client.get(f"{BASE}?as_of=2020-01-20")
    assert "ETag" not in client.get(f"{BASE}?event=USIR-20200103-1")
    client.force_login(User.objects.create_user("reader"))
    assert "ETag" not in client.get(BASE)


def test_the_hash_of_the_program_follows_its_files(settings, tmp_path):
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates/a.html"
    settings.BASE_DIR = tmp_path
    found = []
    for text in ("one", "two", "one"):
        page.write_text(text)
        fresh._program.cache_clear()
        found.append(fresh._program())
    fresh._program.cache_clear()
    assert found[0] == found[2] != found[1]
