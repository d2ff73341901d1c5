"""manage.py review_dispatches: publish what agrees with the editors' review of the sample dispatches."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.core.shipped import FIRST, dossier_of
from apps.timelines.dossiers.dispatches import apply_review


class Command(BaseCommand):
    """Apply the review that ships with a dossier."""

    help = (
        "Publish those proposals on the sample dispatches that agree with the dossier editors' review "
        "(dispatches/reviewed.yaml); everything else waits on the review desk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the dossier and --list."""
        parser.add_argument("dossier", nargs="?", default=FIRST, help="slug or folder")
        parser.add_argument("--list", action="store_true", help="name what the machine missed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply and tell; the last line sums up."""
        dossier = dossier_of(options["dossier"])
        outcome = apply_review(dossier)
        for line in outcome.refused:
            self.stdout.write(f"not published: {line}")
        if options["list"]:
            for review in outcome.missed:
                what = " ".join(filter(None, (review["as"], review["speaker"], review["act"])))
                told = f"{review['dispatch']}, {review['event']}, {what}: {review['quote']}"
                self.stdout.write(f"missed: {told}")
        self.stdout.write(
            f"{outcome.published} proposals published, {outcome.before} lines settled before, "
            f"{len(outcome.missed)} of {len(dossier.reviewed)} lines not found by the machine, "
            f"{outcome.left} proposals left for the review desk."
        )
