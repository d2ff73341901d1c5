"""Where sentences end."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.annotations.pipeline import clean, sentences


def split(text: str) -> list[str]:
    """The sentences' own words, after cleaning."""
    return [s.of(text) for s in sentences.split(text, clean.structure(text).removed)]


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. Embassy in Baghdad was hit.",
        "Gen. Qassem Soleimani met Lt. Col. Smith on Jan. 3 at No. 10.",
        "Sen. John F. Kennedy spoke with Mr. E. Howard.",
        "It costs 3.5 million, e.g. more than before, the minister said.",
        "They want to withdraw in office. officials said.",
        "Two senior politicians. , who attended, confirmed it.",
        "He wants fewer soldiers in Kabul. should be over by spring.",
        "“Everybody … has to watch out,” he said.",
        "“Will they leave?” the paper asked.",
    ],
)
def test_a_full_stop_that_ends_nothing(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It ended. He left.", ["It ended.", "He left."]),
        ("He left the U.S. The trip took hours.", ["He left the U.S.", "The trip took hours."]),
        ("“It is over.” She left.", ["“It is over.”", "She left."]),
        ("It ended!  “Why?” Nobody knew.", ["It ended!", "“Why?”", "Nobody knew."]),
        ("The talks ended.The envoys left.", ["The talks ended.", "The envoys left."]),
        ("We do not. We are not, ”said he.", ["We do not.", "We are not, ”said he."]),
        ("One.\n\nTwo", ["One.", "Two"]),
        ("A heading\n\nIts text goes on", ["A heading", "Its text goes on"]),
    ],
)
def test_a_full_stop_or_a_paragraph_ends_a_sentence(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_line_broken_inside_a_sentence_goes_on() -> None:
    text = "The ministry said on Sunday that its forces had\nwithdrawn from the town.\nNobody was hurt."
    assert split(text) == [text[:72], "Nobody was hurt."]


def test_removed_runs_stay_outside() -> None:
    text = "BAGHDAD (AP) – Rockets fell. &nbsp;Nobody was hurt.\n\nSource link"
    assert split(text) == ["Rockets fell.", "Nobody was hurt."]


def test_a_long_run_without_full_stop_is_cut_and_read_quickly() -> None:
    started = time.process_time()
    found = sentences.split("the rocket fell on " * 5300)
    assert time.process_time() - started < 2
    assert max(s.end - s.start for s in found) <= sentences.LONGEST


@given(st.text())
def test_sentences_lie_in_the_text_in_order_without_white_space_at_their_edges(text: str) -> None:
    end = 0
    for span in sentences.split(text):
        assert end <= span.start < span.end <= len(text)
        assert span.of(text).strip() == span.of(text)
        end = span.end


@given(
    st.lists(
        st.sampled_from(["Rockets fell.", "He left!", "Who knew?", "Nobody was hurt."]), max_size=6
    )
)
def test_joining_sentences_and_splitting_them_gives_them_back(listed: list[str]) -> None:
    text = " ".join(listed)
    assert [s.of(text) for s in sentences.split(text)] == listed
