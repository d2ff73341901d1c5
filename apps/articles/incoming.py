"""What comes in is written down as items, piece by piece, before anything is done with it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from apps.articles.extract.text import storable
from apps.articles.models import Article, IntakeBatch, IntakeItem
from apps.core.stages import wake
from apps.sources.models import Feed

_CHUNK = 200
_CHUNK_BYTES = 8_000_000
_IN_A_TASK = 20
_GROUPS = 8  # more than a machine has workers


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that comes in: bytes, or an address still to be fetched (`raw` None)."""

    label: str  # path, address or line: names the item to whoever brought it
    raw: bytes | None = None
    url: str = ""
    content_type: str = ""  # with charset where known; "" lets the bytes tell
    title: str = ""
    published_at: datetime | None = None  # aware
    published_precision: str = ""  # instant | day, "" where unknown
    source_name: str = ""
    project_written: bool = False


def enqueue(
    items: Iterable[Incoming],
    *,
    label: str,
    feed: Feed | None = None,
    batch: IntakeBatch | None = None,
) -> IntakeBatch:
    """Write `items` down, wake the intake for each and return their batch (`batch` to add to one).

    `items` may be a generator of any length: it is written in pieces, each committed at once. A batch that
    can be gone on with (see `batch_of`) takes no item a second time.
    """
    batch = batch or IntakeBatch.objects.create(label=storable(label)[:300])
    for chunk in _pieces(items):
        rows = [_row(item, batch, feed) for item in chunk]
        with transaction.atomic():
            written = IntakeItem.objects.bulk_create(_not_yet(batch, rows))
            for group in _groups([row.pk for row in written]):
                wake("articles.ingest_items", group)
    if not batch.complete:
        batch.complete = True
        batch.save(update_fields=["complete"])
    return batch


class RunningError(Exception):
    """The same run is under way elsewhere."""


def lock_number(key: str) -> int:
    """The number of the lock that a run of a batch holds."""
    return int(key[:15], 16)


@contextmanager
def alone(batch: IntakeBatch) -> Iterator[None]:
    """Let nobody else go on with the batch meanwhile; raises RunningError where somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock_number(batch.key)])
        if not cursor.fetchone()[0]:
            raise RunningError("The same is running already: wait for its end, or stop it.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock_number(batch.key)])


def batch_of(targets: Sequence[str], given: Any) -> tuple[IntakeBatch, bool]:
    """Return the batch for what is brought from `targets`, and whether it goes on with one that was cut off.

    The same targets with the same words about them (`given`, anything with a repr that tells) are the same run.
    """
    told = json.dumps([_place(target) for target in targets] + [repr(given)])
    key = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    cut_off = IntakeBatch.objects.filter(key=key, complete=False).first()
    if cut_off is not None:
        return cut_off, True
    label = storable(" ".join(targets))[:300]
    return IntakeBatch.objects.create(label=label, key=key, complete=False), False


def _place(target: str) -> str:
    """A path means another file in another folder."""
    elsewhere = target == "-" or "://" in target
    return target if elsewhere else str(Path(target).absolute())


def _pieces(items: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """Cut what may be endless into pieces that fit into memory and a transaction."""
    piece: list[Incoming] = []
    size = 0
    for item in items:
        piece.append(item)
        size += len(item.raw or b"")
        if len(piece) >= _CHUNK or size >= _CHUNK_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _groups(pks: list[int]) -> Iterator[list[int]]:
    """Share items out among tasks: one each for a few, else up to twenty: a task costs time too."""
    size = min(max(len(pks) // _GROUPS, 1), _IN_A_TASK)
    for start in range(0, len(pks), size):
        yield pks[start : start + size]


def _not_yet(batch: IntakeBatch, rows: list[IntakeItem]) -> list[IntakeItem]:
    """Leave out what a batch has that is gone on with; others take whatever comes."""
    if not batch.key:
        return rows
    keyed = {row.key: row for row in rows}
    known = IntakeItem.objects.filter(batch=batch, key__in=keyed).values_list("key", flat=True)
    for key in known:
        del keyed[key]
    return list(keyed.values())


def _row(item: Incoming, batch: IntakeBatch, feed: Feed | None) -> IntakeItem:
    row = IntakeItem(
        batch=batch,
        feed=feed,
        # File names and JSON may hold what the database cannot.
        label=storable(item.label)[:2000],
        url=storable(item.url)[:2000],
        content_type=item.content_type[:100],
        raw=item.raw,
        title=storable(item.title)[:500],
        published_at=item.published_at,
        published_precision=item.published_precision,
        source_name=storable(item.source_name)[:200],
        project_written=item.project_written,
    )
    if batch.key:
        digest = hashlib.sha256(f"{row.label}\0{row.url}\0".encode())
        digest.update(item.raw or b"")
        row.key = digest.hexdigest()
    return row


def check_again(articles: Iterable[Article], *, label: str) -> IntakeBatch:
    """Have the articles' pages fetched anew: a changed text becomes a version, an empty address is noted."""
    items = (
        Incoming(label=article.url, url=article.url)
        for article in articles
        if article.url.startswith(("http://", "https://"))
    )
    return enqueue(items, label=label)
