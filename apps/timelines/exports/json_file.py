"""JSON: {"meta": {...}, "events": [...]}; docs/exports.md has every member."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from apps.timelines.exports.about import About, instant
from apps.timelines.exports.shapes import Row, Said, Source
from apps.timelines.exports.table import COLUMNS

Members = dict[str, Any]
# Told in parts of their own below.
_APART = ("initiators", "targets", "others", "claims")


def write(about: About, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the file, one event at a time, in UTF-8."""
    yield b'{"meta": ' + dumped(about.meta()) + b',\n"events": ['
    yield from joined(event_of(row, about) for row in rows)
    yield b"\n]}\n"


def joined(items: Iterator[Members]) -> Iterator[bytes]:
    """Yield the items of a list, each on a line of its own."""
    before = b"\n"
    for item in items:
        yield before + dumped(item)
        before = b",\n"


def dumped(value: Any) -> bytes:
    """Return a value as JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in JSON.")


def event_of(row: Row, about: About) -> Members:
    """Return one event with its actors, sources, claims and links."""
    flat = {name: column(row, about) for name, column in COLUMNS.items() if name not in _APART}
    return {
        **flat,
        "actors": [
            {"slug": p.slug, "name": p.name, "kind": p.kind, "role": p.role} for p in row.parties
        ],
        "sources": [source_of(source) for source in row.sources],
        "claims": [claim_of(claim) for claim in row.claims],
        "links": [{"kind": t.kind, "event": t.event, "note": t.note} for t in row.links],
    }


def source_of(source: Source) -> Members:
    """Return what a piece of evidence stands on."""
    return {
        "publisher": source.publisher,
        "title": source.title,
        "url": source.url,
        "stance": source.stance,
        "published_on": source.published_on,
        "known_at": instant(source.known_at),
        "quote": source.quote,
        "written_for_this_project": source.sample,
    }


def claim_of(claim: Said) -> Members:
    """Return a claim."""
    return {
        "speaker": claim.speaker,
        "act": claim.act,
        "field": claim.field,
        "number": claim.number,
        "value": claim.value,
        "words": claim.words,
        "said_from": claim.said_from,
        "said_to": claim.said_to,
        "known_at": instant(claim.known_at),
        "source": claim.source,
    }
