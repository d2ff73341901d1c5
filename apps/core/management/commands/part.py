"""`manage.py part web|worker|prompt|beat`: one program of those that `up` starts, alone (for containers)."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import queues
from apps.core.embedded import alive, processes


class Command(BaseCommand):
    """Become the program; with --alive, tell by the exit status whether it is at work."""

    help = "Run one part of what `up` starts, in this process."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("part", choices=("web", "worker", "prompt", "beat"))
        parser.add_argument("--alive", action="store_true", help="only tell whether it is at work")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace this process by the program, or check its last sign of life."""
        if options["alive"]:
            self.check_alive(options["part"])
            return
        program = {
            "web": lambda: processes.web(
                settings.WEB_HOST, settings.WEB_PORT, settings.WEB_WORKERS
            ),
            "worker": lambda: processes.worker(
                settings.WORKER_PROCESSES, settings.WORKER_MAX_MEMORY_MB, (queues.BULK,)
            ),
            "prompt": lambda: processes.prompt(settings.WORKER_MAX_MEMORY_MB),
            "beat": processes.beat,
        }[options["part"]]()
        os.chdir(settings.BASE_DIR)
        os.execv(program.command[0], program.command)  # noqa: S606

    def check_alive(self, part: str) -> None:
        """Raise CommandError where `part` has given no sign for longer than its longest task may take."""
        if part == "web":
            raise CommandError("The web server tells by itself: ask it for /healthz.")
        allowed = settings.STAGE_LEASE_SECONDS + 2 * settings.STAGE_SWEEP_SECONDS
        silent = alive.seconds_since(settings.TENSIONLINE_HOME, part)
        if silent > allowed:
            raise CommandError(f"The {part} has given no sign of life for {silent:.0f} s.")
