"""The command that reads articles from JSON lines, and the one that codes relations."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.annotations import pipeline
from apps.annotations.pipeline.run import LONGEST_TEXT
from tests.annotations.reading import DOSSIER

ROOT = Path(__file__).parents[2]


def run(command: str, lines: list[object], *arguments: str) -> tuple[list[dict], str | None]:
    """The answers, and what the command complained of at its end."""
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    out = io.StringIO()
    complaint = None
    try:
        source = io.BytesIO("\n".join(written).encode())
        call_command(command, *arguments, source=source, stdout=out)
    except CommandError as fault:
        complaint = str(fault)
    return [json.loads(line) for line in out.getvalue().splitlines()], complaint


def annotate(*lines: object) -> tuple[list[dict], str | None]:
    return run("annotate_jsonl", list(lines), "--dossier", str(DOSSIER))


def test_an_article_is_answered_in_the_published_shape():
    answers, complaint = annotate(
        {
            "id": 7,
            "text": "Iran attacked US troops on Thursday.",
            "published_at": "2020-03-06T10:00:00Z",
        }
    )
    assert complaint is None
    answer = answers[0]
    assert set(answer) == {
        *("id", "pipeline_version", "agency", "dateline", "removed", "actors", "places", "dates"),
        *("events", "claims", "story_events"),
    }
    assert (answer["id"], answer["pipeline_version"]) == (7, pipeline.VERSION)
    event = answer["events"][0]
    assert event["trigger"] == {"start": 5, "end": 13, "surface": "attacked"}
    assert event["date"] == {"from": "2020-03-05", "to": "2020-03-05", "precision": "day"}
    assert answer["story_events"][0]["mentions"] == [0]
    assert answer["story_events"][0]["role"] == "main"


def test_answers_keep_the_order_and_bad_lines_stop_nothing():
    answers, complaint = annotate(
        {"id": "a", "text": "Iran attacked US troops."},
        "not json {",
        "[1, 2]",
        {"id": "b", "text": 5},
        {"id": "c", "text": "Nothing.", "published_at": "yesterday"},
        {"id": "d", "text": ""},
    )
    assert [a["id"] for a in answers] == ["a", None, None, "b", "c", "d"]
    assert ["error" in a for a in answers] == [False, True, True, True, True, False]
    assert answers[5]["events"] == []
    assert complaint is not None
    assert "4 items" in complaint


def test_a_text_that_is_too_long_is_an_error_of_its_item():
    answers, complaint = annotate(
        {"id": 1, "text": "a " * LONGEST_TEXT}, {"id": 2, "text": "Iran attacked US troops."}
    )
    assert str(LONGEST_TEXT) in answers[0]["error"]
    assert answers[1]["events"]
    assert complaint is not None


def test_line_separators_and_half_surrogates_stay_inside_their_line():
    answers, complaint = annotate(
        '{"id": "\\u2028", "text": "Iran \\ud800 attacked\\u2028US troops."}'
    )
    assert complaint is None
    assert answers[0]["id"] == "\u2028"


def test_an_unknown_dossier_is_told():
    with pytest.raises(CommandError, match="no such dossier"):
        call_command("annotate_jsonl", "--dossier", "/nowhere", source=io.BytesIO(b""))


def test_it_runs_without_any_database():
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "code_relations"],
        cwd=ROOT,
        env=environment,
        input='{"id": 1, "text": "Iran attacked Iraq.", "source": "Iran", "target": "Iraq"}\n{',
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0] == {"id": 1, "type": "ASSAULT", "quad": 4}
    assert "error" in answers[1]
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("text", "source", "target", "type_", "quad"),
    [
        ("Norway gave Chad two million dollars in aid.", "Norway", "Chad", "AID", 2),
        ("Norway's foreign minister met envoys of Chad.", "Norway", "Chad", "CONSULT", 1),
        ("Chad rejected a proposal by Norway.", "Chad", "Norway", "REJECT", 3),
        ("Chad was bombed by Norway.", "Norway", "Chad", "ASSAULT", 4),
        ("Norway will send food to Chad.", "Norway", "Chad", "AGREE", 1),
        ("Norway did not provide aid to Chad.", "Norway", "Chad", "REJECT", 3),
        ("Norway threatened to attack Chad.", "Norway", "Chad", "THREATEN", 3),
        ("Norway did.", "Norway", "Chad", "ACCUSE", 3),
    ],
)
def test_relations_between_named_sides(text: str, source: str, target: str, type_: str, quad: int):
    answers, complaint = run(
        "code_relations", [{"id": 1, "text": text, "source": source, "target": target}]
    )
    assert complaint is None
    assert answers == [{"id": 1, "type": type_, "quad": quad}]
