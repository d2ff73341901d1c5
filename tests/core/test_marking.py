"""Overlapping spans become nested marks; not one character of the text is lost or doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.marking import Mark, Token, blocks, context, nest, paragraphs

TEXTS = st.text(alphabet=st.sampled_from("ab <&\"'>\n\u200b\U0001f600é"), max_size=60)
KINDS = st.sampled_from(["evidence", "actor", "place", "date"])


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    bounds = st.integers(min_value=0, max_value=len(text) + 3)
    marks = draw(st.lists(st.builds(Mark, bounds, bounds, KINDS), max_size=8))
    return text, marks


def joined(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens)


def assert_balanced(tokens: list[Token]) -> None:
    stack: list[Mark | None] = []
    for token in tokens:
        if token.step == "open":
            stack.append(token.mark)
        elif token.step == "close":
            assert stack.pop() == token.mark
    assert stack == []


@given(marked_texts())
def test_the_tokens_joined_are_the_text(case):
    text, marks = case
    assert joined(nest(text, marks)) == text


@given(marked_texts())
def test_marks_are_closed_in_the_order_opposite_to_their_opening(case):
    assert_balanced(nest(*case))


@given(marked_texts())
def test_every_character_carries_exactly_the_marks_whose_span_holds_it(case):
    text, marks = case
    at, open_marks = 0, []
    for token in nest(text, marks):
        if token.step == "open":
            open_marks.append(token.mark)
        elif token.step == "close":
            open_marks.pop()
        else:
            for position in range(at, at + len(token.text)):
                assert set(open_marks) == {m for m in marks if m.start <= position < m.end}
            at += len(token.text)


@given(marked_texts())
def test_a_mark_has_one_first_piece_however_often_it_is_cut(case):
    tokens = nest(*case)
    for mark in {t.mark for t in tokens if t.mark}:
        pieces = [t for t in tokens if t.mark == mark]
        assert sum(t.first for t in pieces if t.step == "open") == 1


@given(marked_texts(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3))
def test_paragraphs_hold_every_visible_character_once_and_in_order(case, spans):
    text, marks = case
    removed = [Mark(a, b, "removed", "navigation") for a, b in spans if a < b]
    found = blocks(text, marks, removed)
    assert "".join("".join(joined(list(b.tokens)) for b in found).split()) == "".join(text.split())
    for block in found:
        assert_balanced(list(block.tokens))
        assert joined(list(block.tokens)) == text[block.start : block.end]


def test_crossing_marks_are_cut_and_only_the_first_piece_carries_the_anchor():
    first, second = Mark(0, 4, "actor"), Mark(2, 6, "place")
    assert [
        (t.step, t.mark.kind if t.mark else t.text, t.first)
        for t in nest("abcdef", [first, second])
    ] == [
        ("open", "actor", True),
        ("text", "ab", False),
        ("open", "place", True),
        ("text", "cd", False),
        ("close", "place", False),
        ("close", "actor", False),
        ("open", "place", False),
        ("text", "ef", False),
        ("close", "place", False),
    ]


def test_a_mark_over_two_paragraphs_closes_in_the_one_and_opens_again_in_the_other():
    found = blocks("one two\n\nthree four\n", [Mark(4, 14, "evidence", anchor="c4-14")])
    opened = [t for block in found for t in block.tokens if t.step == "open"]
    closed = [t for block in found for t in block.tokens if t.step == "close"]
    assert [t.first for t in opened] == [True, False]
    assert [t.last for t in closed] == [False, True]


def test_a_mark_with_a_blank_edge_still_ends_inside_its_paragraph():
    found = blocks("A rocket fell.\n\nMore.", [Mark(0, 16, "evidence", refs=(1,))])
    closed = [t for block in found for t in block.tokens if t.step == "close"]
    assert [t.last for t in closed] == [True]


def removed_runs(text: str, **whys: str) -> list[Mark]:
    """One removed run for each phrase, by its reason."""
    starts = {why: text.index(phrase) for why, phrase in whys.items()}
    return [Mark(start, start + len(whys[why]), "removed", why) for why, start in starts.items()]


def test_boilerplate_at_the_edge_of_a_paragraph_is_taken_out_of_it():
    text = "Home World Sport Culture Iran is on alert\n\nShare this\nSource link"
    removed = removed_runs(text, navigation="Home World Sport Culture ")
    removed += [Mark(43, 53, "removed", "links"), Mark(54, 65, "removed", "links")]
    found = [(b.removed, b.why, text[b.start : b.end]) for b in blocks(text, [], removed)]
    assert found == [
        (True, "navigation", "Home World Sport Culture "),
        (False, "", "Iran is on alert"),
        (True, "links", "Share this\nSource link"),
    ]


def test_a_short_removed_run_stays_in_its_sentence_as_a_mark():
    text = "7;s allies have welcomed the result."
    (block,) = blocks(text, [], removed_runs(text, entity="7;"))
    assert not block.removed
    assert [t.mark.kind for t in block.tokens if t.step == "open" and t.mark] == ["removed"]


def test_what_evidence_rests_on_is_never_hidden():
    removed = [Mark(0, 9, "removed", "navigation")]
    assert [b.removed for b in blocks("It burned.", [Mark(3, 9, "evidence")], removed)] == [False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", []), ("\n \n", []), ("one", [(0, 3)]), (" \none\ntwo\n", [(2, 5), (6, 9)])],
)
def test_paragraphs_stand_between_line_breaks(text, expected):
    assert paragraphs(text) == expected


def around(text, width=180, cut=(False, False)):
    """The context of the word QUOTE."""
    start = text.index("QUOTE")
    return context(text, start, start + len("QUOTE"), width, cut)


def test_context_keeps_to_the_paragraph():
    text = "First paragraph.\nAlpha beta gamma QUOTE delta epsilon zeta\nLast."
    assert around(text) == ("Alpha beta gamma ", " delta epsilon zeta")


def test_context_is_whole_sentences_as_many_as_there_is_room_for():
    text = "One is far away. Two comes next. Here QUOTE stands. Three follows. Four is too far."
    assert around(text, 30) == ("Two comes next. Here ", " stands. Three follows.")
    assert around(text, 10) == ("Here ", " stands.")


def test_a_sentence_beside_the_run_is_told_whole_though_it_is_long():
    text = "Before it there is rather much to say. QUOTE. After it there is rather much to say."
    assert around(text, 20)[0] == "Before it there is rather much to say. "


def test_names_cut_short_end_no_sentence():
    text = "It was said by Gen. A. Smith of the U.S. Army QUOTE at noon. Then came Mr. Jones."
    before, after = around(text, 60)
    assert before == "It was said by Gen. A. Smith of the U.S. Army "
    assert after == " at noon. Then came Mr. Jones."


def test_where_no_sentence_ends_whole_words_stand_beside_an_ellipsis():
    text = "alpha beta gamma " * 9 + "QUOTE" + " delta epsilon zeta" * 9
    assert around(text, 9) == ("\u2026 gamma ", " delta \u2026")
    assert around("a gamma QUOTE delta e", 20, (True, True)) == ("\u2026 gamma ", " delta \u2026")
