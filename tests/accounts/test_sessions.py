"""Sessions end at once when what their user may do is changed: by the admin, by the shell or by SQL."""

import os
import subprocess
import sys
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import EDITORS, OPERATORS, SENIOR_EDITORS

pytestmark = pytest.mark.django_db
DESK = "/admin/"


@pytest.fixture
def editor():
    user = User.objects.create_user("editor", password="secret", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


@pytest.fixture
def browsers(editor):
    """Two browsers in which the editor is logged in."""
    found = [Client(), Client()]
    for browser in found:
        browser.post("/login/", {"username": "editor", "password": "secret"})
        assert logged_in(browser)
    return found


def logged_in(browser):
    return browser.get(DESK).status_code == 200


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def group(name):
    return Group.objects.get(name=name)


BY_SHELL = {
    "a group is given": lambda user: user.groups.add(group(SENIOR_EDITORS)),
    "a group is taken": lambda user: user.groups.remove(group(EDITORS)),
    "all groups are taken": lambda user: user.groups.clear(),
    "a group is deleted": lambda user: group(EDITORS).delete(),
    "a right is given": lambda user: user.user_permissions.add(Permission.objects.first()),
    "no staff any more": lambda user: User.objects.filter(pk=user.pk).update(is_staff=False),
    "a superuser": lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "closed": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "another password": lambda user: (user.set_password("other"), user.save()),
}
BY_SQL = {
    "a group is taken": "DELETE FROM accounts_user_groups",
    "another group": "UPDATE accounts_user_groups SET group_id = "
    "(SELECT id FROM auth_group WHERE name = 'Senior editors')",
    "a superuser": "UPDATE accounts_user SET is_superuser = true",
    "another password": "UPDATE accounts_user SET password = '!'",
}


@pytest.mark.parametrize("what", BY_SHELL)
def test_every_session_ends_with_a_change_by_code(editor, browsers, what):
    BY_SHELL[what](editor)
    assert [logged_in(browser) for browser in browsers] == [False, False]


@pytest.mark.parametrize("what", BY_SQL)
def test_every_session_ends_with_a_change_by_sql(browsers, what):
    sql(BY_SQL[what])
    assert [logged_in(browser) for browser in browsers] == [False, False]


def test_every_session_ends_with_a_change_in_the_admin_but_the_operators(client, editor, browsers):
    operator = User.objects.create_user("operator", is_staff=True)
    operator.groups.add(group(OPERATORS))
    client.force_login(operator)
    form = {
        "username": "editor",
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2020-01-01",
    }
    form |= {"date_joined_1": "00:00:00", "groups": [group(SENIOR_EDITORS).pk]}
    answer = client.post(reverse("admin:accounts_user_change", args=[editor.pk]), form)
    assert answer.status_code == 302
    assert [logged_in(browser) for browser in browsers] == [False, False]
    assert logged_in(client)


def test_a_change_that_is_taken_back_revives_no_session(browsers):
    sql("UPDATE accounts_user SET is_superuser = true")
    sql("UPDATE accounts_user SET is_superuser = false")
    assert not logged_in(browsers[0])


def test_a_row_that_was_read_before_brings_no_session_back(editor, browsers):
    read_before = User.objects.get(pk=editor.pk)
    editor.groups.clear()
    read_before.save()
    assert not logged_in(browsers[0])
    assert User.objects.get(pk=editor.pk).session_stamp > read_before.session_stamp


def test_other_changes_and_others_changes_end_nothing(editor, browsers):
    User.objects.create_user("other", is_staff=True).groups.add(group(EDITORS))
    editor.first_name, editor.email = "Ann", "ann@example.org"
    editor.save()
    assert [logged_in(browser) for browser in browsers] == [True, True]


def test_who_changes_the_own_password_goes_on_here_and_ends_elsewhere(browsers):
    here, elsewhere = browsers
    form = {
        "old_password": "secret",
        "new_password1": "much-better-9",
        "new_password2": "much-better-9",
    }
    assert here.post("/admin/password_change/", form).status_code == 302
    assert (logged_in(here), logged_in(elsewhere)) == (True, False)


def test_who_was_logged_out_logs_in_again(editor, browsers):
    editor.groups.add(group(SENIOR_EDITORS))
    browsers[0].post("/login/", {"username": "editor", "password": "secret"})
    assert logged_in(browsers[0])


def test_a_password_that_is_hashed_anew_at_the_login_leaves_one_logged_in(editor, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    browser = Client()
    browser.post("/login/", {"username": "editor", "password": "secret"})
    assert logged_in(browser)
    assert User.objects.get(pk=editor.pk).password.startswith("pbkdf2")


def test_it_costs_no_query(editor, browsers):
    with CaptureQueriesContext(connection) as queries:
        browsers[0].get("/login/")
    assert len([q for q in queries if "accounts_user" in q["sql"]]) == 1


@pytest.mark.django_db(transaction=True)
def test_another_process_ends_the_session_that_a_server_holds(live_server, other_process):
    """A shell in another process changes the rights; the server answers the next request as to a stranger."""
    User.objects.create_user("editor", password="secret", is_staff=True)
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    browser.open(f"{live_server.url}/login/").read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = {"username": "editor", "password": "secret", "csrfmiddlewaretoken": token}
    browser.open(Request(f"{live_server.url}/login/", urlencode(form).encode()))
    assert browser.open(f"{live_server.url}{DESK}").url.endswith(DESK)
    code = "from apps.accounts.models import User; User.objects.update(is_superuser=True)"
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", code],
        cwd=settings.BASE_DIR, env={**os.environ, **other_process}, check=True,
    )  # fmt: skip
    assert "/admin/login/" in browser.open(f"{live_server.url}{DESK}").url
