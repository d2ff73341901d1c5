"""What stands before the first page: queue, tables, static files, dossier, demo editor. All repeatable."""

import secrets
from io import StringIO
from typing import Protocol

from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from apps.core import shipped
from apps.core.embedded import broker, static

DEMO_EDITOR = "demo-editor"
# Everything can be tried with it: publishing and dossiers, sources and users.
DEMO_ROLES = ("Senior editors", "Operators")
OLDEST_POSTGRES = 150000


class Say(Protocol):
    """Tell the person at the terminal: a label, a line; a `passing` line gives way to the next."""

    def __call__(self, label: str, text: str, *, passing: bool = False) -> None:
        """Print the line."""


class PrepareError(Exception):
    """The preparation cannot go on; the message is one sentence that says why."""


def everything(say: Say) -> None:
    """Bring database, queue, static files and dossier to where this version wants them.

    `say(label, text)` is called once a step. Raises PrepareError, BrokerError or CommandError.
    """
    say("database", _database())
    say("queue", broker.prepare(settings.CELERY_BROKER_URL, settings.DATABASES["default"]))
    say("tables", "migrating ...", passing=True)
    call_command("migrate", interactive=False, verbosity=0)
    static.collect()
    say("tables", "up to date, static files collected")
    for slug in shipped.slugs():
        say("dossier", f"{slug}: loading ...", passing=True)
        say("dossier", last_line_of("load_dossier", slug))


def last_line_of(command: str, *args: str) -> str:
    """Run a management command and return the last line that it printed."""
    out = StringIO()
    call_command(command, *args, stdout=out, no_color=True)
    lines = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    return lines[-1] if lines else "done"


def _database() -> str:
    """Check that the database answers and is new enough; return what it is, in words."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise PrepareError(
            f"DATABASE_URL names a database that does not answer: {reason}"
        ) from error
    version = connection.pg_version  # type: ignore[attr-defined]
    if version < OLDEST_POSTGRES:
        raise PrepareError(
            f"PostgreSQL {version // 10000} is too old: Tensionline needs 15 or newer."
        )
    where = f"in {settings.TENSIONLINE_HOME}" if settings.EMBEDDED_POSTGRES else "at DATABASE_URL"
    return f"PostgreSQL {version // 10000}.{version % 10000} {where}"


def demo_editor(say: Say) -> None:
    """Make the demo editor on first use and say the password, which nothing keeps in clear."""
    users = get_user_model()._default_manager
    if users.filter(username=DEMO_EDITOR).exists():
        say("editor", f"{DEMO_EDITOR} (new password: manage.py changepassword {DEMO_EDITOR})")
        return
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        user = users.create_user(username=DEMO_EDITOR, password=password, is_staff=True)  # type: ignore[attr-defined]
        user.groups.add(*Group.objects.filter(name__in=DEMO_ROLES))
    say(
        "editor",
        f"{DEMO_EDITOR} (senior editor and operator), password {password} (shown this once)",
    )


def start_sweeps() -> None:
    """Queue every scheduled task once now: what an earlier run left is taken up without waiting for beat."""
    for entry in current_app.conf.beat_schedule.values():
        current_app.send_task(entry["task"], **entry["options"])
