"""Whether a later reading says something else, and whether its publisher said that it was changed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.articles.extract.modified import modified
from apps.articles.extract.notices import is_correction, new_notice, notices
from apps.articles.extract.sameness import article_lines, edit, is_cut, same

LEAD = "Three soldiers were killed when rockets hit the camp on Friday."
DENIAL = "Officials in the capital denied any part in it."
TEXT = f"Rockets hit the camp\n\n{LEAD}\n\n{DENIAL}"


@pytest.mark.parametrize(
    "later",
    [
        TEXT.replace("\n\n", "\n"),
        TEXT.replace(" ", "  ").replace("\n\n", "\n \n"),
        TEXT.replace("Friday.", "Friday ."),
        TEXT.upper(),
        f"Updated 5 minutes ago\n{TEXT}",
        TEXT.replace(LEAD, f"Posted 3 hours ago\n{LEAD}"),
        f"{TEXT}\n\nAdvertisement",
        TEXT.replace(LEAD, f"{LEAD}\n\nADVERTISEMENT\n"),
        f"1.2K shares\n{TEXT}\n48 comments",
        f"3 min read\n{TEXT}",
        f"{TEXT}\n\nRelated\nOil prices rise again\nMarkets fall",
        f"{TEXT}\n\nMost read:\nOil prices rise again",
        TEXT.replace(LEAD, f"{LEAD}\nRead more: Oil prices rise again"),
        f"{TEXT}\nOil prices rise once more today\nMarkets fall all over Europe",
        f"{TEXT}\nSubscribe to our newsletter for the latest news",
    ],
)
def test_what_stands_beside_an_article_is_no_change_of_it(later):
    assert same(TEXT, later)
    assert same(later, TEXT)


@pytest.mark.parametrize(
    "later",
    [
        TEXT.replace("Three", "Five"),
        TEXT.replace("Friday", "Saturday"),
        TEXT.replace("denied", "confirmed"),
        TEXT.replace(f"\n\n{DENIAL}", ""),
        f"{TEXT}\n\nNobody claimed it.",
        f"{TEXT}\n\nNobody has claimed it",
        f"{TEXT}\n\nKilled: 3\nWounded: 7",
        f"{TEXT}\n\nCorrection: an earlier version gave a wrong day.",
        TEXT.replace("Rockets hit", "Drones hit"),
        TEXT.replace("capital", "capital, 5 minutes ago,"),
    ],
)
def test_what_the_article_itself_says_is_a_change(later):
    assert not same(TEXT, later)


def test_a_box_changed_to_another_is_no_change():
    one = f"{TEXT}\n\nRelated\nOil prices rise again"
    assert same(one, f"{TEXT}\n\nRelated\nMarkets fall\nA third link to something")


def test_a_text_that_is_all_links_is_compared_word_by_word():
    assert not same("Share", "Print")
    assert not same("Related\nOil prices rise", "Related\nOil prices fall")


@given(st.text(max_size=300))
def test_every_text_is_the_same_as_itself_with_other_white_space(text):
    assert same(text, text)
    assert same(text, text + "\n \n")
    assert all(line in text.splitlines() for line in article_lines(text))


def test_an_edit_tells_what_changed():
    assert edit(TEXT, TEXT.replace("Three", "80")).told == "1 word removed and 1 word added."
    figures = edit(TEXT.replace("Three", "3"), TEXT.replace("Three", "80"))
    assert figures.told == "Figures changed from 3 to 80."
    gone = edit(TEXT, TEXT.replace(f"\n\n{DENIAL}", ""))
    assert gone.told == "9 words removed."
    assert not gone.slight


@pytest.mark.parametrize(
    ("was", "now", "slight"),
    [
        ("soldiers", "solders", True),
        ("hit the camp on", "hit a camp on", True),
        ("Three", "Five", False),
        ("were killed", "were not killed", False),
        ("soldiers", "civilians", False),
        ("Three", "4", False),
        ("The envoy of Iran", "The envoy of Iraq", False),
    ],
)
def test_spelling_is_slight_figures_names_and_negations_are_not(was, now, slight):
    text = f"{TEXT} The envoy of Iran left."
    assert edit(text, text.replace(was, now)).slight is slight


def test_a_long_text_that_was_rewritten_is_compared_in_bounded_time():
    old, new = ("one two three four. " * 12_000, "five six seven eight. " * 12_000)
    assert edit(old, new).told == "48000 words removed and 48000 words added."


def test_a_beginning_before_a_wall_is_told_from_a_shorter_text():
    long = "\n\n".join([TEXT, *(f"Sentence number {n} tells some more of it." for n in range(20))])
    assert is_cut(long, TEXT + "\n\nSubscribe now to go on reading.")
    assert not is_cut(long, DENIAL + " " + LEAD)
    assert not is_cut(long, long.replace("Three", "Five"))
    assert not is_cut(long, "")


@pytest.mark.parametrize(
    "line",
    [
        "Correction: An earlier version named the wrong town.",
        "Editor's note: the figure was changed.",
        "This story has been updated with a statement.",
        "(Corrects day in first paragraph)",
        "UPDATE: the ministry answered.",
        "Updated: 3 January 2020, 14:05",
        "Rectificatif : le chiffre était faux.",
        "Korrektur: In einer früheren Version stand ein anderer Ort.",
        "Fe de erratas: el número era otro.",
        "اصلاحیه: شمار کشته‌شدگان نادرست بود.",
        "تصحيح: عدد القتلى كان خطأ.",
        "Düzeltme: sayı yanlıştı.",
        "Исправление: число было неверным.",
    ],
)
def test_a_notice_is_read_in_many_languages(line):
    assert notices(f"{TEXT}\n{line}") == [line]
    assert new_notice(TEXT, f"{line}\n{TEXT}") == line
    assert new_notice(f"{TEXT}\n{line}", f"{TEXT} More.\n{line}") == "", "it was there before"


@pytest.mark.parametrize(
    "line",
    [
        "Updated 5 minutes ago",
        "The ministry corrected its figures later that day.",
        "Officials promised to update the public.",
        "به گفته مقامات سه نفر کشته شدند.",
    ],
)
def test_clocks_and_ordinary_sentences_are_no_notice(line):
    assert notices(f"{TEXT}\n{line}") == []


def test_a_later_date_of_update_is_a_notice_and_a_correction_comes_first():
    old = f"{TEXT}\nUpdated: 3 January 14:05"
    new = f"{TEXT}\nUpdated: 3 January 16:40"
    assert new_notice(old, new) == "Updated: 3 January 16:40"
    both = new_notice(old, f"{new}\nCorrection: it was Thursday.")
    assert both == "Correction: it was Thursday."
    assert is_correction(both)
    assert not is_correction("Updated: 3 January 16:40")


@pytest.mark.parametrize(
    "raw",
    [
        b'<meta property="article:modified_time" content="2020-01-03T11:00:00+01:00">',
        b"<meta content='2020-01-03T10:00:00Z' name='last-modified'/>",
        b'<script>{"dateModified": "2020-01-03T10:00:00"}</script>',
    ],
)
def test_a_page_tells_when_it_was_changed(raw):
    assert modified(raw) == datetime(2020, 1, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b'<meta property="article:published_time" content="2020-01-03T10:00:00Z">',
        b'<meta property="article:modified_time" content="yesterday evening">',
        b'{"dateModified": "\xff\xff\xff\xff\xff\xff\xff\xff\xff"}',
    ],
)
def test_a_page_that_tells_no_usable_date_tells_none(raw):
    assert modified(raw) is None
