"""The gold that annotation is measured on, and the reader that is measured."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from apps.annotations import wire
from apps.annotations.lexicon import lexicon_from_dossier
from apps.annotations.pipeline.run import Reader
from apps.annotations.pipeline.types import ArticleInput, Lexicon
from apps.core.shipped import FIRST, dossier_of
from benchmarks.annotation_actors import Chains
from benchmarks.annotation_scores import day
from benchmarks.events_truth import corpora

Item = dict[str, Any]
# Older names of the gold -> this project's types (PLOVER's own renaming).
OLD_NAMES = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


@cache
def rows(name: str) -> tuple[Item, ...]:
    """Return the rows of a file of the corpora."""
    text = (corpora() / name).read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines() if line.strip())


@cache
def lexicon() -> Lexicon:
    """Return the names of the dossier that is read against."""
    return lexicon_from_dossier(dossier_of(FIRST))


@cache
def reader() -> Reader:
    """Return the reader as the product uses it."""
    return Reader(lexicon())


@cache
def chains() -> Chains:
    """Return who contains whom in the dossier."""
    return Chains(lexicon().actors)


def article(row: Item) -> ArticleInput:
    """Return a row's text with its day of publication, under whatever name the set gives it."""
    told = row.get("published_at") or row.get("date") or row.get("dct")
    # Some sets write other things there, as "7:58 AM ET".
    written = isinstance(told, str) and re.match(r"\d{4}-\d\d-\d\d", told)
    published = day(told) if written else None
    return ArticleInput(row["text"], row.get("title") or "", published)


def reading(row: Item, by: Reader | None = None) -> Item:
    """Return what a reader (the product's, or the one given) reads, in the shape of the command's answer."""
    taken = article(row)
    return wire.document(taken.text, (by or reader()).read(taken))


@cache
def readings(name: str) -> tuple[Item, ...]:
    """Return the readings of all rows of a file; each is read once in a run."""
    return tuple(reading(row) for row in rows(name))


def taxonomy(name: str) -> Path:
    """Return a file of the taxonomy that lies beside the corpora; SystemExit where it is missing."""
    found = corpora().parent / "taxonomy" / name
    if not found.is_file():
        raise SystemExit(f"There is no {found}: the measure of bare sentences maps codes by it.")
    return found
