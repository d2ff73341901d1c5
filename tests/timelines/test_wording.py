"""Codes and dates in words."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation

from apps.timelines import wording
from apps.timelines.vocabulary import COUNTED

D = date


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        (D(2020, 1, 3), D(2020, 1, 3), "day", "3 January 2020"),
        (D(2020, 6, 10), D(2020, 6, 12), "day", "10–12 June 2020"),
        (D(2020, 2, 28), D(2020, 3, 2), "day", "28 February – 2 March 2020"),
        (D(2019, 12, 30), D(2020, 1, 2), "week", "30 December 2019 – 2 January 2020"),
        (D(2020, 2, 1), D(2020, 2, 29), "month", "February 2020"),
        (D(2020, 2, 1), D(2020, 3, 31), "month", "February – March 2020"),
        (D(2019, 12, 1), D(2020, 1, 31), "month", "December 2019 – January 2020"),
        (D(2020, 2, 1), D(2020, 2, 29), "day", "1–29 February 2020"),
        (D(2020, 2, 3), D(2020, 2, 20), "month", "3–20 February 2020"),
        (D(2020, 1, 1), D(2020, 12, 31), "year", "2020"),
        (D(2019, 1, 1), D(2020, 12, 31), "year", "2019 – 2020"),
    ],
)
def test_days_are_said_without_repeating_what_both_ends_share(start, end, precision, words):
    assert wording.days(start, end, precision) == words


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        (D(2020, 1, 3), D(2020, 1, 3), "day", "exact day"),
        (D(2020, 1, 3), D(2020, 1, 5), "day", "3 days, first and last known"),
        (D(2020, 1, 6), D(2020, 1, 12), "week", "known to the week: some day in this span"),
    ],
)
def test_precision_is_said(start, end, precision, words):
    assert wording.precision_in_words(start, end, precision) == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (0, 0, "the same day"),
        (1, 1, "1 day later"),
        (612, 612, "612 days later"),
        (-2, -2, "2 days before"),
        (3, 33, "between 3 and 33 days later"),
        (-33, -3, "between 3 and 33 days before"),
        (-2, 9, "between 2 days before and 9 days later"),
    ],
)
def test_latency_is_said_in_days(least, most, words):
    assert wording.latency_in_words(least, most) == words


def test_imprecise_intervals_give_the_span_of_days_that_is_possible():
    earlier, later = (D(2020, 1, 1), D(2020, 1, 31)), (D(2020, 2, 10), D(2020, 2, 10))
    assert wording.latency(earlier, later, exact=False) == (10, 40)
    assert wording.latency(earlier, later) == (40, 40)


@pytest.mark.parametrize(
    ("value", "low", "high", "figure", "spread"),
    [
        (None, None, None, "not known", ""),
        (3, 3, 3, "3", ""),
        (110, 0, 110, "110", "claims from 0 to 110"),
        (None, 13, 41, "13–41", "no figure leads"),
        (1500, 1500, 1500, "1,500", ""),
    ],
)
def test_tolls_are_one_figure_and_their_spread(value, low, high, figure, spread):
    assert wording.figure(value, low, high) == figure
    assert wording.spread(value, low, high) == spread


@pytest.mark.parametrize(
    ("act", "number", "value", "words"),
    [
        ("says", 110, "", "says 110"),
        ("says", 176, "passengers and crew", "says 176: passengers and crew"),
        ("says", 7, "7", "says 7"),
        ("denies", None, "that it fired", "denies that it fired"),
        ("accuses", None, "Iran, by accident", "accuses: Iran, by accident"),
        ("declines to say", None, "", "declines to say"),
        ("denies", None, "no", "denies"),
        ("claims responsibility", None, "yes", "claims responsibility"),
        ("says", None, "no", "says: no"),
    ],
)
def test_a_claim_is_said_without_its_speaker(act, number, value, words):
    assert wording.says(act, number, value) == words


def test_months_are_cut_for_narrow_columns():
    assert wording.brief("28 February – 2 March 2020") == "28 Feb – 2 Mar 2020"
    assert wording.brief("not known") == "not known"


def test_an_instant_at_midnight_is_known_to_the_day_only():
    assert wording.instant(datetime(2020, 1, 3, tzinfo=UTC)) == "3 January 2020"
    assert wording.instant(datetime(2020, 1, 3, 0, 30, tzinfo=UTC)) == "3 January 2020, 00:30 UTC"


def test_counts_carry_their_noun():
    assert wording.counted(1, "article") == "1 article"
    assert wording.counted(2, "copy", "copies") == "2 copies"


def test_words_are_those_of_the_language_of_the_page():
    assert wording.day(D(2020, 1, 3)) == "3 January 2020"
    with translation.override("fa"):
        assert wording.day(D(2020, 1, 3)) == "3 ژانویه 2020"
        assert wording.days(D(2020, 2, 28), D(2020, 3, 2)) == "28 فوریه تا 2 مارس 2020"
        assert wording.brief("28 فوریه تا 2 مارس 2020") == "28 فوریه تا 2 مارس 2020"
    assert wording.brief("28 February – 2 March 2020") == "28 Feb – 2 Mar 2020"


def test_codes_take_their_words_when_they_are_asked_for(monkeypatch):
    assert wording.TYPE_WORDS["ASSAULT"] == "Assault"
    monkeypatch.setattr(translation._trans, "pgettext", lambda context, words: f"[{words}]")
    assert wording.TYPE_WORDS["ASSAULT"] == "[Assault]"


def test_every_noun_that_is_counted_has_its_forms_for_the_translator():
    """A noun that a page counts and vocabulary.COUNTED does not know would stay English in every language."""
    root = Path(__file__).parents[2]
    told = {
        noun
        for page in (root / "templates").rglob("*.html")
        if "admin" not in page.parts
        for noun in re.findall(r'\|counted:"([^",]+)', page.read_text())
    }
    told |= {
        noun
        for module in (root / "apps/timelines").rglob("*.py")
        for noun in re.findall(
            r"wording\.counted\([^()]*(?:\([^()]*\))?[^()]*, [\"']([^\"']+)", module.read_text()
        )
    }
    assert len(told) > 5
    assert told <= set(COUNTED)
