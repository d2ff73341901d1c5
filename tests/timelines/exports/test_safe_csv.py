"""No text of a cell is run as a formula, and none is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.timelines.exports.safe_csv import LONGEST, cell, short, text


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "\u00a0@", "\ufeff+"]
)
def test_what_begins_as_a_formula_gets_an_apostrophe(start):
    assert text(f"{start}1+1") == f"'{start}1+1"


@given(st.text())
def test_no_text_begins_as_a_formula_and_each_can_be_read_back(value):
    found = text(value)
    assert not found.lstrip().startswith(("=", "+", "-", "@"))
    assert found.removeprefix("'") == value.replace("\0", "") or found == value.replace("\0", "")


def test_numbers_stay_numbers_also_below_zero():
    assert [cell(value) for value in (-33.5, 0, True, None, date(2020, 1, 3))] == [
        *(-33.5, 0, "true", "", "2020-01-03"),
    ]


def test_text_is_cut_to_what_excel_reads_and_says_so():
    assert short("a" * LONGEST) == "a" * LONGEST
    assert len(short("a" * (LONGEST + 1))) == LONGEST
    assert short("a" * (LONGEST + 1)).endswith(" …")
