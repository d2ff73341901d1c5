"""Texts grouped by lineage, without a database: `manage.py group_stories`."""

import io
import json

from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from apps.articles.extract.copies import wording
from apps.articles.extract.groups import Text, group
from tests.articles.test_copies import OTHER, OWN, SPEECH, TEXT

EDITED = TEXT.replace("on Friday", "late Friday")


def run(*lines: object) -> tuple[list[dict], str | None]:
    """The answers, and what the command complained of at its end."""
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    out, complaint = io.StringIO(), None
    try:
        call_command("group_stories", source=io.BytesIO("\n".join(written).encode()), stdout=out)
    except CommandError as fault:
        complaint = str(fault)
    return [json.loads(line) for line in out.getvalue().splitlines()], complaint


def test_copies_are_one_story_and_its_first_text_is_independent():
    answers, complaint = run(
        {"id": "late", "text": EDITED, "published_at": "2020-03-14"},
        {"id": "first", "text": TEXT, "published_at": "2020-03-13T20:00:00Z"},
        {"id": "own", "text": OWN},
    )
    assert complaint is None
    assert [(a["id"], a["story"], a["independent"]) for a in answers] == [
        ("late", "first", False),
        ("first", "first", True),
        ("own", "own", True),
    ]
    assert answers[0]["copied_share"] > 0.7
    assert [a["copied_share"] for a in answers[1:]] == [0, 0]


def test_what_copies_two_texts_joins_them():
    both = f"{TEXT} {OWN} {OTHER}"
    answers, _ = run(
        {"id": 1, "text": TEXT}, {"id": 2, "text": f"{OWN} {OTHER}"}, {"id": 3, "text": both}
    )
    assert {a["story"] for a in answers} == {1}


def test_a_speech_that_both_quote_joins_nothing():
    answers, _ = run(
        {"id": 1, "text": f'{OWN} "{SPEECH}"'}, {"id": 2, "text": f'{OTHER} "{SPEECH}"'}
    )
    assert [a["independent"] for a in answers] == [True, True]


def test_the_same_text_of_another_year_is_a_story_of_its_own():
    answers, _ = run(
        {"id": 1, "text": TEXT, "published_at": "2020-03-13"},
        {"id": 2, "text": TEXT, "published_at": "2021-03-13"},
    )
    assert [a["story"] for a in answers] == [1, 2]


def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_grouped():
    answers, complaint = run(
        {"id": 1, "text": TEXT}, "no json", {"id": 3}, {"id": 4, "text": EDITED, "published_at": "soon"},
        {"id": 5, "text": EDITED},
    )  # fmt: skip
    assert [a["id"] for a in answers if "error" in a] == [None, 3, 4]
    assert {a["id"]: a["story"] for a in answers if "story" in a} == {1: 1, 5: 1}
    assert complaint == "3 items could not be read; their lines say why."


@given(st.permutations(range(5)))
def test_the_order_of_the_lines_changes_no_group(order):
    texts = [TEXT, EDITED, f"{OWN} {OTHER}", f"{OWN} {OTHER} {SPEECH}", SPEECH]
    places = group([Text(wording(texts[i]), None) for i in order])
    stories = {}
    for i, place in zip(order, places, strict=True):
        stories.setdefault(place.story, set()).add(i)
    assert sorted(map(sorted, stories.values())) == [[0, 1], [2, 3], [4]]
