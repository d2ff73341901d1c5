"""manage.py restore: bring a backup into an empty database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.backup import programs, restoring


class Command(BaseCommand):
    """Verify a backup, then restore it; all of it or nothing."""

    help = (
        "Bring a backup into the database, which must be empty. The file is verified before anything is "
        "touched, each table is checked before anything stays, and an older backup is migrated forward."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path)
        into = parser.add_mutually_exclusive_group()
        into.add_argument(
            "--into-empty", action="store_true", help="refuse a database with tables (the default)"
        )
        into.add_argument(
            "--replace", action="store_true", help="lose what is in the database, queue included"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore."""
        try:
            with restoring.opened(options["file"]) as backup, programs.running():
                run = restoring.restore(backup, replace=options["replace"])
        except programs.BackupError as error:
            raise CommandError(str(error)) from error
        contents = backup.contents
        self.stdout.write(
            f"Restored and checked: {contents.rows} rows of {len(contents.tables)} tables, as they stood at "
            f"{backup.manifest.made:%Y-%m-%d %H:%M} UTC."
        )
        if run:
            self.stdout.write(f"Brought forward to this version by {run} migrations.")
