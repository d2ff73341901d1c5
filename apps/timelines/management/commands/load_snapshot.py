"""manage.py load_snapshot: load a sealed snapshot of another installation as a dossier."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.timelines.snapshots.making import SnapshotError
from apps.timelines.snapshots.opening import Opened, open_snapshot
from apps.timelines.snapshots.storing import TOLERANCE, Loaded, load_snapshot


class Command(BaseCommand):
    """Check the seal and every file, then load."""

    help = (
        "Check a snapshot's seal and the checksum of each of its files, load it as a dossier, and compare the "
        "index that follows with the sealed one. A file that was changed is named, and then nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, --check and --into-existing."""
        parser.add_argument("file", type=Path, help="the snapshot, a zip file")
        parser.add_argument("--check", action="store_true", help="check the seal, write nothing")
        parser.add_argument(
            "--into-existing",
            action="store_true",
            help="load over a timeline of the same name; what editors changed here stays",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then load unless --check."""
        try:
            opened = open_snapshot(options["file"])
            if options["check"]:
                self._say(opened, "the seal holds, every file is as it was sealed.")
                return
            loaded = load_snapshot(opened, options["into_existing"])
        except SnapshotError as error:
            raise CommandError(f"{options['file'].name}: {error}") from error
        self._tell(opened, loaded)

    def _say(self, opened: Opened, sentence: str) -> None:
        self.stdout.write(f"{opened.manifest['timeline']}: {sentence}")

    def _tell(self, opened: Opened, loaded: Loaded) -> None:
        for line in loaded.report.kept:
            self.stdout.write(f"  kept as it is here: {line}")
        new = ", ".join(
            f"{count} {model}" for model, count in sorted(loaded.report.created.items())
        )
        self._say(opened, f"new: {new or 'nothing'}.")
        if loaded.pinned:
            self._say(
                opened, f"{loaded.pinned} events are pinned: the scope alone would not have them."
            )
        if loaded.others:
            self._say(
                opened, f"{loaded.others} other events of this installation belong to it, too."
            )
        if loaded.largest is None:
            self._say(
                opened, "a part of a timeline; its index here is what these events alone make."
            )
        elif loaded.largest <= TOLERANCE:
            self._say(opened, "the index is the sealed one on every day.")
        else:
            self._say(
                opened, f"the index differs from the sealed one by up to {loaded.largest:.3g}."
            )
