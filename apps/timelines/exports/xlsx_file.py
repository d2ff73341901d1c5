"""XLSX: sheets Events, Claims, Sources and About. Text is written as text, never as a formula or a link."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from apps.timelines.exports.about import MAKER, About, instant
from apps.timelines.exports.safe_csv import Value, short
from apps.timelines.exports.shapes import Row, Said, Source
from apps.timelines.exports.table import COLUMNS

PIECE: Final = 64 * 1024
MOST_ROWS: Final = 1_048_576  # of one sheet, as Excel reads it
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CLAIMS: Final = (
    *("event", "speaker", "act", "field", "number", "value", "said_from", "said_to"),
    *("known_at", "source"),
)
SOURCES: Final = (
    *("event", "publisher", "title", "url", "stance", "published_on", "known_at", "quote"),
    "written_for_this_project",
)
WIDTHS: Final = {
    "title": 60, "summary": 60, "initiators": 28, "targets": 28, "url": 40, "quote": 60, "source": 40,
    "publisher": 24, "speaker": 24, "value": 30, "event": 18, "id": 18, "known_at": 20, "place": 20,
}  # fmt: skip


class _Sheet:
    """A sheet that is written from top to bottom. Lines beyond what Excel reads are counted, not written."""

    def __init__(self, book: Workbook, name: str, columns: Sequence[str]) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self.days = book.add_format({"num_format": "yyyy-mm-dd"})
        self.left_out = 0
        self._next = 0
        for number, column in enumerate(columns):
            self.sheet.set_column(number, number, WIDTHS.get(column, 12))
        self.sheet.freeze_panes(1, 0)
        heads = book.add_format({"bold": True, "bottom": 1})
        for number, column in enumerate(columns):
            self.sheet.write_string(0, number, column, heads)
        self._next = 1

    def add(self, values: Sequence[Value]) -> None:
        """Write one line."""
        if self._next >= MOST_ROWS:
            self.left_out += 1
            return
        for column, value in enumerate(values):
            self._cell(column, value)
        self._next += 1

    def _cell(self, column: int, value: Value) -> None:
        at = (self._next, column)
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self.sheet.write_boolean(*at, value)
        elif isinstance(value, int | float):
            self.sheet.write_number(*at, value)
        elif isinstance(value, date):
            self._day(column, value)
        else:
            self.sheet.write_string(*at, short(value))

    def _day(self, column: int, value: date) -> None:
        """Excel's calendar begins with 1900 and counts a day that was none in it: days before stay text."""
        if value < date(1900, 3, 1):
            self.sheet.write_string(self._next, column, value.isoformat())
        else:
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001  # a day without a zone
            self.sheet.write_datetime(self._next, column, moment, self.days)


def write(about: About, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the workbook in pieces; it is made in temporary files, of which none outlives it."""
    with TemporaryFile() as file:
        _make(file, about, rows)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _make(file: IO[bytes], about: About, rows: Iterator[Row]) -> None:
    book = Workbook(file, OPTIONS)
    book.set_properties(
        {
            "title": short(about.title)[:255],
            "author": MAKER,
            "comments": f"{about.licence}\n{about.url}"[:255],
            "created": about.made_at.replace(tzinfo=None),
        }
    )
    events = _Sheet(book, "Events", list(COLUMNS))
    claims = _Sheet(book, "Claims", CLAIMS)
    sources = _Sheet(book, "Sources", SOURCES)
    for row in rows:
        events.add([column(row, about) for column in COLUMNS.values()])
        for claim in row.claims:
            claims.add(_claim(row, claim))
        for source in row.sources:
            sources.add(_source(row, source))
    _about(book, about, {"Events": events, "Claims": claims, "Sources": sources})
    book.close()


def _claim(row: Row, claim: Said) -> list[Value]:
    return [
        *(row.id, claim.speaker, claim.act, claim.field, claim.number, claim.value),
        *(claim.said_from, claim.said_to, instant(claim.known_at), claim.source),
    ]


def _source(row: Row, source: Source) -> list[Value]:
    return [
        *(row.id, source.publisher, source.title, source.url, source.stance, source.published_on),
        *(instant(source.known_at), source.quote, source.sample),
    ]


def _about(book: Workbook, about: About, sheets: dict[str, _Sheet]) -> None:
    sheet = _Sheet(book, "About", ["about", "value"])
    sheet.sheet.set_column(0, 0, 16)
    sheet.sheet.set_column(1, 1, 90)
    for name, value in about.meta().items():
        told: Any = "; ".join(value) if isinstance(value, list) else value
        sheet.add([name, told])
    for name, written in sheets.items():
        if written.left_out:
            sheet.add([f"left out of {name}", written.left_out])
