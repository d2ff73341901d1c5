"""How much of one text is in another."""

from hypothesis import given
from hypothesis import strategies as st

from apps.articles.extract.copies import copied_share, probes, shingles
from tests.articles.test_extract import SENTENCES

TEXT = " ".join(SENTENCES)


def share(a: str, b: str) -> float:
    return copied_share(shingles(a), shingles(b))


def test_a_text_is_its_own_copy_whatever_its_case_and_punctuation():
    assert share(TEXT, TEXT.upper().replace(",", " -")) == 1


def test_an_excerpt_of_some_length_is_a_copy_of_the_whole():
    assert share(TEXT, " ".join(SENTENCES[:3])) == 1


def test_a_shared_quotation_makes_no_copy_of_a_short_text():
    short = (
        SENTENCES[0] + " Elsewhere the markets closed higher after a calm day of trading in Asia."
    )
    assert share(TEXT, short) < 0.3


def test_different_texts_share_nothing():
    assert share(TEXT, "An entirely different report about a meeting of ministers in Vienna.") == 0


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_share_is_the_same_both_ways_and_between_0_and_1(a, b):
    assert 0 <= share(a, b) == share(b, a) <= 1


@given(st.text(max_size=600))
def test_probes_stand_in_the_text(text):
    assert all(probe in text for probe in probes(text))


def test_probes_are_spread_over_the_text():
    found = probes(TEXT)
    assert 3 <= len(found) <= 8
    assert TEXT.index(found[-1]) > len(TEXT) / 2
