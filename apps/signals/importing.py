"""Files of signals are taken in piece by piece: streamed, known again, gone on with where a run was cut off.

A piece is one transaction: its signals, what pages count of them, and how far the file was read. What a line
says about a signal that was brought before replaces it where it was told later, else it changes nothing.
"""

import csv
import hashlib
import io
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from queue import Queue
from typing import Any, BinaryIO, Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.signals.counting import Told
from apps.signals.formats import acled, gdelt, own
from apps.signals.formats.row import BadRowError, Format, Row, UnclassedError, severity_of
from apps.signals.models import Signal, SignalFile, SignalSource
from apps.signals.resolving import Resolver

FORMATS: Final[dict[str, Format]] = {
    SignalSource.Kind.GDELT: gdelt.FORMAT,
    SignalSource.Kind.ACLED: acled.FORMAT,
    SignalSource.Kind.OWN: own.FORMAT,
}
PIECE: Final = 20_000  # lines
START: Final = 1_000_000  # bytes that a stream is known by
LONGEST_LINE: Final = 1_000_000  # characters
MOST_FAULTS: Final = 100
# Imports of one source take turns: what one replaces, another must not count again.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('signals.import'), %s)"
_COLUMNS: Final = (
    *("source_id", "external_id", "file_id", "line", "start", "end", "precision", "known_at"),
    *("late", "kind", "code", "initiator_id", "target_id", "spot_id", "mentions", "salience"),
    *("text", "url"),
)
_QUOTED: Final = ", ".join(f'"{name}"' for name in _COLUMNS)
_STAGED: Final = "signals_staged"
_STAGE: Final = f"""CREATE TEMP TABLE IF NOT EXISTS {_STAGED} ON COMMIT DELETE ROWS AS
SELECT {_QUOTED} FROM {Signal._meta.db_table} WITH NO DATA"""  # noqa: S608
_INSERT: Final = f"""INSERT INTO {Signal._meta.db_table} ({_QUOTED})
SELECT {_QUOTED} FROM {_STAGED} ORDER BY line
ON CONFLICT (source_id, external_id) DO NOTHING RETURNING line"""  # noqa: S608
# The latest word among the lines of the piece about one signal, where it is later than what is stored.
_LATER: Final = f"""SELECT DISTINCT ON (n.external_id) n.line, o.id, o.initiator_id, o.target_id, o.spot_id,
o.start, o."end", o.kind FROM {_STAGED} n JOIN {Signal._meta.db_table} o USING (source_id, external_id)
WHERE n.known_at > o.known_at ORDER BY n.external_id, n.known_at DESC, n.line DESC"""  # noqa: S608
_SET: Final = ", ".join(f'"{name}" = n."{name}"' for name in _COLUMNS)
_REPLACE: Final = f"""UPDATE {Signal._meta.db_table} o SET {_SET} FROM {_STAGED} n
WHERE o.id = %s AND n.line = %s"""  # noqa: S608


class NotTakenError(ValueError):
    """Why a file cannot be taken in at all, in a sentence for the person who brought it."""


class Line(NamedTuple):
    """A line of a file: what it says, or why it says nothing."""

    number: int
    row: Row | None
    fault: str = ""  # empty without a row: PLOVER has no class for it


@dataclass
class Piece:
    """What became of some lines."""

    lines: int = 0
    new: int = 0
    replaced: int = 0
    known: int = 0
    unclassed: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)


def fingerprint_of(file: io.BufferedReader) -> str:
    """Return what a whole file is known by."""
    return hashlib.file_digest(file, _digest).hexdigest()


def _digest(raw: bytes = b"") -> Any:
    return hashlib.blake2b(raw, digest_size=20)


def take(
    source: SignalSource,
    name: str,
    stream: BinaryIO,
    told: Callable[[SignalFile], object],
    fingerprint: str = "",
) -> SignalFile:
    """Take in a file of `source`; `told` is given the file's row after each piece.

    A file that was begun is gone on with; one that is done is left alone where its `fingerprint` is given.
    A stream without one is known by its first million bytes: it may have grown, so what follows the lines
    that were read is read. NotTakenError where it is of another kind.
    """
    start, whole = _started(stream)
    file, _ = SignalFile.objects.get_or_create(
        source=source,
        fingerprint=fingerprint or _digest(start).hexdigest(),
        defaults={"name": name[:300]},
    )
    if file.finished_at is not None and fingerprint:
        return file
    resolver = Resolver(source)
    for lines in _ahead(_pieces(FORMATS[source.kind], whole, file.lines)):
        _store(file, resolver, lines)
        told(file)
    file.finished_at = timezone.now()
    file.save(update_fields=["finished_at"])
    return file


