"""The index as files: what it is on each day, what every event adds, and the script that compares both."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from django.urls import reverse

from apps.core import plover
from apps.events.models import EventQuerySet
from apps.timelines import tension
from apps.timelines.exports.safe_csv import cell
from apps.timelines.queries.readings import FIELDS, reading
from apps.timelines.queries.selection import Selection

SCRIPT: Final = Path(__file__).with_name("recompute.py")
_CHUNK: Final = 500
SERIES: Final = ("day", "load", "value", "low", "high", "formula")
CONTRIBUTIONS: Final = (
    *("public_id", "title", "url", "type", "mode", "start", "end", "precision", "first_public"),
    *(
        "confidence",
        "denied",
        "plover_printed",
        "plover_score",
        "killed",
        "killed_low",
        "killed_high",
    ),
    *("wounded", "wounded_low", "wounded_high", "rank", "soil", "magnitude", "severity", "weight"),
)


@dataclass(frozen=True)
class IndexFiles:
    """The index of a view: of all its timeline, or of the events that answer to filters, where some are set.

    It has every day of the timeline up to the day as of which is asked, unless days are asked for: a day's
    value does not depend on the days around it that are shown. `base` is the site's address.
    """

    chosen: Selection
    base: str

    @property
    def events(self) -> EventQuerySet:
        """The events that it is made of, on whatever day: earlier ones are remembered."""
        chosen = self.chosen
        return chosen.on_any_day if chosen.filters.narrowed else chosen.members

    @cached_property
    def days(self) -> tuple[date, date]:
        """The first and the last day; the last lies before the first where nothing was known yet."""
        filters, bounds = self.chosen.filters, self.chosen.bounds
        asked = (filters.start, filters.end)
        first, last = (bounds.start, bounds.end) if asked == filters.focus else asked
        return first, self.chosen.as_of.until(last)

    @cached_property
    def _told(self) -> list[tuple[dict[str, Any], tension.Reading]]:
        """Each event's columns, as they read then, and what the index reads of them; one query."""
        otherwise = self.chosen.scope.then.by_event
        rows = self.events.order_by("start", "public_id").values(
            *FIELDS, "title", "first_public_at"
        )
        told = ({**row, **otherwise.get(row["pk"], {})} for row in rows)
        return [(row, reading(row)) for row in told]

    @property
    def count(self) -> int:
        """How many events it is made of."""
        return len(self._told)

    @cached_property
    def index(self) -> list[tension.Day]:
        """The index of each day."""
        first, last = self.days
        return (
            tension.series([found for _, found in self._told], first, last) if first <= last else []
        )

    def series(self) -> Iterator[bytes]:
        """Yield index.csv."""
        rows = ([d.day, d.load, d.value, d.low, d.high, tension.VERSION] for d in self.index)
        return lines(SERIES, rows)

    def contributions(self) -> Iterator[bytes]:
        """Yield contributions.csv."""
        return lines(CONTRIBUTIONS, (self._line(row, found) for row, found in self._told))

    def _page(self, public_id: str) -> str:
        return self.chosen.as_of.link(reverse("event", args=[public_id]))

    def _line(self, row: dict[str, Any], found: tension.Reading) -> list[Any]:
        terms = tension.severity(found)
        tolls = (found.toll, found.toll_low, found.toll_high)
        code = (found.type, found.mode)
        return [
            *(found.key, row["title"], self.base + self._page(found.key), *code),
            *(found.start, found.end, row["precision"], row["first_public_at"].date()),
            *(found.confidence, found.denied),
            *(plover.PUBLISHED.get(code, plover.PUBLISHED[found.type, ""]), plover.score(*code)),
            *(toll.killed for toll in tolls),
            *(toll.wounded for toll in tolls),
            *(found.rank, found.soil, terms.magnitude, terms.total, tension.weight(found)),
        ]


def lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV file in chunks; numbers are written with every digit that they have."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(names)
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(value) for value in row])
        if number % _CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
