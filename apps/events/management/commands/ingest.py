"""`manage.py ingest`: bring in texts, pages, feeds and records, and follow them to the editor's desk."""

import argparse
import dataclasses
import itertools
import json
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from tqdm import tqdm

from apps.articles.bring import bring, opened, suffix_of
from apps.articles.brought import Given, Passed, Refused
from apps.articles.incoming import Incoming, RunningError, alone, batch_of, enqueue
from apps.articles.models import IntakeBatch, IntakeItem
from apps.core import queues
from apps.core.moments import read_iso
from apps.events import follow
from apps.sources import lists
from apps.sources.fetchers import opml

NO_WORKER_AFTER = 10.0  # seconds
BUSY = timedelta(minutes=1)  # a worker may still be at what it began with before
NO_WORKER = "No worker seems to run: start `make run` in another terminal; the items stay queued."


class Command(BaseCommand):
    """Bring in articles."""

    help = (
        "Bring in articles from files, folders, addresses or standard input: text, HTML, PDF, JSON lines, CSV, "
        "feeds, web archives (WARC), each also compressed (.gz); or a list of feeds (.opml). A run that was "
        "cut off goes on where it was when the same command is given again."
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
        parser.add_argument(
            "--type", default="", help="what it is where no name tells: csv, jsonl, warc ..."
        )
        parser.add_argument("--wait", action="store_true", help="follow the items to the end")
        parser.add_argument("--timeout", type=float, default=900, help="seconds to wait at most")
        parser.add_argument("--json", action="store_true", help="print one outcome an item")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enqueue everything that can be read, tell what cannot, follow where asked."""
        self.refused = 0
        self.as_json = options["json"]
        # Told after the items; in a file of its own, as there may be very many.
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as self.refusals:
            try:
                self._bring(options)
            except OperationalError as error:
                raise CommandError(
                    "The database does not answer: start `make run` in another terminal "
                    f"({str(error).strip()})."
                ) from error

    def _bring(self, options: dict[str, Any]) -> None:
        feed_lists = [
            t for t in options["target"] if suffix_of(Path(t)) == ".opml" and "://" not in t
        ]
        targets = [t for t in options["target"] if t not in feed_lists]
        for target in feed_lists:
            self._feeds(target)
        if targets:
            self._articles(targets, options)

    def _feeds(self, target: str) -> None:
        """Take a list of feeds in; each stays off until somebody turns it on."""
        try:
            with Path(target).open("rb") as file:
                report = lists.bring(opml.read(opened(file)[1].read(opml.MOST_BYTES + 1)))
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(f"{target} cannot be read ({reason}).") from error
        except opml.OpmlError as error:
            raise CommandError(f"{target}: {error}") from error
        for url, reason in report.refused:
            self.stderr.write(f"{target}, {url}: {reason}")
        self.stdout.write(f"{target}: {report.sentence}")

    def _articles(self, targets: list[str], options: dict[str, Any]) -> None:
        moment, precision = options["published"] or (None, "")
        given = Given(options["title"], options["url"], options["source"], moment, precision)
        batch, goes_on = batch_of(targets, (given, options["type"]))
        if goes_on:
            self.stderr.write(
                f"Going on with what was cut off: {batch.items.count():,} items are there already."
            )
        items = self._items(targets, given, options["type"])
        try:
            with alone(batch), queues.bulk():
                enqueue(items, label=batch.label, batch=batch)
        except RunningError as error:
            raise CommandError(str(error)) from error
        complete = not options["wait"] or self._follow(batch, options["timeout"])
        totals = follow.totals(batch)
        self._tell(batch, totals, waited=options["wait"])
        if not complete:
            raise CommandError(f"Not everything was done within {options['timeout']:g} seconds.")
        failed = totals.failed + self.refused
        if failed:
            raise CommandError(f"{failed:,} of {totals.items + self.refused:,} items failed.")

    def _items(self, targets: list[str], given: Given, kind: str) -> Iterator[Incoming]:
        """Yield what can be taken in; what cannot is named at once and counted."""
        with tqdm(
            unit=" items", desc="reading", file=sys.stderr, mininterval=_pace(), leave=False
        ) as bar:
            for target in targets:
                for item in bring(target, sys.stdin.buffer if target == "-" else None, given, kind):
                    if isinstance(item, Incoming):
                        bar.update()
                        yield item
                    else:
                        self._name(item, bar)

    def _name(self, item: Refused | Passed, bar: "tqdm[Any]") -> None:
        if isinstance(item, Refused):
            self.refused += 1
            bar.set_postfix(refused=self.refused, refresh=False)
            if self.as_json:
                told = {"label": item.label, "outcome": "refused", "error": item.reason}
                row = dict.fromkeys(_SHOWN) | told | {"attached": 0, "proposed": 0}
                self.refusals.write(json.dumps(row, ensure_ascii=False) + "\n")
        if self.refused <= _NAMED or isinstance(item, Passed):
            self.stderr.write(f"{item.label}: {item.reason}")
        elif self.refused == _NAMED + 1:
            self.stderr.write(
                "More cannot be read; further ones are counted, and named with --json."
            )

    def _follow(self, batch: IntakeBatch, timeout: float) -> bool:
        """Show the batch's progress until it is through; False where `timeout` seconds did not do."""
        started, told = time.monotonic(), False
        total = batch.items.count()
        with tqdm(total=total * 3, unit="step", file=sys.stderr, mininterval=_pace()) as bar:
            while True:
                state = follow.progress(batch)
                stages = dict(zip(follow.STAGES, state.passed, strict=True))
                bar.set_postfix(stages | _outcomes(follow.totals(batch)), refresh=False)
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

    def _tell(self, batch: IntakeBatch, totals: follow.Totals, *, waited: bool) -> None:
        """Print what became of each item, or of all."""
        if self.as_json:
            for report in follow.reports(batch):
                row = dataclasses.asdict(report)
                self.stdout.write(json.dumps({k: row[k] for k in _SHOWN}, ensure_ascii=False))
            self.refusals.seek(0)
            for line in self.refusals:
                self.stdout.write(line, ending="")
            return
        for report in itertools.islice(follow.reports(batch, failed=True), _NAMED):
            self.stderr.write(f"{report.label}: {report.error}")
        if totals.failed > _NAMED:
            self.stderr.write(
                f"{totals.failed - _NAMED:,} more failed: see the batch {batch.label!r} under intake items in "
                "the admin, or ask with --json."
            )
        self.stdout.write(_summary(totals, waited))


_IN_MEMORY = 1_000_000  # characters
_NAMED = 100  # failures that are named on the screen
_SHOWN = ("id", "label", "outcome", "error", "article", "attached", "proposed")


def _pace() -> float:
    """Seconds between two looks of a bar: a log file needs fewer."""
    return 0.2 if sys.stderr.isatty() else 5.0


def _outcomes(totals: follow.Totals) -> dict[str, int]:
    """What a bar shows of the outcomes."""
    names = IntakeItem.Outcome
    shown = {"new": names.NEW, "updated": names.UPDATED, "copies": names.COPY}
    return {word: totals.outcomes.get(name, 0) for word, name in shown.items()} | {
        "failed": totals.failed
    }


def _summary(totals: follow.Totals, waited: bool) -> str:
    """One line on all items."""
    if not waited:
        return f"{totals.items} items are queued."
    counted = sorted((name or "pending", count) for name, count in totals.outcomes.items())
    told = ", ".join(f"{count} {name}" for name, count in counted) or "nothing"
    return (
        f"{totals.items} items: {told}; {totals.attached} mentions attached to known events, "
        f"{totals.proposed} new events proposed."
    )


def _moment(text: str) -> Any:
    """Read --published."""
    found = read_iso(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO date or time (2020-11-20)")
    return found
