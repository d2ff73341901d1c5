"""Public addresses that take much work: a caller is answered so often in a while, whichever process answers."""

import pytest

from apps.accounts.models import User
from apps.timelines.api import limits
from apps.timelines.models import ApiCalls
from tests.factories import make_event, make_timeline

pytestmark = pytest.mark.django_db

HERE = "/timelines/us-iran-2020/"
EMBEDDED = "/embed/timelines/us-iran-2020/"
# The small dossier lacks what a snapshot needs; that is told once the work was done.
ANSWERED = (200, 422)
# What each counts.
COSTS = {
    "/search/?q=base": 1,
    f"{HERE}changes/": 1,
    f"{HERE}known/?as_of=2020-01-10": 1,
    f"{HERE}compare/": 4,
    f"{HERE}difference/?as_of=2020-01-10": 4,
    f"{HERE}report/": 4,
    f"{HERE}events.csv": 4,
    f"{HERE}events.atom": 4,
    f"{HERE}cite.txt": 1,
    f"{HERE}index.csv": 1,
    f"{HERE}index/contributions.csv": 1,
    f"{HERE}index.zip": 4,
    f"{HERE}snapshot.zip": 20,
    EMBEDDED: 1,
    f"/oembed?url=http://testserver{HERE}": 1,
}


@pytest.fixture(autouse=True)
def twenty_units_a_minute(settings, monkeypatch):
    settings.HEAVY_RATE = (20, 60)
    monkeypatch.setattr(limits.time, "time", lambda: 600.0)
    make_timeline(slug="us-iran-2020")
    make_event()


def test_what_takes_more_work_counts_more(client):
    for address, cost in COSTS.items():
        ApiCalls.objects.all().delete()
        answer = client.get(address)
        assert (answer.status_code in ANSWERED, ApiCalls.objects.get().calls) == (True, cost), (
            address
        )


def test_whoever_asks_too_often_waits_a_little(client, monkeypatch):
    assert client.get(f"{HERE}snapshot.zip").status_code in ANSWERED
    refused = client.get(f"{HERE}snapshot.zip")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "wait 60 seconds" in refused.content.decode()
    assert '<a class="button button-primary" href="">Try again</a>' in refused.content.decode()
    assert "no-store" in refused["Cache-Control"]
    assert client.get("/search/?q=base").status_code == 429, "one count for all of them"
    assert client.get(HERE).status_code == 200, "pages that cost little are not counted"
    monkeypatch.setattr(limits.time, "time", lambda: 660.0)
    assert client.get("/search/?q=base").status_code == 200


def test_callers_are_counted_apart(client):
    client.get(f"{HERE}snapshot.zip", REMOTE_ADDR="192.0.2.1")
    assert client.get(f"{HERE}index.zip", REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.get(f"{HERE}index.zip", REMOTE_ADDR="192.0.2.2").status_code == 200
    client.force_login(User.objects.create_user("analyst"))
    assert client.get(f"{HERE}index.zip", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_a_forwarded_address_that_anybody_can_write_is_not_believed(client):
    codes = [
        client.get(
            f"{HERE}snapshot.zip", headers={"X-Forwarded-For": f"198.51.100.{n}"}
        ).status_code
        for n in range(2)
    ]
    assert codes[0] in ANSWERED
    assert codes[1] == 429


def test_windows_of_other_lengths_stay(client, settings, monkeypatch):
    """Rows go once their own window is over, whoever counts next: an hour's count outlives a minute's."""
    settings.HEAVY_RATE, settings.API_RATE = (20, 3600), (3, 60)
    client.get(f"{HERE}snapshot.zip")
    monkeypatch.setattr(limits.time, "time", lambda: 700.0)
    client.get("/api/v1/timelines")
    assert client.get(f"{HERE}snapshot.zip").status_code == 429
    assert client.get("/api/v1/timelines").status_code == 200


@pytest.mark.parametrize(
    "address", ["compare/?since_a=%00", "events.atom?q=%01%EF%BF%BF", "?q=%01"]
)
def test_characters_that_no_text_holds_are_no_fault_of_ours(client, address):
    """The database takes no NUL, and a feed no control character, whatever an address carries."""
    assert client.get(HERE + address).status_code == 200


def test_pages_that_are_narrowed_have_a_wider_limit_of_their_own(client, settings):
    settings.PAGE_RATE = (3, 60)
    narrow = [f"{HERE}?q=base", "/actors/?q=x", f"{HERE}index/?q=base"]
    assert [client.get(address).status_code for address in narrow] == [200, 200, 200]
    refused = client.get(f"{HERE}?q=another")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert client.get(HERE).status_code == 200, "the whole page is kept, and not counted"
    assert client.get("/search/?q=base").status_code == 200, "other work has a count of its own"
