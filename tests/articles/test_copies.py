"""How much of one text is copied in another, quotations told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.articles.extract.copies import copied_share, kind, marks, wording
from tests.articles.test_extract import SENTENCES

TEXT = " ".join(SENTENCES)
SPEECH = (
    "we will not leave the region, we will not be driven out of it by rockets, and whoever fires at our "
    "soldiers will answer for it at a time and in a manner of our own choosing, as we have shown before"
)
OWN = (
    "The minister spoke in parliament on Monday, two days after the attack near the airport, before lawmakers "
    "of all parties and a gallery that was filled to the last seat with families of the dead and the wounded."
)
OTHER = (
    "Critics of the government called the address empty, and pointed to the empty chairs of its own allies, "
    "who had stayed away from the sitting because nobody had asked them before troops were sent to the border."
)


def share(a: str, b: str) -> float:
    return copied_share(wording(a), wording(b))


def related(a: str, b: str) -> str:
    return kind(wording(a), wording(b))


def test_a_text_is_its_own_copy_whatever_its_case_and_punctuation():
    assert share(TEXT, TEXT.upper().replace(",", " -")) == 1
    assert related(TEXT, TEXT.lower()) == "copy"


def test_an_excerpt_of_some_length_is_wholly_in_the_other():
    assert share(TEXT, " ".join(SENTENCES[:3])) == 1


def test_an_edited_copy_is_a_copy():
    edited = TEXT.replace("on Friday", "late Friday").replace("Iraqi military", "army")
    assert related(TEXT, edited) == "copy"


def test_a_text_that_takes_over_a_passage_is_derived():
    rewritten = " ".join([OWN, OTHER, *SENTENCES[:3]])
    assert related(TEXT, rewritten) == "derived"
    assert share(TEXT, rewritten) > 0.2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\u201c", "\u201d"),
        ('"', '"'),
        ("\u2018", "\u2019"),
        ("\u00ab", "\u00bb"),
        ("\u201e", "\u201c\u201d"),
    ],
)
def test_a_speech_that_both_quote_makes_no_copy(before, after):
    said = f"{before}{SPEECH}{after}"
    one, other = f"{OWN} He said: {said}.", f"{OTHER} His words were: {said}."
    assert share(one, other) < 0.1
    assert related(one, other) == "quote_only"
    assert share(f"{OWN} {SPEECH}.", f"{OTHER} {SPEECH}.") > 0.2, "without the marks it is one"


def test_what_one_says_and_the_other_quotes_counts_for_little():
    speech = f"{SPEECH}. {OTHER}"
    assert share(speech, f'{OWN} He said: "{SPEECH}."') < 0.2


def test_a_quotation_carried_on_in_the_next_paragraph_is_one():
    half = len(SPEECH) // 2
    said = f"\u201c{SPEECH[:half]}\n\n\u201c{SPEECH[half:]}\u201d"
    assert related(f"{OWN}\n{said}", f"{OTHER}\n{said}") == "quote_only"


def test_a_post_with_its_authors_handle_is_a_quotation():
    post = f"{SPEECH}\n\u2014 The Minister (@minister) March 14, 2020"
    assert related(f"{OWN}\n{post}", f"{OTHER}\n{post}") == "quote_only"


def test_a_sentence_that_is_quoted_once_is_a_quotation_everywhere_in_the_text():
    told = f'{OWN} He said "{SPEECH}".\n{SPEECH}'
    assert not wording(told).prose & wording(f'"{SPEECH}"').quoted


def test_an_apostrophe_opens_no_quotation():
    assert not wording("The minister\u2019s answer to the soldiers\u2019 families was short").quoted


def test_a_shared_sentence_makes_no_copy_of_a_short_text():
    short = (
        SENTENCES[0] + " Elsewhere the markets closed higher after a calm day of trading in Asia."
    )
    assert share(TEXT, short) < 0.3


def test_different_texts_share_nothing():
    other = "An entirely different report about a meeting of ministers in Vienna."
    assert share(TEXT, other) == 0
    assert related(TEXT, other) == "independent"


def test_a_text_without_words_shares_nothing():
    assert share("", "") == 0
    assert marks(wording("...")) == []


def test_an_edited_copy_is_found_by_its_marks():
    edited = TEXT.replace("on Friday", "late Friday").replace("capital", "city")
    assert set(marks(wording(TEXT))) & set(marks(wording(edited)))


def test_a_passage_has_its_marks_wherever_it_stands():
    long = " ".join(f"{n} {OWN} {n} {OTHER} {n} {SPEECH}" for n in range(20))
    inside = set(marks(wording(f"{TEXT} {long} {TEXT}")))
    of_its_own = marks(wording(long))
    assert len(of_its_own) > 20
    assert len(set(of_its_own) - inside) <= 8


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_share_is_the_same_both_ways_and_between_0_and_1(a, b):
    assert 0 <= share(a, b) == share(b, a) <= 1


@given(st.text(alphabet='ab "\u201c\u201d\u2018\u2019\n@(.', max_size=200))
def test_every_wording_lies_in_one_heap(text):
    found = wording(text)
    assert not found.prose & found.quoted


@given(st.text(max_size=600))
def test_marks_fit_the_databases_integers(text):
    found = marks(wording(text))
    assert found == sorted(set(found))
    assert all(-(2**31) <= mark < 2**31 for mark in found)
