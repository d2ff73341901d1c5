"""manage.py dump_dossier: write a timeline as the files of a dossier."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from apps.core.dossier import DossierError, read
from apps.timelines.dossiers.dump import DumpError, dump
from apps.timelines.models import Timeline


class Command(BaseCommand):
    """Write what is public of a timeline into a folder that load_dossier reads."""

    help = (
        "Write a timeline, with its published events and what they name, as the files of a dossier: to keep it "
        "under version control, or to take it to another installation."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the timeline and the folder."""
        parser.add_argument("timeline", help="slug of the timeline")
        parser.add_argument(
            "folder", type=Path, help="where to write; it must not exist or be empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files, then read them back as a check."""
        timeline = Timeline.objects.filter(slug=options["timeline"]).first()
        if timeline is None:
            raise CommandError(f"There is no timeline “{options['timeline']}”.")
        folder: Path = options["folder"]
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is there already and not an empty folder; name another.")
        try:
            files = dump(timeline)
        except DumpError as error:
            raise CommandError(str(error)) from error
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
            (folder / name).write_text(text, encoding="utf-8")
        try:
            dossier = read(folder)
        except DossierError as error:
            raise CommandError(f"What was written is no right dossier yet:\n{error}") from error
        self.stdout.write(f"{dossier.slug}: {len(dossier.events)} events written to {folder}.")
