"""Logging in on the public pages, and an installation that is closed to strangers."""

import pytest
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import make_actor, make_event

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


@pytest.fixture
def analyst():
    return User.objects.create_user("analyst", password="secret")


@pytest.fixture
def closed(settings):
    settings.CLOSED = True


def log_in(client, password="secret", **extra):  # noqa: S107
    return client.post(LOGIN, {"username": "analyst", "password": password, **extra})


def test_an_analyst_who_is_no_staff_logs_in_and_out(client, analyst):
    assert log_in(client).url == "/"
    assert client.session["_auth_user_id"] == str(analyst.pk)
    assert client.post("/logout/").url == "/"
    assert "_auth_user_id" not in client.session


def test_staff_go_to_their_desk(client, analyst):
    User.objects.update(is_staff=True)
    assert log_in(client).url == reverse("admin:index")


def test_the_login_leads_to_the_page_that_was_asked_for(client, analyst):
    assert log_in(client, next="/actors/?kind=state").url == "/actors/?kind=state"


@pytest.mark.parametrize(
    "goal",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_the_login_leads_nowhere_else(client, analyst, goal):
    assert log_in(client, next=goal).url == "/"
    assert log_in(client, next=goal).url == "/"  # logged in already


def test_logging_out_by_a_link_is_refused(client, analyst):
    client.force_login(analyst)
    assert client.get("/logout/").status_code == 405


def test_a_wrong_password_is_told(client, analyst):
    answer = log_in(client, "wrong")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("address", [LOGIN, "/admin/login/"])
def test_guessing_is_locked_out_and_no_right_password_helps_then(
    client, analyst, settings, address
):
    User.objects.update(is_staff=True)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(address, {"username": "analyst", "password": "wrong"})
    assert answer.status_code == 429
    answer = client.post(address, {"username": "analyst", "password": "secret"})
    assert answer.status_code == 429
    assert "quarter of an hour" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_another_address_is_not_locked_out_with_it(client, analyst, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, "wrong")
    answer = client.post(
        LOGIN, {"username": "analyst", "password": "secret"}, REMOTE_ADDR="198.51.100.7"
    )
    assert answer.status_code == 302


def test_a_success_forgets_the_failures(client, analyst, settings):
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            log_in(client, "wrong")
        assert log_in(client).status_code == 302
        client.logout()


def test_an_open_installation_is_read_without_a_login(client):
    assert client.get("/actors/").status_code == 200
    assert "private" not in client.get("/actors/").get("Cache-Control", "")


@pytest.mark.usefixtures("closed")
class TestClosed:
    def test_a_stranger_is_sent_to_the_login_and_back(self, client, analyst):
        answer = client.get("/actors/?kind=state")
        assert (answer.status_code, answer.url) == (302, "/login/?next=/actors/%3Fkind%3Dstate")
        shown = client.get(answer.url).content.decode()
        assert 'value="/actors/?kind=state"' in shown
        assert log_in(client, next="/actors/?kind=state").url == "/actors/?kind=state"

    def test_nothing_of_a_page_is_told_to_a_stranger(self, client):
        event = make_event("The secret meeting")
        known = client.get(event.get_absolute_url())
        assert b"secret" not in known.content
        assert known.status_code == client.get("/events/NONE-1/").status_code == 302

    def test_a_fragment_takes_the_whole_page_to_the_login(self, client):
        answer = client.get(
            "/actors/?q=x", headers={"HX-Request": "true", "HX-Target": "actor-list"}
        )
        assert answer.status_code == 200
        assert answer.headers["HX-Redirect"] == "/login/?next=/actors/%3Fq%3Dx"
        assert answer.content == b""

    def test_what_changes_nothing_by_itself_stays_free(self, client):
        assert client.get("/healthz").status_code == 200
        assert client.get(LOGIN).status_code == 200
        assert client.get("/admin/login/").status_code == 200

    def test_an_analyst_reads_and_no_cache_keeps_it_for_others(self, client, analyst):
        client.force_login(analyst)
        actor = make_actor("iran-gov")
        for address in ("/", "/actors/", actor.get_absolute_url(), "/methodology/"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert "private" in answer.headers["Cache-Control"]
            assert "public" not in answer.headers["Cache-Control"]
            assert "Log out" in answer.content.decode()

    def test_an_analyst_who_is_no_staff_sees_no_admin(self, client, analyst):
        client.force_login(analyst)
        assert client.get("/admin/").status_code == 302
        assert b"Editing" not in client.get("/").content

    def test_an_account_that_was_closed_is_out_at_once(self, client, analyst):
        client.force_login(analyst)
        User.objects.update(is_active=False)
        assert client.get("/").status_code == 302


def test_who_is_logged_in_already_cannot_guess_on_past_the_lock(client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    User.objects.create_user("victim", password="the-right-one")
    client.force_login(User.objects.create_user("guesser"))
    guess = {"username": "victim", "password": "wrong"}
    for _ in range(3):
        answer = client.post("/admin/login/", guess)
    assert answer.status_code == 429
    answer = client.post("/admin/login/", guess | {"password": "the-right-one"})
    assert answer.status_code == 429
    assert User.objects.get(pk=client.session["_auth_user_id"]).username == "guesser"
