"""/readyz: 200 where pages can be served, 503 with the reason where not."""

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.urls import reverse

from apps.core.observe import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def looks_anew(monkeypatch):
    """Each question looks, as after a second."""
    monkeypatch.setattr(health, "readiness", health.Readiness())
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)


def asked(client):
    answer = client.get(reverse("readyz"))
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.content.decode().strip()


def test_it_is_ready(client):
    assert asked(client) == (200, "ready")


def test_without_a_database_it_is_not(client, monkeypatch):
    values = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {}}
    nobody_there = ConnectionHandler({"default": values})["default"]
    monkeypatch.setattr(health, "connection", nobody_there)
    assert asked(client) == (503, "The database does not answer.")
    assert client.get(reverse("healthz")).status_code == 200


def test_with_a_migration_missing_it_is_not(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    assert asked(client) == (
        503,
        "Migrations are not applied: run `manage.py migrate`.",
    )


def test_what_it_found_is_kept_for_a_moment(client, monkeypatch):
    monkeypatch.setattr(health, "KEPT_SECONDS", 60.0)
    assert asked(client)[0] == 200
    with connection.execute_wrapper(_refuses):
        assert asked(client)[0] == 200


def _refuses(execute, sql, params, many, context):
    raise AssertionError(f"asked: {sql}")


def test_a_replica_that_is_left_out_is_told_and_hinders_nothing(client, settings, monkeypatch):
    settings.DATABASE_REPLICA_URL = "postgres://somewhere/else"
    monkeypatch.setattr(health.replica_health, "well", lambda: False)
    assert asked(client) == (200, "ready; the read replica is left out")
