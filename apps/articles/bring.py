"""What `manage.py ingest` is given (files, folders, addresses, standard input) becomes items."""

import gzip
import io
import json
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from apps.articles import containers, entries, standing
from apps.articles.brought import MAX_FILE_BYTES, Brought, Given, Refused, completed
from apps.articles.extract import html
from apps.articles.extract.text import storable
from apps.articles.incoming import Incoming
from apps.sources.fetchers import feeds, http
from apps.sources.fetching import fetch_now

_RECORDS = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv")
_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
    ".json": "",
    ".xml": "",
    ".rss": "",
    ".atom": "",
}
_READ = {*_TYPES, *_RECORDS, *_TABLES, ".warc"}
_PEEKED = 1_000_000  # bytes that tell what a stream is
_PIECE = 65_536
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


def bring(target: str, stdin: BinaryIO | None, given: Given, kind: str = "") -> Brought:
    """Yield the items of one command-line argument: a path, a folder, a web address, or "-" for `stdin`.

    `kind` is a file's ending without the dot (csv), where neither name nor content tell.
    """
    told = f".{kind.lower().lstrip('.')}" if kind else ""
    if target == "-":
        yield from _of_stream(stdin or io.BytesIO(), "standard input", told, given)
    elif target.lower().startswith(("http://", "https://")):
        yield from _of_address(target, given)
    else:
        yield from _of_path(Path(target), told, given)


def suffix_of(path: Path) -> str:
    """The ending of a file's name that tells what it holds, in lower case, without that of its compression."""
    name = path.name.lower()
    return Path(name.removesuffix(".gz")).suffix


def _name(path: Path) -> str:
    """The path as text that can be printed and kept; a file's name need not be valid in any encoding."""
    return storable(str(path))


def _of_path(path: Path, told: str, given: Given) -> Brought:
    if not path.is_dir():
        yield from _of_file(path, told or suffix_of(path), given)
        return
    files = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
    if not files:
        yield Refused(_name(path), "The folder holds no file.")
    for file in files:
        suffix = suffix_of(file)
        if not file.resolve().is_relative_to(path.resolve()):
            yield Refused(_name(file), "It is a link that leads out of the folder.")
        elif suffix == ".opml":
            yield Refused(_name(file), "A list of feeds is taken in by itself: give its own path.")
        elif suffix in _READ:
            yield from _of_file(file, suffix, given)
        else:
            yield Refused(_name(file), f"Files that end in {file.suffix!r} are not read.")


def _of_file(path: Path, suffix: str, given: Given) -> Brought:
    try:
        with path.open("rb") as file:
            yield from _of_stream(file, _name(path), suffix, given)
    except OSError as error:
        yield Refused(_name(path), f"The file cannot be read ({error.strerror or error}).")


def _of_stream(stream: BinaryIO, label: str, suffix: str, given: Given) -> Brought:
    """Tell by name and content what a stream holds, and read it piece by piece."""
    try:
        start, whole = opened(stream)
        yield from _of_start(whole, start, label, suffix, given)
    except _BROKEN as error:
        yield Refused(label, f"Its compression is broken ({error}).")


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already, and the fault that reading on met, if it did."""

    def __init__(self, start: bytes, rest: BinaryIO, fault: Exception | None) -> None:
        self._start = memoryview(start)
        self._rest = cast(io.BufferedReader, rest)
        self._fault = fault

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        piece: bytes | memoryview = self._start[: len(view)]
        self._start = self._start[len(piece) :]
        if not piece:
            if self._fault is not None:
                raise self._fault
            try:
                piece = self._rest.read1(len(view))
            except _BROKEN as error:
                self._fault = error
                raise
        view[: len(piece)] = piece
        return len(piece)


def opened(stream: BinaryIO) -> tuple[bytes, io.BufferedReader]:
    """Return the first bytes of a stream, _PEEKED at most, and all of it; what gzip packed is unpacked."""
    start, whole = _started(stream)
    if start.startswith(b"\x1f\x8b"):
        return _started(cast(BinaryIO, gzip.GzipFile(fileobj=whole)))
    return start, whole


def _started(stream: BinaryIO) -> tuple[bytes, io.BufferedReader]:
    """As `opened`, as it is. A pipe gives little at first: it is read until there is enough.

    What came before a fault counts; who reads as far as the fault meets it.
    """
    start, fault = bytearray(), None
    try:
        while len(start) < _PEEKED:
            piece = cast(io.BufferedReader, stream).read1(_PIECE)
            if not piece:
                break
            start += piece
    except _BROKEN as error:
        fault = error
    return bytes(start), io.BufferedReader(_Rejoined(bytes(start), stream, fault), _PIECE)


def _of_start(
    stream: io.BufferedReader, start: bytes, label: str, suffix: str, given: Given
) -> Brought:
    if suffix == ".warc" and not start.startswith(b"WARC/"):
        yield Refused(label, "It is no web archive: it does not begin with WARC/.")
    elif start.startswith(b"WARC/"):
        yield from containers.of_archive(stream, label, given)
    elif suffix in _TABLES:
        yield from containers.of_table(stream, start, label, given)
    elif suffix in _RECORDS or _begins_with_record(start):
        # A line without an end comes in pieces, none of which is a record: it cannot fill the memory.
        lines = iter(partial(stream.readline, MAX_FILE_BYTES), b"")
        yield from containers.of_lines(lines, label, given)
    else:
        raw = stream.read(MAX_FILE_BYTES + 1)
        if len(raw) > MAX_FILE_BYTES:
            yield Refused(label, f"The file is larger than {MAX_FILE_BYTES} bytes.")
            return
        yield from _of_bytes(raw, label, _TYPES.get(suffix, ""), given)


def _begins_with_record(start: bytes) -> bool:
    """Tell whether the first line is a record by itself, and no feed."""
    first, end, _ = start.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    return (
        bool(end)
        and first.startswith(b"{")
        and not feeds.looks_like_feed(start)
        and _is_json(first)
    )


def _of_address(url: str, given: Given) -> Brought:
    try:
        answer = fetch_now(url)
    except http.FetchError as error:
        lost = standing.article_at(url) if error.gone else None
        if lost is not None:
            standing.lost(lost)
        yield Refused(url, str(error))
        return
    known = standing.article_at(answer.url)
    if known is not None:
        standing.found_again(known)
    kind = f"{answer.content_type}; charset={answer.charset}" if answer.charset else ""
    given = replace(given, url=given.url or answer.url)
    yield from _of_bytes(answer.body, url, kind or answer.content_type, given)


def _of_bytes(raw: bytes, label: str, kind: str, given: Given) -> Brought:
    """Tell by content what the bytes are: a feed, JSON, or one page, document or text."""
    if not raw.strip():
        yield Refused(label, "It is empty.")
    elif feeds.looks_like_feed(raw):
        yield from _of_feed(raw, label, given)
    elif raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and not html.looks_like_html(raw):
        lines = [raw] if _is_json(raw) else raw.splitlines(keepends=True)
        yield from containers.of_lines(lines, label, given)
    else:
        yield completed(Incoming(label=label, raw=raw, content_type=kind), given)


def _of_feed(raw: bytes, label: str, given: Given) -> Brought:
    try:
        listed = feeds.read(raw, given.url)
    except feeds.FeedError as error:
        yield Refused(label, f"The feed cannot be read: {error}.")
        return
    if not listed:
        yield Refused(label, "The feed lists no entry with a web address.")
    for item in entries.incoming(listed):
        yield completed(
            item, given.of_many
        )  # the feed's own address and title are not its entries'


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True
