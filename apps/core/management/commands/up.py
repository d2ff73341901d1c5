"""`manage.py up`: the whole product from one command, until Ctrl-C."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.embedded import broker, postgres, preflight, prepare, run

# Told as one sentence, without a traceback.
EXPECTED = (
    broker.BrokerError,
    postgres.PostgresError,
    preflight.PreflightError,
    prepare.PrepareError,
    run.RunError,
)


class Command(BaseCommand):
    """Start everything and keep it running."""

    help = (
        "Start database, queue, web server, workers and beat; load the dossier; end all on Ctrl-C."
    )
    requires_system_checks = ()
    _passing = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default=settings.WEB_HOST, help="address to serve on")
        parser.add_argument("--port", type=int, default=settings.WEB_PORT, help="port to serve on")
        parser.add_argument(
            "--no-samples", action="store_true", help="without the sample dispatches"
        )
        parser.add_argument("--exit-when-ready", action="store_true", help="end once all is ready")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        plan = run.Plan(
            host=options["host"],
            port=options["port"],
            samples=not options["no_samples"],
            exit_when_ready=options["exit_when_ready"],
        )
        try:
            run.run(plan, self.say)
        except run.Stop:
            self.say("stopped", "everything has ended.")
        except EXPECTED as error:
            raise CommandError(str(error)) from error

    def say(self, label: str, text: str, *, passing: bool = False) -> None:
        """Print one line of the start, at once; a passing one only on a terminal, and overwritten there."""
        terminal = self.stdout.isatty()
        if passing and (not terminal or text == self._passing):
            return
        self._passing = text if passing else ""
        start, end = ("\r\033[K", "" if passing else "\n") if terminal else ("", "\n")
        self.stdout.write(f"{start}{label:<12}{text}", ending=end)
        self.stdout.flush()
