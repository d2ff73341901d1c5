"""`manage.py ingest --wait` in one terminal, the workers in another."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from apps.articles.models import Article
from tests.flow.test_feed_to_page import SENTENCE, make_known_names


@pytest.fixture
def manage(other_process):
    def run(*args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, settings.BASE_DIR / "manage.py", *args],
            input=stdin,
            env=os.environ | other_process,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def test_items_are_followed_through_every_stage_and_told_one_by_one(manage, start_worker):
    make_known_names()
    start_worker()
    lines = [
        {"id": "one", "text": f"BAGHDAD (AP) - {SENTENCE}", "published_at": "2020-01-09"},
        {"id": "empty", "text": ""},
        {"id": "two", "text": "Markets were calm in Asia on a day without any news of note."},
    ]
    ended = manage(
        "ingest", "-", "--wait", "--json", stdin="\n".join(json.dumps(line) for line in lines)
    )
    rows = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [(row["label"], row["outcome"]) for row in rows] == [
        ("standard input, line 1 (one)", "new"),
        ("standard input, line 3 (two)", "new"),
        ("standard input, line 2", "refused"),
    ]
    assert rows[0]["attached"] + rows[0]["proposed"] >= 1, ended.stdout + ended.stderr
    assert "'text' is missing or empty" in rows[2]["error"]
    assert "matched" in ended.stderr, "a progress bar shows the stages"
    assert (ended.returncode, Article.objects.count()) == (1, 2)

    again = manage("ingest", "-", "--wait", "--json", stdin=json.dumps(lines[0]))
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["outcome"] == "unchanged"


def test_without_a_database_the_command_says_what_to_do(tmp_path):
    ended = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "ingest", "-"],
        input="A text.",
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
            "TENSIONLINE_HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "start `make run` in another terminal" in ended.stderr
    assert "Traceback" not in ended.stderr
