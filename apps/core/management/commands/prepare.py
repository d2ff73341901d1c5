"""`manage.py prepare`: what stands before the first page, without starting anything (containers)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.embedded import broker, prepare


class Command(BaseCommand):
    """Queue, tables, static files and dossier; safe to repeat."""

    help = "Install the queue, migrate, collect static files and load the dossier."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--demo-editor", action="store_true", help="make the demo editor too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare."""
        try:
            prepare.everything(self.say)
            if options["demo_editor"]:
                prepare.demo_editor(self.say)
        except (broker.BrokerError, prepare.PrepareError) as error:
            raise CommandError(str(error)) from error

    def say(self, label: str, text: str, *, passing: bool = False) -> None:
        """Print one line."""
        self.stdout.write(f"{label:<12}{text}")
