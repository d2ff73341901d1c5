"""The second factor: set up, asked for, used up, throttled, a duty where it is set so, reset, never read."""

import re
import threading
import time

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.accounts import factor
from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS, OPERATORS, SENIOR_EDITORS
from apps.core import history
from apps.core.models import Change

pytestmark = pytest.mark.django_db
PAGE, CODE = "/admin/second-factor/", "/admin/login/code/"
PASSWORD = {"username": "editor", "password": "secret"}


def member(name, role, **values):
    user = User.objects.create_user(name, password="secret", is_staff=True, **values)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def editor():
    return member("editor", EDITORS)


@pytest.fixture
def device(editor):
    return TOTPDevice.objects.create(user=editor, name="default", confirmed=True)


def code_of(device, ahead=0):
    return f"{totp(device.bin_key, t0=device.t0 - 30 * ahead):06d}"


def wrong(device):
    good = {code_of(device, ahead) for ahead in range(-3, 4)}
    return next(f"{number:06d}" for number in range(10) if f"{number:06d}" not in good)


def forgive(device):
    """As if the pause after a wrong code were over."""
    type(device).objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)


def logged_in(client):
    return "_auth_user_id" in client.session


def set_up(client):
    """Set it up as a user does; return the page with the recovery codes."""
    client.post(PAGE, {"do": "begin", "password": "secret"})
    device = TOTPDevice.objects.get()
    return client.post(PAGE, {"do": "confirm", "code": code_of(device)})


def codes_on(answer):
    return re.findall(r"<code>((?:\w{4}-){3}\w{4})</code>", answer.content.decode())


class TestSetUp:
    def test_the_first_code_takes_it_into_use_and_ten_recovery_codes_are_shown_once(
        self, client, editor
    ):
        client.force_login(editor)
        shown = client.post(PAGE, {"do": "begin", "password": "secret"})
        device = TOTPDevice.objects.get()
        html = shown.content.decode()
        assert 'src="data:image/svg+xml' in html
        assert factor.key_to_type(device) in html
        assert factor.device_of(editor) is None
        answer = client.post(PAGE, {"do": "confirm", "code": code_of(device)})
        assert len(set(codes_on(answer))) == 10
        assert factor.device_of(editor) == device
        again = client.get(PAGE).content.decode()
        assert codes_on(client.get(PAGE)) == []
        assert factor.key_to_type(device) not in again
        assert "10 recovery codes left" in again
        assert "no-store" in answer["Cache-Control"]

    def test_without_the_password_nothing_begins(self, client, editor):
        client.force_login(editor)
        for password in ("", "wrong"):
            client.post(PAGE, {"do": "begin", "password": password})
        assert not TOTPDevice.objects.exists()

    def test_guessing_the_password_there_is_locked_out(self, client, editor, settings):
        client.force_login(editor)
        for _ in range(settings.AXES_FAILURE_LIMIT):
            answer = client.post(PAGE, {"do": "begin", "password": "wrong"})
        assert answer.status_code == 429
        assert client.post(PAGE, {"do": "begin", "password": "secret"}).status_code == 429
        assert not TOTPDevice.objects.exists()

    def test_a_wrong_first_code_takes_nothing_into_use(self, client, editor):
        client.force_login(editor)
        client.post(PAGE, {"do": "begin", "password": "secret"})
        device = TOTPDevice.objects.get()
        answer = client.post(PAGE, {"do": "confirm", "code": wrong(device)})
        assert "does not let you in" in answer.content.decode()
        assert factor.device_of(editor) is None

    def test_a_device_that_another_session_began_is_not_confirmed_without_the_password(
        self, client, editor
    ):
        device = factor.begin(editor)
        client.force_login(editor)
        client.post(PAGE, {"do": "confirm", "code": code_of(device)})
        assert factor.device_of(editor) is None

    def test_a_device_in_use_is_not_replaced_by_a_second_one(self, client, editor, device):
        client.force_login(editor)
        client.post(PAGE, {"do": "begin", "password": "secret"})
        assert list(TOTPDevice.objects.all()) == [device]

    def test_other_sessions_end_and_this_one_goes_on(self, client, editor):
        other = Client()
        for browser in (client, other):
            browser.post("/login/", PASSWORD)
        set_up(client)
        assert client.get(PAGE).status_code == 200
        assert other.get("/admin/").status_code == 302

    def test_it_is_removed_and_its_codes_made_anew_with_the_password_alone(self, client, editor):
        client.force_login(editor)
        first = codes_on(set_up(client))
        assert codes_on(client.post(PAGE, {"do": "codes", "password": "wrong"})) == []
        second = codes_on(client.post(PAGE, {"do": "codes", "password": "secret"}))
        assert not set(first) & set(second)
        assert not factor.check(editor, first[0])
        forgive(StaticDevice.objects.get())
        assert factor.check(editor, second[0])
        client.post(PAGE, {"do": "remove", "password": "wrong"})
        assert factor.device_of(editor)
        client.post(PAGE, {"do": "remove", "password": "secret"})
        assert not TOTPDevice.objects.exists()
        assert not StaticToken.objects.exists()
        assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("address", ["/login/", "/admin/login/"])
