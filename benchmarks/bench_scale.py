"""Signals in millions: what questions, counts and imports take; pages under load; annotation by two workers."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks import scratch
from benchmarks.measure import Measure

if TYPE_CHECKING:
    from benchmarks.scale_questions import Taken
    from benchmarks.scale_site import Site

FEW, MANY, TIMES = 1_000, 1_000_000, 10
# At MANY a question may take as long as the peer's scan or the first, never more than the second; at ten times
# as many as long as the peer's scan there, and so many times what it took before.
LEAST_MS, MOST_MS, GROWTH = 25, 150, 2
MOST_KB, MOST_ADDED, LEAST_LINES = 20, 0.6, 20_000
UNLIMITED = {"API_RATE": "none", "HEAVY_RATE": "none", "PAGE_RATE": "none"}


def measure() -> list[Measure]:
    """Measure signals, then pages under load, then annotation."""
    os.environ |= UNLIMITED
    # What needs settings cannot be imported before they are set up.
    measures = _signals()
    from benchmarks import scale_annotation, scale_load

    return [*measures, *scale_load.measures(), *scale_annotation.measures()]


def _signals() -> list[Measure]:
    with scratch.product():
        from django.conf import settings
        from django.core.management import call_command

        from benchmarks.page_server import product_served
        from benchmarks.scale_site import Site, chart_kilobytes, stored

        call_command("collectstatic", interactive=False, verbosity=0)
        site = Site()
        site.bring(FEW, 1)
        with product_served() as base:
            small = chart_kilobytes(base)
        speed = site.bring(MANY, 5)
        added = site.counting_cost(settings)
        one = _asked(site)
        recounted = site.multiply(TIMES)
        ten = _asked(site)
        with product_served() as base:
            large = chart_kilobytes(base)
        number = stored()
    counted = f"all {number:,} counted anew in {recounted:.0f} s"
    added_to = "counting, added to the import of 10,000"
    lines = f"{MANY:,} lines of GDELT"
    return [
        Measure("import of signals", "lines a second", LEAST_LINES, round(speed), "higher", lines),
        Measure(added_to, "of its time", MOST_ADDED, round(added, 2), "lower", counted),
        Measure(f"chart data, {FEW:,} signals", "kB gzip", MOST_KB, small, "lower"),
        Measure(f"chart data, {number:,} signals", "kB gzip", MOST_KB, large, "lower"),
        *_rows(one, ten),
    ]


def _asked(site: "Site") -> list["Taken"]:
    from benchmarks import scale_peer
    from benchmarks.page_server import product_served
    from benchmarks.scale_questions import measured, questions

    rare, frequent = site.actors()
    with tempfile.TemporaryDirectory() as folder:
        peer = scale_peer.load(site.chosen.scope, site.conditions(), Path(folder))
    with product_served() as base:
        port = urlsplit(base).port or 0
        return list(measured(questions(rare, frequent, site.lane()), port, peer, seed=3))


def _rows(one: list["Taken"], ten: list["Taken"]) -> list[Measure]:
    found = []
    for before, after in zip(one, ten, strict=True):
        first = min(max(before.peer, LEAST_MS), MOST_MS)
        then = round(min(after.peer, GROWTH * before.ours), 1)
        for taken, most, size in ((before, first, MANY), (after, then, TIMES * MANY)):
            peer = f"DuckDB {taken.peer:g} ms"
            found.append(Measure(f"{taken.name}, {size:,}", "ms", most, taken.ours, "lower", peer))
    return found
