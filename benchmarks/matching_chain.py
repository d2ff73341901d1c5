"""The real chain on a scratch database: a dossier with some events hidden, dispatches, gold articles."""

import logging
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy

from django.conf import settings
from django.db import connection, transaction

from apps.annotations.annotate import annotate
from apps.annotations.models import Annotation
from apps.articles.extract import addresses
from apps.articles.incoming import Incoming, enqueue
from apps.articles.ingest import ingest
from apps.articles.models import ArticleVersion
from apps.core.dossier import Dossier, read
from apps.core.stages import StageStatus
from apps.events.assemble import assemble
from apps.timelines.dossiers.dispatches import enqueue_dispatches
from apps.timelines.dossiers.load import load
from benchmarks import events_truth

DOSSIER = "us-iran-2020"


def dossier() -> Dossier:
    """Read the dossier."""
    return read(settings.DOSSIERS_DIR / DOSSIER)


def folds(keys: Iterable[str], seed: int) -> list[frozenset[str]]:
    """Deal the events (keys) into three hands, by a fixed seed: each is hidden in one fold."""
    ordered = sorted(keys)
    random.Random(seed).shuffle(ordered)  # noqa: S311  a fixed deal, no secret
    return [frozenset(ordered[hand::3]) for hand in range(3)]


def without(whole: Dossier, hidden: frozenset[str]) -> Dossier:
    """Return the dossier without the `hidden` events, and without links that lead to them."""
    part = copy(whole)
    part.events = [
        event | {"links": [link for link in event["links"] if link["to"] not in hidden]}
        for event in whole.events
        if event["id"] not in hidden
    ]
    return part


@contextmanager
def forgotten() -> Iterator[None]:
    """Undo whatever the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def swept() -> None:
    """Clear away the rows that `forgotten` left dead: they would slow what comes next."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def take_in(part: Dossier) -> None:
    """Load the dossier, take in and read every article; nothing is assembled yet."""
    logging.disable(logging.INFO)
    load(part)
    gold = [
        Incoming(
            label=article["id"],
            raw=article["text"].encode(),
            url=article["url"],
            title=article["title"],
            content_type="text/plain; charset=utf-8",
            published_at=events_truth.published(article),
            published_precision="day",
            source_name=article["source"],
        )
        for article in events_truth.gold_articles()
    ]
    for batch in (enqueue_dispatches(part), enqueue(gold, label="gold articles")):
        for item in batch.items.order_by("id") if batch else ():
            version = ingest(item)
            if version is None or annotate(version) is None:
                raise SystemExit(f"{item.label} could not be taken in: {item.error}")


def assemble_all(order: int | None = None) -> None:
    """Assemble every article: as they were published, or in the order that a seed shuffles them into."""
    rows = list(Annotation.objects.order_by("article_version__article__published_at", "pk"))
    if order is not None:
        random.Random(order).shuffle(rows)  # noqa: S311  a fixed order, no secret
    for row in rows:
        assembly = assemble(row)
        if assembly.status != StageStatus.DONE:
            raise SystemExit(f"{row} could not be assembled: {assembly.error}")


def names(whole: Dossier) -> dict[int, str]:
    """Return what the truth calls each article: the dispatch's id, or the gold article's, by article."""
    known = {addresses.canonical(item["url"]): item["id"] for item in whole.dispatches}
    known |= {addresses.canonical(row["url"]): row["id"] for row in events_truth.gold_articles()}
    versions = ArticleVersion.objects.values_list("article_id", "article__canonical_url")
    return {article: known[url] for article, url in versions}
