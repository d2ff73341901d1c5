"""What became of a sentence in a later version of its text."""

import pytest

from apps.events.rewording import plain, stands, successor

OLD = (
    "BAGHDAD (AP) - Iran fired missiles at two bases on Wednesday.\n\n"
    "Eleven people were wounded, the Pentagon said.\n\n"
    "Oil prices rose in early trading."
)
SENTENCE = "Eleven people were wounded, the Pentagon said."


def follows(new, sentence=SENTENCE, old=OLD):
    start = old.index(sentence)
    place = successor(old, start, start + len(sentence), new)
    return new[place.start : place.end] if place else None


@pytest.mark.parametrize(
    "text",
    [
        OLD,
        OLD.replace("\n\n", " "),
        f"Updated. {OLD} More was said.",
        OLD.replace("people were", "people\u00a0were"),
    ],
)
def test_a_sentence_stands_wherever_it_stands_and_however_it_is_set(text):
    assert stands(SENTENCE, text)


def test_kinds_of_quotation_marks_and_dashes_are_typesetting():
    assert stands('He said "no" - twice.', "Then: He said “no” — twice. And left.")
    assert plain("a  b\n“c”") == 'a b "c"'


def test_words_inside_other_words_are_not_the_sentence():
    assert not stands("11 were wounded", "111 were wounded")
    assert not stands("11 were wounded", "11 were wounded3")
    assert stands("11 were wounded", "(11 were wounded)")
    assert not stands("", "anything")


@pytest.mark.parametrize(
    "now",
    [
        "34 people were wounded, the Pentagon said.",
        "The Pentagon said on Thursday that 34 people were wounded.",
        "At least 34 service members were diagnosed with brain injuries, the Pentagon said Friday, up from 11.",
    ],
)
def test_a_rewritten_sentence_is_found_at_its_place(now):
    assert follows(OLD.replace(SENTENCE, now)) == now


def test_a_rewritten_sentence_is_found_where_it_was_moved():
    now = "34 people were wounded, the Pentagon said."
    assert follows(f"{now}\n\n{OLD.replace(SENTENCE, 'Schools stayed closed.')}") == now


def test_a_sentence_that_was_taken_out_has_no_successor():
    assert follows(OLD.replace(SENTENCE, "")) is None
    other = "Markets in New York fell sharply, traders told reporters."
    assert follows(OLD.replace(SENTENCE, other)) is None


def test_a_sentence_that_was_there_before_takes_nobody_s_place():
    alike = "Twelve people were wounded, the Pentagon said."
    old = f"{OLD}\n\n{alike}"
    assert follows(old.replace(SENTENCE, ""), old=old) is None


def test_of_two_that_fit_the_one_at_the_old_place_is_meant():
    here = "Thirteen people were wounded, the Pentagon said."
    there = "Fourteen people were wounded, the Pentagon said."
    assert follows(f"{OLD.replace(SENTENCE, here)}\n\n{there}") == here


def test_an_empty_text_holds_no_successor():
    assert follows("") is None
