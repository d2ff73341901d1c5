"""CSV: one line of column names, then one line an event, as RFC 4180 has it. Nothing stands above the names.

Licence, origin, day and formula are columns of every line: a comment above would break most readers, and a line
that is copied elsewhere keeps them.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import Any, Final

from apps.timelines.exports.about import About
from apps.timelines.exports.safe_csv import cell
from apps.timelines.exports.shapes import Row
from apps.timelines.exports.table import COLUMNS, Column, sources_in_line

# Excel reads UTF-8 as such only behind this mark; without it names are garbled and nobody notices.
MARK: Final = "\ufeff"
ORIGIN: Final[dict[str, Column]] = {
    "sources": lambda row, _: sources_in_line(row.sources),
    "licence": lambda _, about: about.licence,
    "as_of": lambda _, about: about.as_of,
    "formula": lambda _, about: about.formula,
    "taken_from": lambda _, about: about.url,
    "made_at": lambda _, about: about.made,
}
ALL: Final = COLUMNS | ORIGIN


class _Line:
    """A file that keeps what was written last."""

    def __init__(self) -> None:
        self.last = ""

    def write(self, line: str) -> int:
        self.last = line
        return len(line)


def write(about: About, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the file line by line, in UTF-8 behind a byte order mark."""
    line = _Line()
    writer = csv.writer(line)

    def written(values: Sequence[Any]) -> bytes:
        writer.writerow(values)
        return line.last.encode()

    yield MARK.encode() + written(list(ALL))
    for row in rows:
        yield written([cell(column(row, about)) for column in ALL.values()])