def _started(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of a stream and all of it."""
    start = stream.read(START)
    return start, io.BufferedReader(_Rejoined(start, stream))


class _Rejoined(io.RawIOBase):
    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start, self._rest = io.BytesIO(start), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._start.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _pieces(form: Format, stream: BinaryIO, done: int) -> Iterator[list[Line]]:
    """Yield what the lines after the first `done` say, PIECE at a time. A file's head counts as a line."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    cells = enumerate(_cells(form, text), start=1)
    head: list[str] = []
    if form.headed:
        head = next(cells, (0, [""]))[1]
    try:
        read = form.reader(head)
    except BadRowError as fault:
        raise NotTakenError(f"The file is of another kind: {fault}") from None
    rest = (line for line in cells if line[0] > done)
    while lines := list(islice(rest, PIECE)):
        yield [_line(number, found, read) for number, found in lines if found]


def _cells(form: Format, text: io.TextIOWrapper) -> Iterator[list[str]]:
    """Yield the cells of each line; none of an empty one."""
    if form.quoted:
        csv.field_size_limit(LONGEST_LINE)
        rows = csv.reader(text, delimiter=form.separator)
        while True:
            try:
                yield next(rows)
            except StopIteration:
                return
            except csv.Error as fault:
                yield [f"\x00{fault}"]
    for line in text:
        bare = line.rstrip("\r\n")
        yield bare.split(form.separator) if bare else []


def _line(number: int, cells: list[str], read: Callable[[list[str]], Row]) -> Line:
    try:
        if cells[0].startswith("\x00"):
            raise BadRowError(f"It is no line of CSV ({cells[0][1:]}).")
        return Line(number, read(cells))
    except UnclassedError:
        return Line(number, None)
    except BadRowError as fault:
        return Line(number, None, f"Line {number}: {fault}"[:400])


def _ahead(pieces: Iterator[list[Line]]) -> Iterator[list[Line]]:
    """Yield the pieces, read in a thread while the one before is stored: the database works meanwhile."""
    waiting: Queue[list[Line] | Exception | None] = Queue(maxsize=1)
    over = threading.Event()

    def read() -> None:
        try:
            for piece in pieces:
                waiting.put(piece)
                if over.is_set():
                    return
            waiting.put(None)
        except Exception as fault:  # told to the one who waits
            waiting.put(fault)

    threading.Thread(target=read, daemon=True).start()
    try:
        while (found := waiting.get()) is not None:
            if isinstance(found, Exception):
                raise found
            yield found
    finally:
        over.set()


def _store(file: SignalFile, resolver: Resolver, lines: Sequence[Line]) -> None:
    """Store a piece of the file: its signals, what is counted of them, and how far it was read."""
    rows = {line.number: line.row for line in lines if line.row is not None}
    faults = [line.fault for line in lines if line.fault]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [file.source_id])
        resolver.learn(
            {row.initiator for row in rows.values()} | {row.target for row in rows.values()},
            {row.where for row in rows.values()},
        )
        staged = dict(_staged(file, resolver, rows))
        _copy(cursor, staged.values())
        cursor.execute(_INSERT)
        new = [line for (line,) in cursor.fetchall()]
        change = Counter(_told(staged[line]) for line in new)
        replaced = _replace(cursor, staged, change) if len(new) < len(staged) else 0
        import_string(settings.SIGNALS_COUNTED_BY)(file.source_id, change)
        file.lines = max((line.number for line in lines), default=file.lines)
        file.new += len(new)
        file.replaced += replaced
        file.known += len(staged) - len(new) - replaced
        file.refused += len(faults)
        file.unclassed += len(lines) - len(rows) - len(faults)
        file.faults = [*file.faults, *faults][:MOST_FAULTS]
        file.save()


def _staged(
    file: SignalFile, resolver: Resolver, rows: dict[int, Row]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield each line's number and the signal that it makes, in the order of _COLUMNS."""
    source, pk, day = file.source_id, file.pk, timedelta(days=1)
    for number, row in rows.items():
        late = row.known_at.date() > row.start + day
        weight = round(abs(severity_of(row.kind)) * (1 + math.log10(row.mentions)), 3)
        yield (
            number,
            (
                *(source, row.external_id, pk, number, row.start, row.end, row.precision),
                *(row.known_at, late, row.kind, row.code, resolver.party(row.initiator)),
                *(resolver.party(row.target), resolver.spot(row.where), row.mentions, weight),
                *(row.text, row.url),
            ),
        )


def _told(signal: Sequence[Any]) -> Told:
    """Return what is counted of a staged signal."""
    return Told(signal[11], signal[12], signal[13], signal[4], signal[5], signal[9])


def _copy(cursor: Any, signals: Iterable[Sequence[Any]]) -> None:
    cursor.execute(_STAGE)
    cursor.execute(
        f"TRUNCATE {_STAGED}"
    )  # it empties itself at the commit of the outermost transaction alone
    with cursor.copy(f"COPY {_STAGED} ({_QUOTED}) FROM STDIN") as copy:
        for signal in signals:
            copy.write_row(signal)


def _replace(cursor: Any, staged: dict[int, tuple[Any, ...]], change: Counter[Told]) -> int:
    """Let the later word about known signals stand; note in `change` what that takes away and adds."""
    cursor.execute(_LATER)
    found = cursor.fetchall()
    for line, pk, *before in found:
        change[Told(*before)] -= 1
        change[_told(staged[line])] += 1
        cursor.execute(_REPLACE, [pk, line])
    return len(found)


def remove(file: SignalFile) -> int:
    """Remove a file with its signals and what was counted of them; return how many signals."""
    signals = Signal.objects.filter(file=file)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [file.source_id])
        change: Counter[Told] = Counter()
        for told in signals.order_by().values_list(*Told._fields).iterator(chunk_size=PIECE):
            change[Told(*told)] -= 1
        import_string(settings.SIGNALS_COUNTED_BY)(file.source_id, change)
        removed = signals._raw_delete(signals.db)
        file.delete()
    return removed
