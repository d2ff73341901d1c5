"""manage.py roles: the SQL that gives the database's roles what they need and no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from apps.core.database_roles import Roles, statements, unknown


class Command(BaseCommand):
    """Print the SQL; run it as the owner of the tables after every migration."""

    help = (
        "Print the SQL that gives the app and the reader their rights on this database's tables: "
        "manage.py roles | psql DATABASE. See docs/roles.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--app", default=Roles().app, help="name of the role that the app logs in as"
        )
        parser.add_argument(
            "--reader", default=Roles().reader, help="name of the role that only reads"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        tables = connection.introspection.table_names()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, to_regnamespace('pgmq') IS NOT NULL")
            owner, queue = cursor.fetchone()
        roles = Roles(options["app"], options["reader"])
        name = connection.settings_dict["NAME"]
        for line in statements(roles, owner, name, tables, queue=queue):
            self.stdout.write(line)
        if left := unknown(tables):
            told = (
                f"The reader gets no right on tables that are not known: {', '.join(sorted(left))}."
            )
            self.stderr.write(told)
