"""`manage.py rebuild_rollups`: make severities and day counts exact again."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from apps.timelines import rollups, signal_counts
from apps.timelines.models import Timeline


class Command(BaseCommand):
    """Rebuild what is derived from the events; needed only after a change of the formula or by hand."""

    help = "Rate all events of the timelines again and recount their days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the timelines' slugs."""
        parser.add_argument(
            "--signals", action="store_true", help="count the signals of the timelines anew, too"
        )
        parser.add_argument("slug", nargs="*", help="timelines to rebuild; all where none is named")

    def handle(self, *args: object, slug: list[str], signals: bool, **options: object) -> None:
        """Rebuild, and say what changed."""
        timelines = Timeline.objects.filter(slug__in=slug) if slug else Timeline.objects.all()
        missing = set(slug) - {timeline.slug for timeline in timelines}
        if missing:
            raise CommandError(f"No timeline is called {', '.join(sorted(missing))}.")
        for timeline in timelines:
            changed = rollups.rebuild(timeline)
            self.stdout.write(f"{timeline.slug}: {changed} day counts changed")
            if signals:
                counts = signal_counts.recount(timeline)
                self.stdout.write(f"{timeline.slug}: {counts:,} counts of signals")
