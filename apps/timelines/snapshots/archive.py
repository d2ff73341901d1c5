"""Zip files whose bytes follow from their contents alone. Plain: values in, bytes out."""

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final

# The earliest that a zip can say: when a file was written is no part of what it says.
_ALWAYS: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an archive: its SHA-256 in hexadecimal, and its bytes before they were packed."""

    name: str
    sha256: str
    size: int


class TooLargeError(Exception):
    """More bytes came than the archive may hold."""


class Archive:
    """A zip that is written file by file; each file comes in chunks, so that memory does not grow with it."""

    def __init__(self, target: IO[bytes], most: int) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._left = most
        self.written: list[Written] = []

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a file; TooLargeError where it does not fit any more."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, _ALWAYS)
        info.compress_type, info.create_system, info.external_attr = (
            zipfile.ZIP_DEFLATED,
            3,
            _READABLE,
        )
        with self._zip.open(info, "w") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > self._left:
                    raise TooLargeError(name)
                digest.update(chunk)
                file.write(chunk)
        self._left -= size
        self.written.append(Written(name, digest.hexdigest(), size))

    def close(self) -> None:
        """Write the directory of the zip."""
        self._zip.close()
