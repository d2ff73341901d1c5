"""manage.py backup: the whole database in one file, or a look at whether such a file is whole."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.backup import making, programs, restoring


class Command(BaseCommand):
    """Back up; with --verify, only read a backup."""

    help = (
        "Write the whole database to a new file, as it stands at one moment; everything may go on meanwhile. "
        "See docs/backup.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", help="a new file, or - for standard output")
        parser.add_argument(
            "--verify", action="store_true", help="read an existing backup against its checksums"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up or verify."""
        try:
            if options["verify"]:
                self.verify(Path(options["file"]))
            else:
                self.make(options["file"])
        except programs.BackupError as error:
            raise CommandError(str(error)) from error

    def make(self, file: str) -> None:
        """Write the backup, and a line about it."""
        if file == "-" and sys.stdout.isatty():
            raise CommandError(
                "A backup is no text for a terminal: name a file, or send it through a pipe."
            )
        with programs.running():
            if file == "-":
                contents = making.make(sys.stdout.buffer)
                sys.stdout.buffer.flush()
            else:
                contents = making.make_file(Path(file))
        told = f"{contents.rows} rows of {len(contents.tables)} tables, {contents.size} bytes"
        self.stderr.write(f"Backed up: {told}.", self.style.SUCCESS)

    def verify(self, file: Path) -> None:
        """Read all of a backup, and tell what it holds."""
        with restoring.opened(file) as backup:
            manifest, contents = backup.manifest, backup.contents
        version = f"{manifest.server // 10000}.{manifest.server % 10000}"
        self.stdout.write(
            f"{file} is whole: made {manifest.made:%Y-%m-%d %H:%M} UTC from PostgreSQL {version}, "
            f"{contents.rows} rows of {len(contents.tables)} tables."
        )
