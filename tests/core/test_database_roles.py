"""The three roles of the database: the product works as the app, and each is refused what it need not do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import errors, sql

from apps.core import queues
from apps.core.database_roles import (
    APPEND_ONLY,
    HISTORY,
    MIGRATIONS,
    OTHERS,
    PRIVATE,
    READABLE,
    unknown,
)
from apps.core.embedded import postgres
from tests import rows
from tests.conftest import database_url

pytestmark = pytest.mark.skipif(
    not settings.EMBEDDED_POSTGRES, reason="making roles takes the embedded server's superuser"
)


@pytest.fixture
def roles(queue: None, worker_id: str) -> Iterator[dict[str, str]]:
    """The addresses of the test's database as app and as reader, with what `manage.py roles` gives them."""
    names = {"app": f"app_{worker_id}", "reader": f"reader_{worker_id}"}
    out = StringIO()
    call_command("roles", stdout=out, **names)
    database = settings.DATABASES["default"]["NAME"]
    with postgres._connect(settings.TENSIONLINE_HOME, database) as superuser:
        superuser.execute(out.getvalue())
        yield {who: as_role(name) for who, name in names.items()}
        for name in map(sql.Identifier, names.values()):
            owner = sql.Identifier(settings.DATABASES["default"]["USER"])
            superuser.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(name, owner))
            superuser.execute(sql.SQL("DROP OWNED BY {}").format(name))
            superuser.execute(sql.SQL("DROP ROLE {}").format(name))
        superuser.execute(
            sql.SQL("GRANT TEMPORARY ON DATABASE {} TO PUBLIC").format(sql.Identifier(database))
        )


def as_role(name: str) -> str:
    scheme, _, rest = database_url().partition("://")
    return f"{scheme}://{name}@{rest.partition('@')[2]}"


def run_as(url: str, script: str) -> str:
    """What a program prints that is the product, logged in as a role."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": url,
        "ALLOWED_HOSTS": "testserver",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import django\ndjango.setup()\n" + script],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


# --- every table ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_table_is_known():
    """A new table: put it into READABLE (public pages show it) or PRIVATE of apps/core/database_roles.py."""
    tables = set(connection.introspection.table_names())
    assert unknown(tables) == set()
    assert not READABLE & PRIVATE
    assert not {table for table in READABLE | PRIVATE if table.startswith(OTHERS)}
    assert (READABLE | PRIVATE | APPEND_ONLY.keys() | HISTORY.keys() | {MIGRATIONS}) <= tables


def test_each_role_has_its_rights_on_every_table(roles):
    def held(url: str, table: str) -> set[str]:
        with psycopg.connect(url) as role:
            asked = "SELECT r FROM unnest(%s::text[]) r WHERE has_table_privilege(%s, r)"
            every = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
            return {right for (right,) in role.execute(asked, [every, f'public."{table}"'])}

    writing = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    special = {
        MIGRATIONS: {"SELECT"},
        **{table: {"SELECT"} for table in HISTORY},
        **{table: {"SELECT", "INSERT"} for table in APPEND_ONLY},
    }
    for table in connection.introspection.table_names():
        assert held(roles["app"], table) == special.get(table, writing), table
        assert held(roles["reader"], table) == ({"SELECT"} if table in READABLE else set()), table


# --- the app works --------------------------------------------------------------------------------

FLOW = """
from datetime import UTC, datetime
from django.test import Client
from apps.accounts.models import User
from apps.actors.models import Actor
from apps.annotations.annotate import annotate
from apps.articles.incoming import Incoming, enqueue
from apps.articles.ingest import ingest
from apps.core.models import Change
from apps.events import curate, removing
from apps.events.assemble import assemble
from apps.events.models import Event
from tests.factories import make_actor, make_dyad, make_timeline
from tests.flow.test_feed_to_page import PAGE, make_known_names

make_known_names()
for slug in ("us-gov", "iran-gov", "late-group"):  # whom the walk of all pages asks for
    make_actor(slug)
