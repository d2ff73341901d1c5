"""Streams that hold many items: records a line, tables, archives of crawls. Read piece by piece."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord

from apps.articles.brought import MAX_FILE_BYTES, Brought, Given, Passed, Refused, completed
from apps.articles.extract import record
from apps.articles.extract.types import ExtractError
from apps.articles.incoming import Incoming
from apps.sources.fetchers import http
from apps.sources.fetchers.bodies import BodyError, unpacked
from apps.sources.fetchers.guard import TooLargeError

# The columns that are read, as tables of news usually call them.
_COLUMNS = {
    "id": ("id", "guid", "story_id", "stories_id"),
    "text": ("text", "body", "content", "article", "fulltext", "full_text"),
    "title": ("title", "headline"),
    "url": ("url", "link", "address", "sourceurl", "source_url"),
    "published_at": (
        "published_at", "published", "publish_date", "publication_date", "pubdate", "date", "datetime",
    ),
    "source": ("source", "publisher", "outlet", "media_name", "source_name"),
}  # fmt: skip
_PIECE = 65_536
_DELIMITERS = ",;\t|"


def of_lines(lines: Iterable[bytes], label: str, given: Given) -> Brought:
    """One record a line; an empty line is none."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _of_record(line, f"{label}, line {number}", given.of_many)


def _of_record(line: bytes, name: str, given: Given) -> Incoming | Refused:
    """A record that has an address and no text is a page that is still to be fetched."""
    try:
        read = record.read(line, text_needed=False)
    except ExtractError as error:
        return Refused(name, str(error))
    article = read.article
    told = article.published
    item = Incoming(
        label=f"{name} ({read.id})" if read.id else name,
        raw=line if article.text else None,
        url=article.url,
        content_type=record.CONTENT_TYPE if article.text else "",
        title=article.title,
        published_at=told.at if told else None,
        published_precision=told.precision if told else "",
        source_name=article.source_name,
    )
    return completed(item, given)


def of_table(stream: BinaryIO, start: bytes, label: str, given: Given) -> Brought:
    """One record a row of a CSV; `start` are its first bytes, which tell charset and delimiter."""
    text = io.TextIOWrapper(stream, _charset(start), errors="replace", newline="")
    csv.field_size_limit(MAX_FILE_BYTES)
    header = start.decode(_charset(start), "replace").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    rows = csv.DictReader(text, delimiter=delimiter)
    try:
        names = _columns(rows.fieldnames or ())
        if "text" not in names and "url" not in names:
            known = ", ".join(_COLUMNS["text"] + _COLUMNS["url"])
            yield Refused(label, f"Its first line names no column of texts or addresses ({known}).")
            return
        for row in rows:
            name = f"{label}, line {rows.line_num}"
            told = {field: (row.get(column) or "").strip() for field, column in names.items()}
            line = json.dumps({field: value for field, value in told.items() if value})
            if any(told.values()):
                yield _of_record(line.encode(), name, given.of_many)
    except csv.Error as error:
        yield Refused(f"{label}, line {rows.line_num}", f"The table cannot be read on ({error}).")


def _columns(header: Iterable[str]) -> Mapping[str, str]:
    """Return the column of each field that the table has."""
    named = {(name or "").strip().lower().replace(" ", "_"): name for name in header}
    found = {
        field: next((named[alias] for alias in aliases if alias in named), None)
        for field, aliases in _COLUMNS.items()
    }
    return {field: column for field, column in found.items() if column is not None}


def _charset(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start[: max(len(start) - 4, 0)].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < len(start) - 8:
            return "cp1252"
    return "utf-8-sig"


def of_archive(stream: io.BufferedReader, label: str, given: Given) -> Brought:
    """The documents of a WARC (ISO 28500): its answers of status 200 in a type that is read here."""
    others: Counter[str] = Counter()
    number = 0
    try:
        for number, entry in enumerate(ArchiveIterator(stream.raw), start=1):
            if entry.rec_type not in ("response", "resource", "conversion"):
                continue
            kind = _type(entry)
            if kind is None or http.content_type(kind)[0] not in http.DOCUMENT_TYPES:
                others["pages that were not found" if kind is None else kind.partition(";")[0]] += 1
                continue
            yield _of_entry(entry, kind, f"{label}, record {number}", given.of_many)
        stream.raw.read(1)  # the iterator takes a broken end for an end
    except Exception as error:  # whatever its parser makes of damage: what came before it counts
        yield Refused(
            f"{label}, after record {number}", f"The archive cannot be read on ({error})."
        )
    if others:
        told = ", ".join(f"{count} {kind}" for kind, count in others.most_common(10))
        yield Passed(label, f"{others.total()} records hold no article: {told}.")


def _type(entry: ArcWarcRecord) -> str | None:
    """The content type of what a record holds; None where it is an answer without it."""
    if entry.http_headers is None:
        return str(entry.rec_headers.get_header("Content-Type") or "")
    if entry.http_headers.get_statuscode() != "200":
        return None
    return str(entry.http_headers.get_header("Content-Type") or "text/html")


def _of_entry(entry: ArcWarcRecord, kind: str, name: str, given: Given) -> Incoming | Refused:
    url = str(entry.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    name = f"{name} ({url})" if url else name
    try:
        raw = _body(entry)
    except TooLargeError:
        return Refused(name, f"It is larger than {MAX_FILE_BYTES} bytes.")
    if not raw.strip():
        return Refused(name, "It is empty.")
    return completed(Incoming(label=name, raw=raw, url=url, content_type=kind[:100]), given)


def _body(entry: ArcWarcRecord) -> bytes:
    """The answer's body, unpacked where it is packed: some archives keep it plain under its first headers."""

    def told(name: str) -> str:
        headers = entry.http_headers
        return str((headers and headers.get_header(name)) or "").strip().lower()

    stream = entry.raw_stream
    if told("Transfer-Encoding") == "chunked":
        stream = ChunkedDataReader(stream)
    body = unpacked(iter(lambda: stream.read(_PIECE), b""), "identity", MAX_FILE_BYTES)
    try:
        return unpacked([body], told("Content-Encoding"), MAX_FILE_BYTES)
    except BodyError:
        return body
