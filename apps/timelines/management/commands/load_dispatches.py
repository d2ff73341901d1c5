"""manage.py load_dispatches: send a dossier's sample dispatches through the stages."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core import queues
from apps.core.shipped import FIRST, dossier_of
from apps.events import follow
from apps.timelines.dossiers.dispatches import enqueue_dispatches

WAIT_SECONDS = 600


class Command(BaseCommand):
    """Enqueue sample dispatches; those that were brought in before are left alone."""

    help = (
        "Enqueue a dossier's sample dispatches, written for this project, for the workers. "
        "A dispatch whose text was brought in before is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the dossier and --wait."""
        parser.add_argument("dossier", nargs="?", default=FIRST, help="slug or folder")
        parser.add_argument("--wait", action="store_true", help="wait until workers are through")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enqueue and, where asked, follow."""
        dossier = dossier_of(options["dossier"])
        with queues.bulk():
            batch = enqueue_dispatches(dossier)
        if batch is None:
            self.stdout.write(f"nothing to do, all {len(dossier.dispatches)} were brought in.")
            return
        self.stdout.write(f"{batch.items.count()} of {len(dossier.dispatches)} queued.")
        if not options["wait"]:
            return
        deadline = time.monotonic() + WAIT_SECONDS
        while not (state := follow.progress(batch)).finished:
            if time.monotonic() > deadline:
                raise CommandError(
                    f"Not everything was done within {WAIT_SECONDS} s: {_told(state)}. "
                    "Is a worker running (make run)?"
                )
            time.sleep(0.5)
        self.stdout.write(f"{_told(state)}.")


def _told(state: follow.Progress) -> str:
    stages = zip(follow.STAGES, state.passed, strict=True)
    return ", ".join(f"{passed} of {state.items} {stage}" for stage, passed in stages)