us, iran = Actor.objects.get(slug="usa"), Actor.objects.get(slug="iran")
make_dyad(make_timeline(actors=[us, iran]), "us-iran", [us], [iran])
item = Incoming(
    label="x", raw=PAGE.encode(), url="https://news.example/1", content_type="text/html",
    published_at=datetime(2020, 1, 9, 6, tzinfo=UTC), published_precision="instant",
)
version = ingest(enqueue([item], label="x").items.get())
assemble(annotate(version))
event = Event.objects.get(type="ASSAULT")
curate.publish(event, by_label="editor", reason="clear report")
Event.objects.filter(pk=event.pk).update(title="Attack on the Americans")
client = Client()
assert "Missiles hit base" in client.get(version.article.get_absolute_url()).content.decode()
User.objects.create_user("ana", password="a long password", is_staff=True)
assert client.post("/login/", {"username": "ana", "password": "a long password"}).status_code == 302
assert client.get("/admin/").status_code == 200
assert Change.objects.filter(table="events_event", row_id=event.pk).count() > 1
assert Change.objects.filter(who="editor").exists()
"""


def test_the_product_works_as_the_app(roles):
    removed = (
        "removing.remove(version.article, by_label='x', reason='x')\n"
        "version.refresh_from_db()\n"
        "assert set(version.text) == {'█'}\n"
        "print('done')"
    )
    assert run_as(roles["app"], FLOW + removed) == "done\n"


@pytest.mark.parametrize("name", ["its_own", queues.NOW], ids=["its own", "the owner's"])
def test_the_app_makes_and_uses_its_queue(roles, name):
    script = (
        "from celery import Celery\n"
        "from django.conf import settings\n"
        "from apps.core.embedded import broker\n"
        "import os\n"
        "os.environ['CELERY_BROKER_URL'] = ''\n"
        "app = Celery()\n"
        "app.conf.update(broker.celery_settings('', settings.DATABASES['default'], 300))\n"
        f"app.conf.task_default_queue = '{name}'\n"
        f"app.send_task('a.task', args=[1], queue='{name}')\n"
        "with app.connection_for_read() as connection:\n"
        f"    queue = connection.SimpleQueue('{name}')\n"
        "    message = queue.get(timeout=10)\n"
        "    message.ack()\n"
        "    print(message.headers['task'])\n"
    )
    assert run_as(roles["app"], script) == "a.task\n"


def test_public_pages_are_served_as_the_reader(roles):
    run_as(roles["app"], FLOW)
    walked = (
        "from django.test import Client\n"
        "from tests.timelines.test_leaks import PAGES, walk\n"
        "pages = PAGES.keys() - {'view_feed'}\n"  # it makes a saved view to ask for
        "print(len(walk(Client(), None, pages)))\n"
    )
    assert int(run_as(roles["reader"], walked)) > 100


# --- and is refused what it need not do -----------------------------------------------------------

REFUSED = {
    "app": (
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE core_change (id bigint)",
        "CREATE SCHEMA mine",
        "DROP TABLE events_event",
        "ALTER TABLE events_event ADD COLUMN mine text",
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "ALTER TABLE events_evidence DISABLE TRIGGER evidence_span",
        "DROP TRIGGER change_immutable ON core_change",
        "CREATE TRIGGER mine BEFORE INSERT ON events_event EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE FUNCTION record_change() RETURNS trigger LANGUAGE sql AS ''",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "TRUNCATE events_event CASCADE",
        "TRUNCATE core_change",
        'INSERT INTO core_change (at, "table", row_id, owner_table, owner_id, op, after, who, why, "group") '
        "VALUES (now(), 'events_event', 1, 'events_event', 1, 'I', '{}', 'somebody else', '', '')",
        "UPDATE core_change SET who = 'somebody else'",
        "DELETE FROM core_change",
        "UPDATE events_decision SET by_label = 'somebody else'",
        "DELETE FROM events_decision",
        "UPDATE articles_articleversion SET sha256 = repeat('a', 64)",
        "DELETE FROM articles_articleversion",
        "UPDATE articles_removal SET reason = 'another'",
        "DELETE FROM articles_removal",
        "UPDATE django_migrations SET name = 'x'",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY events_event TO PROGRAM 'cat'",
        "CREATE ROLE mine",
    ),
    "reader": (
        "UPDATE events_event SET title = 'x'",
        "INSERT INTO timelines_touch (event) VALUES (1)",
        "DELETE FROM events_event",
        "SELECT password FROM accounts_user",
        "SELECT session_data FROM django_session",
        "SELECT raw FROM articles_intakeitem",
        "SELECT after FROM core_change",
        "SELECT token FROM timelines_savedview",
        "SELECT body FROM timelines_notice",
        "SELECT reason FROM articles_removal",
        "CREATE TABLE mine ()",
        "SELECT nextval('events_event_id_seq')",
    ),
}


def test_what_they_need_not_do_is_refused(roles):
    rows.quoted(), rows.decision(), rows.change(), rows.removal()
    for who, statements in REFUSED.items():
        for statement in statements:
            with psycopg.connect(roles[who]) as role, pytest.raises(errors.InsufficientPrivilege):
                role.execute(statement)


def test_what_rights_allow_triggers_still_refuse(roles):
    """Columns that a removal blacks out may be written by the app: outside a removal they are not."""
    rows.quoted(), rows.decision(), rows.change()
    for statement in (
        "UPDATE core_change SET why = 'x'",
        "UPDATE events_decision SET reason = 'x'",
        "UPDATE articles_articleversion SET text = 'x'",
    ):
        with psycopg.connect(roles["app"]) as role, pytest.raises(errors.RestrictViolation):
            role.execute(statement)
