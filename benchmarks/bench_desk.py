"""The review desk with 100 and with 10,000 proposals waiting: real pages of a real server, logged in."""

from importlib import import_module

from benchmarks.measure import Measure
from benchmarks.scratch import product


def measure() -> list[Measure]:
    """Measure the desk's page and the screen of one proposal, with few and with many waiting."""
    with product():
        # What needs the product can be imported once it is set up.
        measures: list[Measure] = import_module("benchmarks.desk_pages").measure()
    return measures
