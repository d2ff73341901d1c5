"""manage.py load_dossier: check a dossier's files and bring the database up to them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.dossier import Dossier, DossierError, read
from apps.core.shipped import directory_of
from apps.timelines.dossiers.load import Report, load
from apps.timelines.dossiers.load_feeds import FeedKind


class Command(BaseCommand):
    """Check a dossier and load it; a second load changes nothing."""

    help = (
        "Check a dossier's files and load them. Every fault is told with file, line, item and reason, and then "
        "nothing is written. What editors changed since the last load stays, and the difference is told."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the dossier and --check."""
        parser.add_argument("dossier", help="slug of a dossier in DOSSIERS_DIR, or a folder")
        parser.add_argument("--check", action="store_true", help="check the files, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then load unless --check."""
        dossier = self._read(options["dossier"])
        if options["check"]:
            self.stdout.write(f"{dossier.slug}: the files are right ({_sizes(dossier)}).")
            return
        self._tell(dossier, load(dossier))

    def _read(self, name: str) -> Dossier:
        try:
            dossier = read(directory_of(name))
            FeedKind(dossier).items()  # its own file, which is read when it is loaded
        except DossierError as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            told = "fault" if len(error.faults) == 1 else "faults"
            raise CommandError(
                f"{name}: {len(error.faults)} {told}; nothing was written."
            ) from error
        return dossier

    def _tell(self, dossier: Dossier, report: Report) -> None:
        for heading, lines in (
            ("changed after the files", report.changed),
            ("kept as it is here", report.kept),
            ("no longer in the files", report.gone),
        ):
            if lines:
                self.stdout.write(f"{heading} ({len(lines)}):")
                self.stdout.writelines(f"  {line}" for line in lines)
        if report.nothing_done:
            self.stdout.write(f"{dossier.slug}: nothing to do, all of it is loaded.")
            return
        new = ", ".join(f"{count} {model}" for model, count in sorted(report.created.items()))
        told = f"new: {new or 'nothing'}; changed items: {len(report.changed)}"
        self.stdout.write(f"{dossier.slug}: {told}.")


def _sizes(dossier: Dossier) -> str:
    parts = ("events", "actors", "places", "sources", "dispatches")
    return ", ".join(f"{len(getattr(dossier, part))} {part}" for part in parts)
