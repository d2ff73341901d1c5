"""Views that readers keep: saved under a name, their own alone, for others through a feed's address only."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.timelines.models import SavedView, Timeline
from tests.factories import make_actor, make_event, make_timeline

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
STRIKES = "type=ASSAULT&severity=4"


@pytest.fixture
def timeline() -> Timeline:
    us, iran = make_actor("us-gov"), make_actor("iran-gov")
    timeline = make_timeline(actors=[us, iran])
    make_event("The strike", start=date(2020, 1, 3), by=[us], at=[iran], severity=10)
    make_event("The threat", start=date(2020, 1, 4), type="THREATEN", by=[iran], at=[us])
    return timeline


@pytest.fixture
def anna() -> Client:
    return logged_in("anna")


def logged_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(name, email=f"{name}@example.org"))
    return client


def save(client: Client, timeline: Timeline, name: str, query: str = STRIKES):
    return client.post(f"{reverse('keep_view', args=[timeline.slug])}?{query}", {"name": name})


def test_a_view_is_kept_and_its_page_says_so(anna, timeline):
    answer = save(anna, timeline, "  Strikes  ", f"{STRIKES}&page=1&event=TEST-1&as_of=2020-03-01")
    assert (answer.status_code, answer.url) == (302, f"/timelines/us-iran-2020/?{STRIKES}")
    page = anna.get(answer.url).content.decode()
    assert "This view is saved as" in page
    assert ">Strikes</bdi>" in page
    assert "This view is saved as" not in anna.get("/timelines/us-iran-2020/").content.decode()


def test_a_stranger_is_sent_to_the_login_and_comes_back_to_the_same_view(client, timeline):
    page = client.get(f"/timelines/us-iran-2020/?{STRIKES}").content.decode()
    address = f"/views/keep/us-iran-2020/?{STRIKES}"
    assert address.replace("&", "&amp;") in page
    answer = client.get(address)
    assert answer.status_code == 302
    assert (
        answer.url
        == f"/login/?next={address.replace('?', '%3F').replace('&', '%26').replace('=', '%3D')}"
    )
    assert save(client, timeline, "Strikes").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Give the view a name."),
        ("x" * 101, "at most 100 characters"),
        ("Strikes", "You keep another view of this timeline as “Strikes”; choose another name."),
    ],
)
def test_what_cannot_be_kept_is_told_in_a_sentence(anna, timeline, name, told):
    save(anna, timeline, "Strikes")
    answer = save(anna, timeline, name, "contested=1")
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert SavedView.objects.count() == 1


def test_two_people_may_keep_the_same_view_under_the_same_name(anna, timeline):
    save(anna, timeline, "Strikes")
    assert save(logged_in("ben"), timeline, "Strikes").status_code == 302
    assert SavedView.objects.count() == 2


def test_nobody_sees_or_changes_what_another_keeps(anna, timeline):
    save(anna, timeline, "Strikes")
    view = SavedView.objects.get()
    ben = logged_in("ben")
    assert "Strikes" not in ben.get(reverse("saved_views")).content.decode()
    for name in ("saved_view", "new_view_address", "delete_view"):
        assert ben.post(reverse(name, args=[view.pk]), {"name": "Mine"}).status_code == 404
    assert ben.get(reverse("saved_view", args=[view.pk])).status_code == 404
    assert SavedView.objects.get().name == "Strikes"


def test_a_view_is_renamed_and_its_alerts_are_chosen(anna, timeline):
    save(anna, timeline, "Strikes")
    view = SavedView.objects.get()
    address = reverse("saved_view", args=[view.pk])
    answer = anna.post(address, {"name": "Attacks", "digest": "daily", "threshold": "40"})
    assert answer.url == "/views/"
    page = anna.get(answer.url).content.decode()
    for words in ("Attacks", "Assault", "Severity 4 or more", "once a day", "crosses 40"):
        assert words in page
    view.refresh_from_db()
    assert view.digested_at is not None
    since = view.digested_at
    anna.post(address, {"name": "Attacks again", "digest": "daily", "threshold": "40"})
    view.refresh_from_db()
    assert view.digested_at == since  # the clock goes on


@pytest.mark.parametrize("threshold", ["0", "100", "many"])
def test_a_threshold_that_the_index_cannot_cross_is_refused(anna, timeline, threshold):
    save(anna, timeline, "Strikes")
    view = SavedView.objects.get()
    answer = anna.post(
        reverse("saved_view", args=[view.pk]), {"name": "Strikes", "threshold": threshold}
    )
    assert answer.status_code == 422
    view.refresh_from_db()
    assert view.threshold is None


def test_a_name_that_another_view_has_is_refused(anna, timeline):
    save(anna, timeline, "Strikes")
    save(anna, timeline, "Threats", "type=THREATEN")
    view = SavedView.objects.get(name="Threats")
    answer = anna.post(reverse("saved_view", args=[view.pk]), {"name": "Strikes"})
    assert answer.status_code == 422
    assert "choose another name" in answer.content.decode()


def test_a_deleted_view_is_gone_with_its_feed(anna, client, timeline):
    save(anna, timeline, "Strikes")
    view = SavedView.objects.get()
    assert anna.post(reverse("delete_view", args=[view.pk])).url == "/views/"
    assert client.get(reverse("view_feed", args=[view.token])).status_code == 404


def entries(answer) -> dict[str, tuple[str, str]]:
    """Title -> id and time of update."""
    found = ET.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314 (our own feed)
    return {
        e.findtext(f"{ATOM}title"): (e.findtext(f"{ATOM}id"), e.findtext(f"{ATOM}updated"))
        for e in found
    }


def test_the_feed_tells_the_events_of_the_view_to_whoever_has_its_address(anna, client, timeline):
    save(anna, timeline, "Strikes")
    address = reverse("view_feed", args=[SavedView.objects.get().token])
    answer = client.get(address)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "private" in answer["Cache-Control"]
    first = entries(answer)
    assert first.keys() == {"The strike"}
    known = datetime(2020, 1, 5, tzinfo=UTC)
    make_event(
        "A raid", start=date(2020, 1, 5), by=[timeline.actors.first()], first_public_at=known
    )
    second = entries(client.get(address))
    assert list(second) == ["A raid", "The strike"]
    assert second["The strike"] == first["The strike"]
    assert (
        client.get(address, headers={"If-None-Match": client.get(address)["ETag"]}).status_code
        == 304
    )


def test_a_name_with_characters_that_feeds_may_not_hold_breaks_no_feed(anna, client, timeline):
    save(anna, timeline, "Strikes\x01\x0b \r\nBcc: all")
    view = SavedView.objects.get()
    assert view.name == "Strikes Bcc: all"
    assert "Strikes" in client.get(reverse("view_feed", args=[view.token])).content.decode()
    # One that was kept before names were cleaned.
    SavedView.objects.update(name="Strikes\x01")
    assert client.get(reverse("view_feed", args=[view.token])).status_code == 200


def test_a_new_address_leaves_the_old_one_dead(anna, client, timeline):
    save(anna, timeline, "Strikes")
    view = SavedView.objects.get()
    anna.post(reverse("new_view_address", args=[view.pk]))
    assert client.get(reverse("view_feed", args=[view.token])).status_code == 404
    view.refresh_from_db()
    assert client.get(reverse("view_feed", args=[view.token])).status_code == 200


def test_what_is_not_public_any_more_has_no_feed(anna, client, timeline):
    save(anna, timeline, "Strikes")
    Timeline.objects.update(published=False)
    address = reverse("view_feed", args=[SavedView.objects.get().token])
    assert client.get(address).status_code == 404
    assert "Strikes" not in anna.get(reverse("saved_views")).content.decode()
