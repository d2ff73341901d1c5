"""What comes in, from feeds to kill -9 of workers. Each part has a module of its own, `intake_<part>.py`."""

from importlib import import_module

from benchmarks.events_truth import corpora
from benchmarks.measure import Measure

PARTS = ("feeds", "pages", "stories", "versions", "throughput", "kill")


def measure() -> list[Measure]:
    """Return the rows of every part."""
    corpora()  # says so at once where the gold is missing
    return [m for part in PARTS for m in import_module(f"benchmarks.intake_{part}").measures()]