class TestLogIn:
    def test_the_password_alone_lets_nobody_in(self, client, editor, device, address):
        answer = client.post(address, PASSWORD)
        assert (answer.status_code, answer.url) == (302, CODE)
        assert not logged_in(client)
        assert client.get("/admin/").status_code == 302

    def test_the_code_after_it_does_and_leads_where_one_wanted_to_go(
        self, client, editor, device, address
    ):
        client.post(address, PASSWORD | {"next": "/admin/events/event/?q=x"})
        assert client.get(CODE).status_code == 200
        answer = client.post(CODE, {"code": code_of(device)})
        assert answer.url == "/admin/events/event/?q=x"
        assert client.get("/admin/").status_code == 200

    def test_it_leads_to_no_other_site(self, client, editor, device, address):
        client.post(address, PASSWORD | {"next": "//evil.example/"})
        assert client.post(CODE, {"code": code_of(device)}).url == "/admin/"


class TestCode:
    @pytest.fixture(autouse=True)
    def password_given(self, client, editor, device):
        client.post("/login/", PASSWORD)

    def test_one_code_works_once(self, client, device):
        code = code_of(device)
        client.post(CODE, {"code": code})
        assert logged_in(client)
        other = Client()
        other.post("/login/", PASSWORD)
        other.post(CODE, {"code": code})
        assert not logged_in(other)

    def test_a_recovery_code_works_once_however_it_is_typed(self, client, editor):
        code = factor.new_codes(editor)[0]
        client.post(CODE, {"code": f" {code.upper().replace('-', ' ')} "})
        assert logged_in(client)
        assert factor.codes_left(editor) == 9
        assert not factor.check(editor, code)

    def test_every_refusal_has_the_same_answer(self, client, editor, device):
        """Wrong, used before, too soon after a wrong one, no code at all of either kind."""
        used = code_of(device)
        assert factor.check(editor, used)
        answers = set()
        for code in (wrong(device), used, "abcd-efgh", "x" * 64, "١٢٣٤٥٦", "-1"):
            answer = client.post(CODE, {"code": code})
            html = re.sub(r'value="[^"]*"', "", answer.content.decode())
            answers.add((answer.status_code, re.sub(r'nonce="[^"]*"', "", html)))
        assert len(answers) == 1
        assert not logged_in(client)

    def test_after_a_wrong_code_one_waits(self, client, device):
        client.post(CODE, {"code": wrong(device)})
        client.post(CODE, {"code": code_of(device)})
        assert not logged_in(client)
        forgive(device)
        client.post(CODE, {"code": code_of(device)})
        assert logged_in(client)

    def test_guessing_codes_is_locked_out_as_guessing_passwords_is(self, client, device, settings):
        for _ in range(settings.AXES_FAILURE_LIMIT):
            answer = client.post(CODE, {"code": wrong(device)})
            forgive(device)
        assert answer.status_code == 429
        assert client.post(CODE, {"code": code_of(device)}).status_code == 429
        assert Client().post("/login/", PASSWORD).status_code == 429

    def test_a_right_password_between_does_not_forgive_the_codes(self, client, device, settings):
        for _ in range(settings.AXES_FAILURE_LIMIT):
            client.post("/login/", PASSWORD)
            answer = client.post(CODE, {"code": wrong(device)})
            forgive(device)
        assert answer.status_code == 429

    def test_guessers_shut_the_owner_out_for_minutes_at_most(self, editor, device):
        TOTPDevice.objects.update(throttling_failure_count=60)
        device.refresh_from_db()
        factor.check(editor, wrong(device))
        device.refresh_from_db()
        assert device.throttling_failure_count == 10

    def test_who_waits_too_long_begins_again(self, client, device):
        session = client.session
        session["login_waiting"] |= {"until": int(time.time()) - 1}
        session.save()
        assert client.post(CODE, {"code": code_of(device)}).url.startswith("/login/")
        assert not logged_in(client)

    def test_a_password_or_role_that_was_changed_meanwhile_begins_again(
        self, client, editor, device
    ):
        editor.groups.clear()
        client.post(CODE, {"code": code_of(device)})
        assert not logged_in(client)

    def test_the_session_has_another_key_after_each_step(self, client, editor, device):
        stranger = Client()
        stranger.get("/login/")
        keys = [client.session.session_key]
        client.post("/login/", PASSWORD)
        keys.append(client.session.session_key)
        client.post(CODE, {"code": code_of(device)})
        keys.append(client.session.session_key)
        assert len(set(keys)) == 3


