"""Open a sealed snapshot that came from elsewhere: nothing of it is used before all of it was checked."""

import json
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import yaml

from apps.timelines import tension
from apps.timelines.snapshots.making import (
    FORMAT,
    MANIFEST,
    MOST_BYTES,
    VERSION,
    SnapshotError,
    seal_of,
)

MOST_PACKED: Final = 128 * 1024 * 1024
MOST_FILES: Final = 64
LARGEST_MANIFEST: Final = 1024 * 1024
# Folders and names of plain characters: no way out of the folder, on any system.
_NAME: Final = re.compile(r"(?:[a-z]+/)?[A-Za-z0-9_]+\.[a-z]{2,4}")
# What reading a packed file may end in, whatever it is packed with.
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
NEEDED: Final = (
    *("dossier/dossier.yaml", "dossier/actors.yaml", "dossier/places.yaml", "dossier/sources.yaml"),
    *("dossier/events.yaml", "index/index.csv"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot whose seal holds."""

    manifest: dict[str, Any]
    files: dict[str, bytes]


def open_snapshot(path: Path) -> Opened:
    """Read and check a snapshot; SnapshotError names the file that is wrong, and how."""
    if not path.is_file():
        raise SnapshotError(f"There is no file {path}.")
    if path.stat().st_size > MOST_PACKED:
        raise SnapshotError(f"{path.name} is larger than {MOST_PACKED // 1024**2} MB.")
    try:
        with zipfile.ZipFile(path) as archive:
            return _open(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise SnapshotError(f"{path.name} is no zip file that can be read: {error}.") from error


def _open(archive: zipfile.ZipFile) -> Opened:
    entries = {info.filename: info for info in archive.infolist()}
    if len(entries) < len(archive.infolist()) or len(entries) > MOST_FILES:
        raise SnapshotError("The zip has a file twice, or too many files, for a snapshot.")
    for name in entries:
        if not _NAME.fullmatch(name):
            raise SnapshotError(f"“{name[:80]}” is no name that a file of a snapshot has.")
    if sum(info.file_size for info in entries.values()) > MOST_BYTES:
        raise SnapshotError(f"Its files are larger than {MOST_BYTES // 1024**2} MB together.")
    manifest = _manifest(archive, entries)
    files = {}
    for name, told in manifest["files"].items():
        files[name] = _file(archive, name, told)
    for name in entries.keys() - files.keys() - {MANIFEST}:
        raise SnapshotError(f"{name} was added: the manifest does not name it.")
    for name in NEEDED:
        if name not in files:
            raise SnapshotError(f"{name} is missing.")
        if name.endswith(".yaml"):
            _plain(name, files[name])
    return Opened(manifest, files)


def _manifest(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> dict[str, Any]:
    """Read the manifest and check that it is one, of a version that is known, and sealed."""
    if MANIFEST not in entries:
        raise SnapshotError(f"{MANIFEST} is missing: this is no snapshot.")
    try:
        with archive.open(MANIFEST) as file:
            manifest = json.loads(file.read(LARGEST_MANIFEST + 1))
        # A seal is of text: half of a pair of surrogates is none.
        json.dumps(manifest, ensure_ascii=False).encode()
    except _DAMAGED:
        raise SnapshotError(f"{MANIFEST} is damaged.") from None
    except (ValueError, RecursionError) as error:
        raise SnapshotError(f"{MANIFEST} cannot be read: it is no JSON.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise SnapshotError(f"{MANIFEST} is not that of a Tensionline snapshot.")
    if manifest.get("version") != VERSION:
        told = str(manifest.get("version"))[:20]
        raise SnapshotError(
            f"{MANIFEST} is of version {told} of the snapshot format; version {VERSION} is known here."
        )
    if manifest.get("seal") != seal_of(manifest):
        raise SnapshotError(f"The seal of {MANIFEST} is broken: somebody changed it.")
    if manifest.get("formula") != tension.VERSION:
        told = str(manifest.get("formula"))[:20]
        raise SnapshotError(
            f"{MANIFEST} names index formula {told}; this installation computes {tension.VERSION}."
        )
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(isinstance(told, dict) for told in files.values()):
        raise SnapshotError(f"{MANIFEST} does not list its files.")
    return manifest


def _file(archive: zipfile.ZipFile, name: str, told: dict[str, Any]) -> bytes:
    """Read one file, never more of it than the manifest says, and compare it with its checksum."""
    size = told.get("bytes")
    if not isinstance(size, int) or not 0 <= size <= MOST_BYTES:
        raise SnapshotError(f"{MANIFEST} does not say how long {name} is.")
    try:
        with archive.open(name) as file:
            content = file.read(size + 1)
    except KeyError:
        raise SnapshotError(f"{name} is missing.") from None
    except _DAMAGED:
        raise SnapshotError(f"{name} is damaged.") from None
    if len(content) != size or sha256(content).hexdigest() != told.get("sha256"):
        raise SnapshotError(f"{name} was changed since the snapshot was sealed.")
    return content


def _plain(name: str, content: bytes) -> None:
    """Refuse YAML with references: a few lines of them can stand for more than any memory holds."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(content, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise SnapshotError(f"{name} has a reference (“*{event.anchor}”); write it out.")
    except yaml.YAMLError as error:
        raise SnapshotError(f"{name} is no YAML.") from error
