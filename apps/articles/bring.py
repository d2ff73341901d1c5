"""What `manage.py ingest` is given (files, folders, addresses, lines) becomes items."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from apps.articles import entries, standing
from apps.articles.extract import html, record
from apps.articles.extract.text import storable
from apps.articles.extract.types import ExtractError
from apps.articles.ingest import Incoming
from apps.sources.fetchers import feeds, http
from apps.sources.fetching import fetch_now

_TEXT_SUFFIXES = {".txt": "text/plain", ".text": "text/plain", ".md": "text/plain"}
_SUFFIXES = _TEXT_SUFFIXES | {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".jsonl": record.CONTENT_TYPE,
    ".ndjson": record.CONTENT_TYPE,
    ".json": "",
    ".xml": "",
    ".rss": "",
    ".atom": "",
}
_MAX_FILE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is no item: its name and the reason, as a sentence."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of everything that is brought; "" and None leave it to the things themselves."""

    title: str = ""
    url: str = ""
    source_name: str = ""
    published_at: datetime | None = None
    published_precision: str = ""


def bring(target: str, stdin: bytes | None, given: Given) -> Iterator[Incoming | Refused]:
    """Yield the items of one command-line argument: a path, a folder, a web address, or "-" for `stdin`."""
    if target == "-":
        found = _of_bytes(stdin or b"", "standard input", "", given)
    elif target.lower().startswith(("http://", "https://")):
        found = _of_address(target, given)
    else:
        found = _of_path(Path(target), given)
    yield from found


def _name(path: Path) -> str:
    """The path as text that can be printed and kept; a file's name need not be valid in any encoding."""
    return storable(str(path))


def _of_path(path: Path, given: Given) -> Iterator[Incoming | Refused]:
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        if not files:
            yield Refused(_name(path), "The folder holds no file.")
        for file in files:
            if not file.resolve().is_relative_to(path.resolve()):
                yield Refused(_name(file), "It is a link that leads out of the folder.")
            elif file.suffix.lower() in _SUFFIXES:
                yield from _of_file(file, given)
            else:
                yield Refused(_name(file), f"Files that end in {file.suffix!r} are not read.")
    else:
        yield from _of_file(path, given)


def _of_file(path: Path, given: Given) -> Iterator[Incoming | Refused]:
    kind = _SUFFIXES.get(path.suffix.lower(), "")
    try:
        if kind == record.CONTENT_TYPE:
            with path.open("rb") as file:
                # A line without an end comes in pieces, none of which is a record: it cannot fill the memory.
                lines = iter(partial(file.readline, _MAX_FILE_BYTES), b"")
                yield from _of_lines(lines, _name(path), given)
            return
        with path.open("rb") as file:  # of a pipe or a device only reading tells how long it is
            raw = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        yield Refused(_name(path), f"The file cannot be read ({error.strerror}).")
        return
    if len(raw) > _MAX_FILE_BYTES:
        yield Refused(_name(path), f"The file is larger than {_MAX_FILE_BYTES} bytes.")
        return
    yield from _of_bytes(raw, _name(path), kind, given)


def _of_address(url: str, given: Given) -> Iterator[Incoming | Refused]:
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


def _of_bytes(raw: bytes, label: str, kind: str, given: Given) -> Iterator[Incoming | Refused]:
    """Tell by content what the bytes are: a feed, JSON lines, or one page or text."""
    if not raw.strip():
        yield Refused(label, "It is empty.")
    elif feeds.looks_like_feed(raw):
        yield from _of_feed(raw, label, given)
    elif raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and not html.looks_like_html(raw):
        lines = [raw] if _is_one_record(raw) else raw.splitlines(keepends=True)
        yield from _of_lines(lines, label, given)
    else:
        yield _completed(Incoming(label=label, raw=raw, content_type=kind), given)


def _of_feed(raw: bytes, label: str, given: Given) -> Iterator[Incoming | Refused]:
    try:
        listed = feeds.read(raw, given.url)
    except feeds.FeedError as error:
        yield Refused(label, f"The feed cannot be read: {error}.")
        return
    if not listed:
        yield Refused(label, "The feed lists no entry with a web address.")
    # The feed's own address and title are not those of its entries.
    of_entries = replace(given, url="", title="")
    for item in entries.incoming(listed):
        yield _completed(item, of_entries)


def _of_lines(lines: Iterable[bytes], label: str, given: Given) -> Iterator[Incoming | Refused]:
    """One record a line; an empty line is none."""
    # One address or title cannot be that of many records.
    of_records = replace(given, url="", title="")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name = f"{label}, line {number}"
        try:
            read = record.read(line)
        except ExtractError as error:
            yield Refused(name, str(error))
            continue
        article = read.article
        told = article.published
        item = Incoming(
            label=f"{name} ({read.id})" if read.id else name,
            raw=line,
            url=article.url,
            content_type=record.CONTENT_TYPE,
            title=article.title,
            published_at=told.at if told else None,
            published_precision=told.precision if told else "",
            source_name=article.source_name,
        )
        yield _completed(item, of_records)


def _is_one_record(raw: bytes) -> bool:
    """A single object, written over several lines."""
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _completed(item: Incoming, given: Given) -> Incoming:
    """Add what the caller says where the item itself does not tell."""
    dated = item.published_at is not None
    return replace(
        item,
        title=item.title or given.title,
        url=item.url or given.url,
        source_name=item.source_name or given.source_name,
        published_at=item.published_at if dated else given.published_at,
        published_precision=item.published_precision if dated else given.published_precision,
    )
