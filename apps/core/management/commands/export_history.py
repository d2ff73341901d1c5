"""manage.py export_history: write the history out for an audit."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.history_export import FORMATS, ExportError, Wanted


class Command(BaseCommand):
    """Write changes to standard output, oldest first."""

    help = (
        "Write the history to standard output: who changed what, when and why, oldest first. "
        "Days are of UTC and inclusive."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the filters and the format."""
        parser.add_argument("--from", default="", metavar="DAY", help="first day, 2020-01-31")
        parser.add_argument("--to", default="", metavar="DAY", help="last day")
        parser.add_argument("--user", default="", help="user name")
        parser.add_argument("--object", default="", help="model and number: events.event:12")
        parser.add_argument("--format", default="jsonl", choices=sorted(FORMATS))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write line by line."""
        try:
            wanted = Wanted.read(options)
        except ExportError as error:
            raise CommandError(str(error)) from error
        _, write = FORMATS[options["format"]]
        for line in write(wanted):
            self.stdout.write(line, ending="")
