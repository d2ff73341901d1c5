"""What browsers are told: cookies, policies, caches; and the settings of an installation behind HTTPS."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as django_settings

from apps.accounts.models import User
from tests.factories import make_timeline

pytestmark = pytest.mark.django_db
SHIPPED = {"HTTPS_ONLY": "true", "DEBUG": "false", "ALLOWED_HOSTS": "timelines.example.org"}


def manage(*arguments):
    environment = {**os.environ, **SHIPPED, "SECRET_KEY": secrets.token_urlsafe(60)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser's tests set it for themselves
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=django_settings.BASE_DIR, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_deploy_checks_have_nothing_to_say():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, "no issues (0 silenced)" in done.stdout) == (0, True), done.stderr


def test_cookies_behind_https_are_of_this_host_alone():
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"
    code = (
        f"from django.conf import settings as s; print([getattr(s, n) for n in '{names}'.split()])"
    )
    done = manage("shell", "--no-imports", "-c", code)
    assert "['__Host-sessionid', '__Host-csrftoken', True, True]" in done.stdout, done.stderr


def test_cookies_are_kept_from_scripts_and_other_sites(client):
    User.objects.create_user("reader", password="secret")
    client.get("/login/")
    client.post("/login/", {"username": "reader", "password": "secret"})
    assert {"sessionid", "csrftoken", "known-browser"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), cookie.key


@pytest.mark.parametrize("path", ["/", "/login/", "/timelines/us-iran-2020/", "/admin/login/"])
def test_every_page_tells_browsers_what_it_does_not_need(client, path):
    make_timeline()
    headers = client.get(path).headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_other_sites_may_read_the_api(client):
    answer = client.get("/api/v1/timelines")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Cross-Origin-Resource-Policy" not in answer.headers


def test_what_somebody_sees_who_is_logged_in_is_kept_from_shared_caches(client):
    make_timeline()
    assert "private" not in client.get("/").headers.get("Cache-Control", "")
    client.force_login(User.objects.create_user("reader"))
    for path in ("/", "/timelines/us-iran-2020/", "/views/"):
        assert "private" in client.get(path).headers["Cache-Control"], path
