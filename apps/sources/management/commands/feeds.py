"""manage.py feeds: list, find, add, import and export feeds."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.sources import discovery, lists
from apps.sources.fetchers import http, opml
from apps.sources.health import told
from apps.sources.models import Feed

_BY = "manage.py feeds"


class Command(BaseCommand):
    """Feeds from the command line."""

    help = (
        "Lists feeds with their health, finds a site's feeds and adds them, takes and writes lists (OPML). "
        "A feed that is added is off until an operator turns it on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one of the things to do."""
        todo = parser.add_subparsers(
            dest="todo", required=True, metavar="list|find|add|import|export"
        )
        todo.add_parser("list", help="every feed with its health")
        found = todo.add_parser("find", help="say which feeds a site has; adds nothing")
        found.add_argument("address", help="any page of the site, or a feed")
        added = todo.add_parser("add", help="add the feed of a site, inactive")
        added.add_argument("address", help="any page of the site, or a feed")
        added.add_argument("--all", action="store_true", help="where it has several, add them all")
        brought = todo.add_parser("import", help="add the feeds of an OPML file, inactive")
        brought.add_argument("file", help="the file, or - for standard input")
        brought.add_argument("--look", action="store_true", help="only say what would be added")
        todo.add_parser("export", help="write every feed as OPML to standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        getattr(self, f"_{options['todo']}")(options)

    def _list(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        for feed in Feed.objects.with_health(now).select_related("source"):
            state = feed.health  # type: ignore[attr-defined]
            self.stdout.write(f"{state:8} {feed.source.slug:30} {feed.url}  {told(feed, now)}")

    def _find(self, options: dict[str, Any]) -> list[discovery.Found]:
        try:
            found = discovery.find(options["address"])
        except (http.FetchError, discovery.NothingFoundError) as error:
            raise CommandError(str(error)) from error
        for one in found:
            self.stdout.write(f"{one.url}  {one.kind}, {one.entries} entries, {one.title}")
        return found

    def _add(self, options: dict[str, Any]) -> None:
        found = self._find(options)
        if len(found) > 1 and not options["all"]:
            raise CommandError("The site has several: give the address of one, or --all.")
        self._tell(lists.bring([discovery.outline(one) for one in found], by=_BY))

    def _import(self, options: dict[str, Any]) -> None:
        name = options["file"]
        try:
            if name == "-":
                raw = sys.stdin.buffer.read(opml.MOST_BYTES + 1)
            else:
                with Path(name).open("rb") as file:
                    raw = file.read(opml.MOST_BYTES + 1)
            outlines = opml.read(raw)
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
        except opml.OpmlError as error:
            raise CommandError(f"{name}: {error}") from error
        if options["look"]:
            self.stdout.write("Nothing is added yet.")
        self._tell(lists.bring(outlines, by=_BY, only_look=options["look"]))

    def _tell(self, report: lists.Report) -> None:
        for address, reason in report.refused:
            self.stderr.write(f"{address}: {reason}")
        self.stdout.write(report.sentence)
        if report.refused:
            raise CommandError(
                f"{len(report.refused)} could not be added; the lines above say why."
            )

    def _export(self, options: dict[str, Any]) -> None:
        self.stdout.write(lists.export(Feed.objects.select_related("source")).decode())
