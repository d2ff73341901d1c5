"""`manage.py ingest`: bring in texts, pages, feeds and records, and follow them to the editor's desk."""

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from tqdm import tqdm

from apps.articles.bring import Given, Refused, bring
from apps.articles.ingest import Incoming, enqueue
from apps.articles.models import IntakeBatch
from apps.core.moments import read_iso
from apps.events import follow

NO_WORKER_AFTER = 10.0  # seconds
BUSY = timedelta(minutes=1)  # a worker may still be at what it began with before
NO_WORKER = "No worker seems to run: start `make run` in another terminal; the items stay queued."


class Command(BaseCommand):
    """Bring in articles."""

    help = (
        "Bring in articles: text, HTML, a web page, a feed or JSON lines, from files, folders, addresses "
        "or standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("target", nargs="+", help="path, folder, http(s) address, or -")
        parser.add_argument(
            "--published", type=_moment, help="ISO date or time, where the item tells none"
        )
        parser.add_argument("--title", default="", help="title of a single text")
        parser.add_argument("--url", default="", help="address that a single text is from")
        parser.add_argument("--source", default="", help="name of the source")
        parser.add_argument("--wait", action="store_true", help="follow the items to the end")
        parser.add_argument("--timeout", type=float, default=900, help="seconds to wait at most")
        parser.add_argument("--json", action="store_true", help="print one outcome an item")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enqueue everything that can be read, tell what cannot, follow where asked."""
        self.refused: list[Refused] = []
        try:
            batch = enqueue(self._items(options), label=" ".join(options["target"]))
            complete = not options["wait"] or self._follow(batch, options["timeout"])
            reports = follow.reports(batch)
        except OperationalError as error:
            raise CommandError(
                "The database does not answer: start `make run` in another terminal "
                f"({str(error).strip()})."
            ) from error
        self._tell(reports, as_json=options["json"], waited=options["wait"])
        failed = [report for report in reports if report.error]
        if not complete:
            raise CommandError(f"Not everything was done within {options['timeout']:g} seconds.")
        if failed or self.refused:
            count = len(failed) + len(self.refused)
            raise CommandError(f"{count} of {len(reports) + len(self.refused)} items failed.")

    def _items(self, options: dict[str, Any]) -> Iterator[Incoming]:
        """Yield what can be taken in; what cannot is named at once and remembered."""
        moment, precision = options["published"] or (None, "")
        given = Given(options["title"], options["url"], options["source"], moment, precision)
        for target in options["target"]:
            stdin = sys.stdin.buffer.read() if target == "-" else None
            for item in bring(target, stdin, given):
                if isinstance(item, Refused):
                    self.refused.append(item)
                    self.stderr.write(f"{item.label}: {item.reason}")
                else:
                    yield item

    def _follow(self, batch: IntakeBatch, timeout: float) -> bool:
        """Show the batch's progress until it is through; False where `timeout` seconds did not do."""
        started, told = time.monotonic(), False
        total = batch.items.count()
        pace = 0.2 if sys.stderr.isatty() else 5.0
        with tqdm(total=total * 3, unit="step", file=sys.stderr, mininterval=pace) as bar:
            while True:
                state = follow.progress(follow.reports(batch))
                stages = dict(zip(follow.STAGES, state.passed, strict=True))
                bar.set_postfix(stages, refresh=False)
                bar.update(sum(state.passed) - bar.n)
                waited = time.monotonic() - started
                if state.finished:
                    return True
                if waited > timeout:
                    return False
                if waited > NO_WORKER_AFTER and not told:
                    told = not follow.workers_seen(timezone.now() - BUSY)
                    if told:
                        bar.write(NO_WORKER, sys.stderr)
                time.sleep(min(0.25 + total / 2000, 5))

    def _tell(self, reports: list[follow.ItemReport], *, as_json: bool, waited: bool) -> None:
        """Print what became of each item."""
        if as_json:
            for report in reports:
                row = dataclasses.asdict(report)
                self.stdout.write(json.dumps({k: row[k] for k in _SHOWN}, ensure_ascii=False))
            for refused in self.refused:
                row = dict.fromkeys(_SHOWN) | {
                    "label": refused.label,
                    "outcome": "refused",
                    "error": refused.reason,
                    "attached": 0,
                    "proposed": 0,
                }
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        for report in reports:
            if report.error:
                self.stderr.write(f"{report.label}: {report.error}")
        self.stdout.write(_summary(reports, waited))


_SHOWN = ("id", "label", "outcome", "error", "article", "attached", "proposed")


def _summary(reports: list[follow.ItemReport], waited: bool) -> str:
    """One line on all items."""
    if not waited:
        return f"{len(reports)} items are queued."
    outcomes: dict[str, int] = {}
    for report in reports:
        name = report.outcome or "pending"
        outcomes[name] = outcomes.get(name, 0) + 1
    told = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())) or "nothing"
    attached = sum(report.attached for report in reports)
    proposed = sum(report.proposed for report in reports)
    return (
        f"{len(reports)} items: {told}; {attached} mentions attached to known events, "
        f"{proposed} new events proposed."
    )


def _moment(text: str) -> Any:
    """Read --published."""
    found = read_iso(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO date or time (2020-11-20)")
    return found
