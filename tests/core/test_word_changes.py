"""Two texts as one: what stayed, went, came and was moved, in bounded time."""

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from apps.core.word_changes import GONE, MOVED, NEW, SAME, Counts, compare, count, passages

OLD = (
    "Rockets hit the camp\n"
    "Three soldiers were killed on Friday.\n"
    "Officials in the capital denied any part in it.\n"
    "The camp lies north of the river and was built long ago."
)


def pieces(old: str, new: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for paragraph in compare(old, new) for one in paragraph.pieces]


def side(old: str, new: str, *kinds: str) -> str:
    """The text that pieces of these kinds are."""
    return " ".join(
        "".join(one.text for one in paragraph.pieces if one.kind in kinds)
        for paragraph in compare(old, new)
    )


def test_only_the_words_that_changed_are_marked():
    found = compare(OLD, OLD.replace("Three", "Five"))
    assert [p.changed for p in found] == [False, True, False, False]
    assert [(one.kind, one.text) for one in found[1].pieces] == [
        (GONE, "Three"),
        (NEW, "Five"),
        (SAME, " soldiers were killed on Friday."),
    ]


def test_white_space_and_line_ends_are_no_change():
    assert not any(p.changed for p in compare(OLD, OLD.replace("\n", "\r\n \n").replace(" ", "  ")))


def test_a_paragraph_cut_in_two_is_the_same_words():
    joined = OLD.replace("Friday.\nOfficials", "Friday. Officials")
    assert count(compare(OLD, joined)) == Counts(0, 0, 0)


def test_a_paragraph_that_was_moved_is_shown_once_where_it_stands_now():
    lines = OLD.split("\n")
    moved = "\n".join([lines[0], lines[3], lines[1], lines[2]])
    kinds = [kind for kind, text in pieces(OLD, moved) if text == lines[3]]
    assert kinds == [MOVED]
    assert count(compare(OLD, moved)) == Counts(0, 0, 12)


def test_a_sentence_that_was_moved_is_shown_once():
    old = "It began early on Monday. Three soldiers were killed near the old camp. Nothing else is known."
    new = "It began early on Monday. Nothing else is known. Three soldiers were killed near the old camp."
    found = count(compare(old, new))
    assert (found.gone, found.new) == (0, 0)
    assert found.moved >= 3


def test_changes_that_a_word_stands_between_are_one():
    found = pieces("one two three four five six", "one 2 three 4 five six")
    assert found == [
        (SAME, "one "),
        (GONE, "two three four"),
        (NEW, "2 three 4"),
        (SAME, " five six"),
    ]


def test_what_stayed_is_folded_away_from_changes():
    old = "\n".join(f"Paragraph {n} stays." for n in range(20))
    shown = passages(compare(old, old.replace("10 stays", "10 goes")))
    assert [(len(one.paragraphs), one.folded) for one in shown] == [
        (9, True),
        (3, False),
        (8, True),
    ]
    assert [one.folded for one in passages(compare("a\nb", "a\nc"))] == [False]


TEXTS = st.lists(
    st.lists(
        st.sampled_from(["war", "peace", "Iran", "camp", "3", ".", "!", ",", "کشته"]), max_size=8
    ).map(" ".join),
    max_size=6,
).map("\n".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(old, new):
    """Nothing is lost and nothing is added: what is new or stayed is the newer text, in its order."""
    newer = side(old, new, SAME, NEW, MOVED)
    assert "".join(newer.split()) == "".join(new.split())
    before = re.findall(r"\w+", side(old, new, SAME, GONE, MOVED))
    assert sorted(before) == sorted(re.findall(r"\w+", old))


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text):
    assert not any(paragraph.changed for paragraph in compare(text, text))


def test_the_longest_texts_take_bounded_time():
    words = [f"w{n % 977}" for n in range(33_000)]
    shapes = (" ", "\n", ". ")
    for between in shapes:
        old, new = (
            between.join(words),
            between.join(f"{w}x" if n % 3 else w for n, w in enumerate(words)),
        )
        begun = time.process_time()
        compare(old, new)
        assert time.process_time() - begun < 8