def test_without_a_password_the_second_step_leads_to_the_first(client):
    assert client.get(CODE).url.startswith("/login/")
    assert client.post(CODE, {"code": "000000"}).url.startswith("/login/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_who_send_the_same_code_at_once_one_is_let_in(kind):
    user = User.objects.create_user("editor")
    device = TOTPDevice.objects.create(user=user, confirmed=True)
    code = code_of(device) if kind == "app" else factor.new_codes(user)[0]
    start, let_in = threading.Barrier(6), []

    def send():
        start.wait()
        let_in.append(factor.check(User.objects.get(), code))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(let_in) == [False] * 5 + [True]


class TestDuty:
    WHO = {
        "none": set(),
        "senior": {SENIOR_EDITORS, OPERATORS, "superuser"},
        "staff": {SENIOR_EDITORS, OPERATORS, "superuser", EDITORS, ANALYSTS},
    }

    @pytest.mark.parametrize("duty", WHO)
    @pytest.mark.parametrize("role", sorted(WHO["staff"]))
    def test_whose_duty_it_is_does_nothing_else_in_the_admin(self, client, settings, duty, role):
        settings.REQUIRE_TOTP = duty
        user = (
            User.objects.create_superuser("root", password="secret")
            if role == "superuser"
            else member("somebody", role)
        )
        client.force_login(user)
        held = role in self.WHO[duty]
        for name in ("admin:index", "admin:events_event_changelist", "admin:password_change"):
            answer = client.get(reverse(name))
            assert (answer.status_code == 302 and answer.url == PAGE) is held, name
        posted = client.post(reverse("admin:events_event_desk_bulk"), {"action": "publish"})
        assert (posted.status_code == 302 and posted.url == PAGE) is held
        assert client.get(PAGE).status_code == 200
        set_up(client)
        assert client.get(reverse("admin:index")).status_code == 200

    def test_readers_who_are_no_staff_are_not_asked(self, client, settings):
        settings.REQUIRE_TOTP = "staff"
        client.force_login(User.objects.create_user("reader"))
        assert client.get("/").status_code == 200

    def test_who_removes_it_must_set_it_up_again(self, client, settings, editor):
        settings.REQUIRE_TOTP = "staff"
        client.force_login(editor)
        set_up(client)
        client.post(PAGE, {"do": "remove", "password": "secret"})
        assert client.get("/admin/").url == PAGE


class TestReset:
    def reset(self, client, *users):
        sent = {"action": "reset_second_factor", "_selected_action": [user.pk for user in users]}
        return client.post(reverse("admin:accounts_user_changelist"), sent)

    def test_an_operator_takes_another_s_away_and_it_is_recorded(self, client, editor, device):
        theirs = Client()
        theirs.post("/login/", PASSWORD)
        theirs.post(CODE, {"code": code_of(device)})
        operator = member("operator", OPERATORS)
        client.force_login(operator)
        self.reset(client, editor)
        assert not TOTPDevice.objects.exists()
        entry = LogEntry.objects.get(object_id=str(editor.pk))
        assert (entry.user, "taken away" in entry.get_change_message()) == (operator, True)
        assert (
            "taken away"
            in client.get(reverse("admin:accounts_user_history", args=[editor.pk])).content.decode()
        )
        assert theirs.get("/admin/").status_code == 302

    def test_an_operator_takes_none_from_a_superuser(self, client):
        root = User.objects.create_superuser("root")
        TOTPDevice.objects.create(user=root, confirmed=True)
        client.force_login(member("operator", OPERATORS))
        self.reset(client, root)
        assert TOTPDevice.objects.exists()


class TestSecrets:
    def test_no_page_of_the_admin_shows_devices_and_no_history_records_them(self):
        tables = {
            m._meta.db_table for m in apps.get_models() if m._meta.app_label.startswith("otp")
        }
        assert len(tables) == 3
        assert not tables & {model._meta.db_table for model in admin.site._registry}
        assert not tables & history.watched()

    def test_the_key_and_the_codes_stand_in_no_table_but_the_devices_own(self, client, editor):
        client.force_login(editor)
        codes = codes_on(set_up(client))
        key = TOTPDevice.objects.get().key
        kept = set()
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
                text = "\n".join(row for (row,) in cursor.fetchall()).lower()
                if key in text or factor.key_to_type(TOTPDevice.objects.get()).lower() in text:
                    kept.add(table)
                assert not [c for c in codes if c in text or c.replace("-", "") in text], table
        assert kept == {"otp_totp_totpdevice"}
        assert not Change.objects.filter(table__startswith="otp").exists()
