"""manage.py make_snapshot: seal what a timeline says now, and keep it."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.timelines import asof
from apps.timelines.asof import AsOf, NotADay
from apps.timelines.dossiers.dump import DumpError
from apps.timelines.models import Timeline
from apps.timelines.snapshots.making import SnapshotError, kept
from apps.timelines.snapshots.storing import keep


class Command(BaseCommand):
    """Make a snapshot of a published timeline and keep it in the database."""

    help = (
        "Seal all that a published timeline says now, with the index formula in force, and keep it. Readers "
        "find it under the timeline's snapshots. Where nothing changed since the last one, nothing is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the timeline, --as-of and --out."""
        parser.add_argument("timeline", help="slug of a published timeline")
        parser.add_argument("--as-of", default="", help="what was known by the end of that day")
        parser.add_argument("--out", type=Path, help="write the zip to this file, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, keep it, tell its seal."""
        timeline = Timeline.objects.public().filter(slug=options["timeline"]).first()
        if timeline is None:
            raise CommandError(f"There is no published timeline “{options['timeline']}”.")
        try:
            found, made = keep(timeline, settings.SITE_ADDRESS, AsOf(_day(options["as_of"])))
        except (DumpError, SnapshotError, NotADay) as error:
            raise CommandError(str(error)) from error
        if options["out"]:
            options["out"].write_bytes(kept(found))
        told = "kept" if made else "is kept already, nothing changed since"
        self.stdout.write(f"{timeline.slug}: snapshot {found.sha256} {told}.")


def _day(asked: str) -> date | None:
    return asof.parse(asked, datetime.now(UTC).date())
