"""How well and how fast the machine reads, on gold that lies outside the project: see docs/methodology.md."""

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import django

from benchmarks.events_truth import corpora
from benchmarks.measure import Measure

if TYPE_CHECKING:
    from benchmarks.annotation_told import Told

KINDS = ("relations", "types", "spans", "articles", "claims", "timex", "places", "timelines")
MOST_SHOWN = 60


def measure() -> list[Measure]:
    """Return every row; prints the table of parts and the reliability of confidence before it."""
    corpora()  # says so at once where the gold is missing
    _set_up()
    # What reads with the product's code can be imported once its settings are there.
    baselines = import_module("benchmarks.annotation_baselines")
    calibration = import_module("benchmarks.annotation_confidence")
    speed = import_module("benchmarks.annotation_speed")
    found = [m for kind in KINDS for m in told(kind).measures]
    print(baselines.table(), end="\n\n")
    print(calibration.table(), end="\n\n")
    return [*found, *calibration.measures(), *speed.measures()]


def told(kind: str) -> "Told":
    """Return the measures and misses of one kind of gold."""
    where = {
        **dict.fromkeys(("relations", "types", "spans"), "annotation_sentences"),
        **dict.fromkeys(("articles", "claims", "timex", "places"), "annotation_articles"),
        "timelines": "annotation_timelines",
    }
    score: Callable[[], Told] = getattr(import_module(f"benchmarks.{where[kind]}"), kind)
    return score()


def errors(kind: str) -> str:
    """Return the misses of one kind, with the sentence, what was wanted and what was told."""
    corpora()
    _set_up()
    misses = told(kind).misses
    shown = "\n".join(str(m) for m in misses[:MOST_SHOWN])
    return f"{shown}\n{len(misses)} misses, {min(len(misses), MOST_SHOWN)} shown"


def _set_up() -> None:
    """Django's settings, no database: dossiers are read from their files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "signs-nothing-in-a-benchmark")
    django.setup()
