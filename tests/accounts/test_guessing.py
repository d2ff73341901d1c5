"""Guessing passwords behind proxies, from many addresses, and to lock somebody else out."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts import guessing
from apps.accounts.models import User

pytestmark = pytest.mark.django_db
WRONG = {"username": "victim", "password": "wrong"}
RIGHT = {"username": "victim", "password": "secret"}


@pytest.fixture(autouse=True)
def limits(settings):
    settings.AXES_FAILURE_LIMIT, settings.ACCOUNT_LIMIT = 3, 8


@pytest.fixture
def victim():
    return User.objects.create_user("victim", password="secret")


def post(form, address="198.51.100.1", client=None, **extra):
    return (client or Client()).post("/login/", form, REMOTE_ADDR=address, **extra)


def guess_from_many(count):
    return [post(WRONG, f"203.0.113.{number}").status_code for number in range(1, count + 1)]


def test_guesses_from_many_addresses_are_locked_out_together(victim):
    assert guess_from_many(8) == [200] * 7 + [429]
    assert post(WRONG, "203.0.113.99").status_code == 429
    assert post(RIGHT, "203.0.113.99").status_code == 429


def test_the_owner_goes_on_in_a_browser_that_knows_them(victim):
    own = Client()
    assert post(RIGHT, client=own).status_code == 302
    own.post("/logout/")
    guess_from_many(8)
    assert post(RIGHT, "192.0.2.7").status_code == 429
    assert post(RIGHT, "192.0.2.7", client=own).status_code == 302


def test_a_browser_that_knows_another_user_is_not_free_of_it(victim):
    User.objects.create_user("guesser", password="secret")
    browser = Client()
    post({"username": "guesser", "password": "secret"}, client=browser)
    browser.post("/logout/")
    guess_from_many(8)
    assert post(RIGHT, "203.0.113.99", client=browser).status_code == 429


def test_a_cookie_that_was_made_up_is_not_believed(victim):
    browser = Client()
    browser.cookies[guessing.COOKIE] = str(victim.pk)
    guess_from_many(8)
    assert post(RIGHT, client=browser).status_code == 429


def test_the_cookie_lets_nobody_in_and_frees_nobody_of_the_limit_of_one_address(victim):
    browser = Client()
    post(RIGHT, client=browser)
    browser.post("/logout/")
    for _ in range(3):
        answer = post(WRONG, client=browser)
    assert answer.status_code == 429
    assert browser.get("/views/").status_code == 302


def test_many_names_from_one_address_are_locked_out_together(victim):
    for number in range(8):
        post({"username": f"name-{number}", "password": "wrong"})
    assert post(RIGHT).status_code == 429
    assert post(RIGHT, "192.0.2.7").status_code == 302


def test_a_quarter_of_an_hour_later_all_is_forgiven(victim, settings):
    guess_from_many(8)
    settings.AXES_COOLOFF_TIME = timedelta(0)
    assert post(RIGHT).status_code == 302


def test_behind_a_proxy_the_callers_address_counts_not_the_proxys(victim, settings):
    settings.PROXIES_IN_FRONT = 1
    for _ in range(3):
        answer = post(WRONG, "10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"})
    assert answer.status_code == 429
    others = {"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}
    assert post(RIGHT, "10.0.0.1", headers=others).status_code == 302


def test_who_makes_up_addresses_is_locked_out_all_the_same(victim, settings):
    settings.PROXIES_IN_FRONT = 1
    for number in range(3):
        told = {"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.9"}
        answer = post(WRONG, "10.0.0.1", headers=told)
    assert answer.status_code == 429


def test_without_a_proxy_what_is_forwarded_is_not_believed(victim):
    for number in range(3):
        answer = post(WRONG, headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert answer.status_code == 429


@pytest.mark.parametrize("told", ["unknown", "203.0.113.9:4711", "", "x" * 500, "fe80::1%eth0"])
def test_an_address_that_is_none_is_counted_and_breaks_nothing(victim, settings, told):
    settings.PROXIES_IN_FRONT = 1
    for _ in range(3):
        answer = post(WRONG, "10.0.0.1", headers={"X-Forwarded-For": told})
    assert answer.status_code == 429


def test_the_addresses_of_one_subscriber_count_as_one(victim):
    for number in range(3):
        answer = post(WRONG, f"2001:db8:1:2::{number}")
    assert answer.status_code == 429
    assert post(RIGHT, "2001:db8:1:3::1").status_code == 302
