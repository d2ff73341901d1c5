"""The file of a backup: a zip with what it is, PostgreSQL's dump, and what must come out of it.

    manifest.json   format, time, version of the server, migrations that had been run
    database.dump   pg_dump's custom format, compressed by itself
    contents.json   SHA-256 of the dump; rows and checksum of each table

The last comes last, and a zip is read from its end: a file that was cut off is no backup. Plain code.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self

FORMAT = 1
MANIFEST, DUMP, CONTENTS = "manifest.json", "database.dump", "contents.json"
_CHUNK = 1 << 18
# What reading a file that is no whole zip of ours can end in.
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    TypeError,
    ValueError,
)
DAMAGED = (
    "{file} is damaged or was cut off: {why}. Nothing was changed; take another copy of the backup."
)


class DamagedError(Exception):
    """A file is no whole backup; the message says so in a sentence."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is of."""

    made_at: str
    server: int  # as 180006
    migrations: dict[str, list[str]]  # app: names
    format: int = FORMAT

    @property
    def made(self) -> datetime:
        """When its snapshot was taken (aware)."""
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and a sum over them all (see sums.py)."""

    rows: int
    sum: str


@dataclass(frozen=True)
class Contents:
    """What must come out of the dump."""

    sha256: str
    size: int
    tables: dict[str, Table]

    @property
    def rows(self) -> int:
        """How many rows all tables hold together."""
        return sum(table.rows for table in self.tables.values())


class Writer:
    """Write a backup to a stream, which need not be seekable; `close` makes it whole."""

    def __init__(self, out: IO[bytes], manifest: Manifest) -> None:
        # The dump is compressed already.
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        self._digest = hashlib.sha256()
        self._size = 0

    def dump(self, chunks: Iterable[bytes]) -> None:
        """Take the dump in, piece by piece."""
        with self._zip.open(DUMP, "w", force_zip64=True) as member:
            for chunk in chunks:
                self._digest.update(chunk)
                self._size += len(chunk)
                member.write(chunk)

    def close(self, tables: dict[str, Table]) -> Contents:
        """Write what must come out, and the end of the file."""
        contents = Contents(self._digest.hexdigest(), self._size, tables)
        self._zip.writestr(CONTENTS, json.dumps(asdict(contents), indent=1))
        self._zip.close()
        return contents


class Backup:
    """A backup that is open for reading."""

    def __init__(self, file: Path, packed: zipfile.ZipFile) -> None:
        self.file = file
        self._zip = packed
        self.manifest = Manifest(**self._json(MANIFEST))
        told = self._json(CONTENTS)
        tables = {name: Table(**table) for name, table in told.pop("tables").items()}
        self.contents = Contents(tables=tables, **told)

    @classmethod
    def open(cls, file: Path) -> Self:
        """Open a file and read what it is; DamagedError where it is no whole backup, or of a newer format."""
        try:
            return cls(file, zipfile.ZipFile(file))
        except _DAMAGES as error:
            raise DamagedError(DAMAGED.format(file=file, why=_reason(error))) from error

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def chunks(self) -> Iterator[bytes]:
        """Yield the dump, piece by piece; DamagedError where it cannot be read."""
        try:
            with self._zip.open(DUMP) as member:
                while chunk := member.read(_CHUNK):
                    yield chunk
        except _DAMAGES as error:
            raise DamagedError(DAMAGED.format(file=self.file, why=_reason(error))) from error

    def verify(self, seen: Callable[[int], object]) -> None:
        """Read all of it against its checksum, telling `seen` how many bytes; DamagedError where it differs."""
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
            seen(len(chunk))
        if digest.hexdigest() != self.contents.sha256:
            why = "its dump does not have the checksum that was written with it"
            raise DamagedError(DAMAGED.format(file=self.file, why=why))

    def _json(self, name: str) -> dict[str, Any]:
        read = json.loads(self._zip.read(name))
        if read.get("format", FORMAT) != FORMAT:
            raise DamagedError(
                f"{self.file} is a backup of format {read['format']}, made by a newer version of Tensionline: "
                "restore it with that version."
            )
        return read


def _reason(error: Exception) -> str:
    return str(error).strip("'\"").rstrip(".") or type(error).__name__
