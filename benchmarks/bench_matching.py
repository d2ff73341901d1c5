"""Matching on the dossier, with a third of its events hidden: see matching_measures.py for what is measured."""

from importlib import import_module

from benchmarks.events_truth import corpora
from benchmarks.measure import Measure
from benchmarks.scratch import product


def measure() -> list[Measure]:
    """Take dispatches and gold articles through the whole chain, for each fold of hidden events."""
    corpora()  # says so at once where the articles are missing
    with product():
        # What needs the product can be imported once it is set up.
        matching = import_module("benchmarks.matching_measures")
        hands = matching.hands()
        counts = [matching.first_fold(hands[0])]
    for number, hidden in enumerate(hands[1:], start=2):
        # A database for each fold: what one fold leaves behind would slow the next.
        with product():
            counts.append(matching.fold(number, hidden))
    measures: list[Measure] = matching.measures(counts)
    return measures
