"""What of a text is the article, and what is never annotated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.annotations.pipeline import clean
from apps.annotations.pipeline.types import Removed

STORY = "Rockets struck a base near Baghdad on Sunday, officials said. Nobody was hurt."


def removed(text: str, title: str = "") -> dict[str, str]:
    """Removed surface -> why."""
    return {r.span.of(text): r.why for r in clean.structure(text, title).removed}


@pytest.mark.parametrize(
    ("line", "agency", "place"),
    [
        ("BAGHDAD (AP) – ", "AP", "BAGHDAD"),
        ("BAGHDAD, Jan 3 (Reuters) - ", "Reuters", "BAGHDAD"),
        ("DUBAI, United Arab Emirates (AP) — ", "AP", "DUBAI, United Arab Emirates"),
        ("TEHRAN, Nov. 20 (Xinhua) -- ", "Xinhua", "TEHRAN"),
        ("Baghdad (AFP) - ", "AFP", "Baghdad"),
        ("Berlin (dpa) - ", "dpa", "Berlin"),
        ("ERBIL, Iraq (TL Wire) — ", "TL Wire", "ERBIL, Iraq"),
        ("(Reuters) - ", "Reuters", None),
        ("WASHINGTON — ", None, "WASHINGTON"),
        ("(CNN) ", None, None),
    ],
)
def test_a_dateline_gives_place_and_agency_and_is_removed(
    line: str, agency: str | None, place: str | None
) -> None:
    found = clean.structure(line + STORY)
    assert (found.agency, found.dateline) == (agency, place)
    assert [r.why for r in found.removed] == ["dateline"]
    assert clean.blanked(line + STORY, found.removed).strip() == STORY


@pytest.mark.parametrize(
    "line",
    [
        "Tensions — never low — rose again on Monday, diplomats said.",
        "Iran - which denies it - has protested.",
        "Soldiers (four of them wounded) returned on Monday.",
        "US officials said the strike was lawful. Iran denied it.",
        "NATO said on Monday that it would stay.",
    ],
)
def test_a_sentence_is_no_dateline(line: str) -> None:
    found = clean.structure(line + "\n\n" + STORY)
    assert (found.dateline, found.removed) == (None, ())


def test_addresses_menus_and_crumbs_are_removed() -> None:
    text = (
        "Home https://proxy.example/a World https://proxy.example/b Rockets hit a base\n\n"
        "Home > World > Middle East\n\nRockets hit a base\n\n" + STORY
    )
    found = clean.structure(text)
    assert [r.why for r in found.removed] == ["navigation", "navigation"]
    assert found.title == "Rockets hit a base"
    assert found.headline is not None
    assert found.headline.of(text) == "Rockets hit a base"


def test_a_sentence_with_an_address_keeps_its_words() -> None:
    text = f"{STORY}\n\nThe ministry published the order at https://example.org/order on Sunday."
    assert removed(text) == {"https://example.org/order": "address"}


def test_the_given_title_is_removed_where_the_text_repeats_it() -> None:
    text = f"Rockets hit a base\n\n{STORY}"
    assert removed(text, "Rockets hit a base | Example News") == {
        "Rockets hit a base": "repeated headline"
    }


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Source link", "link"),
        ("Read more: Ten things to know", "link"),
        ("Advertisement", "advertisement"),
        ("Share this article", "share bar"),
        ("Sign up for our daily newsletter", "subscription"),
        ("Copyright 2020 Example Media. All rights reserved.", "copyright"),
        ("By Jane Q. Writer and John Reporter", "byline"),
        ("FILE PHOTO: A flag over the parliament.", "caption"),
        ("Smoke rises over the river after the strike. (Jane Writer/Reuters)", "caption"),
        ("The Associated Press", "credit"),
        ("(TL Wire)", "credit"),
        ("___", "separator"),
    ],
)
def test_lines_around_the_story_are_removed(line: str, why: str) -> None:
    assert removed(f"{STORY}\n\n{STORY.upper()}\n\n{line}") == {line: why}


def test_an_agency_named_alone_on_a_line_is_the_agency() -> None:
    assert clean.structure(f"{STORY}\n\n{STORY}\n\n(TL Wire)").agency == "TL Wire"
    assert clean.structure(f"{STORY}\n\n{STORY}\n\nThe Associated Press").agency == "AP"


def test_a_photographers_credit_names_no_agency() -> None:
    text = f"{STORY}\n\nSmoke rises over the river after the strike. (Jane Writer/Reuters)"
    assert clean.structure(text).agency is None


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Iran&#8217;s allies gathered.", "&#8217;"),
        ("7;s allies gathered.", "7;s"),
        ("It was over.&nbsp;They left.", "&nbsp;"),
        ("That far. “\n\nNext paragraph.", "“"),
    ],
)
def test_remnants_of_mark_up_are_removed(text: str, gone: str) -> None:
    assert gone in removed(text)


@pytest.mark.parametrize(
    "text", ["He fired 7; she fired 8; nobody hit.", "She said “no” twice.", "At 10:30; later."]
)
def test_numbers_and_quotes_of_a_sentence_stay(text: str) -> None:
    assert removed(text) == {}


@given(st.text(), st.text(max_size=40))
def test_offsets_lie_in_the_text_in_order_and_blanking_keeps_its_length(
    text: str, title: str
) -> None:
    found = clean.structure(text, title)
    ends = 0
    for item in found.removed:
        assert ends <= item.span.end <= len(text)
        assert 0 <= item.span.start < item.span.end
        ends = item.span.end
    blank = clean.blanked(text, found.removed)
    assert len(blank) == len(text)
    assert all(a == b or b == " " for a, b in zip(text, blank, strict=True))


def test_blanking_nothing_changes_nothing() -> None:
    nothing: list[Removed] = []
    assert clean.blanked(STORY, nothing) == STORY
