"""`manage.py ingest`: what it brings, what it tells, how it ends."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from apps.articles.models import IntakeItem
from apps.articles.tasks import ingest_waiting
from apps.core.stages import StageStatus
from apps.events import follow
from apps.events.management.commands import ingest as command
from tests.articles.test_extract import SENTENCES

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(tmp_path):
    file = tmp_path / "article.txt"
    file.write_text("\n".join(SENTENCES))
    return file


def run(*args) -> str:
    out = io.StringIO()
    call_command("ingest", *map(str, args), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_items_are_queued_and_counted(article):
    assert run(article, "--published", "2020-11-20") == "1 items are queued.\n"
    item = IntakeItem.objects.get()
    assert (item.status, item.published_precision) == (StageStatus.WAITING, "day")
    assert item.published_at.isoformat() == "2020-11-20T00:00:00+00:00"


def test_bad_input_is_named_the_rest_goes_on_and_the_command_fails(article, tmp_path):
    err = io.StringIO()
    missing = tmp_path / "missing.txt"
    with pytest.raises(CommandError, match="1 of 2 items failed"):
        call_command("ingest", str(missing), str(article), stdout=io.StringIO(), stderr=err)
    assert f"{missing}: The file cannot be read" in err.getvalue()
    assert IntakeItem.objects.get().label == str(article)


def test_a_date_that_is_none_is_told(article):
    with pytest.raises(CommandError, match="'yesterday' is not an ISO date"):
        run(article, "--published", "yesterday")


def test_json_prints_one_outcome_an_item(article, tmp_path):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "ingest", str(article), str(tmp_path / "x"), "--json", stdout=out, stderr=io.StringIO()
        )
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    keys = ["id", "label", "outcome", "error", "article", "attached", "proposed"]
    assert [list(row) for row in rows] == [keys, keys]
    assert (rows[0]["label"], rows[0]["outcome"]) == (str(article), "")
    assert (rows[1]["id"], rows[1]["outcome"]) == (None, "refused")
    assert "cannot be read" in rows[1]["error"]


def test_waiting_ends_with_the_time_allowed_and_says_that_no_worker_came(
    article, monkeypatch, capfd
):
    monkeypatch.setattr(command, "NO_WORKER_AFTER", 0.1)
    with pytest.raises(CommandError, match=r"Not everything was done within 0\.6 seconds"):
        run(article, "--wait", "--timeout", "0.6")
    assert "start `make run` in another terminal" in capfd.readouterr().err


def test_workers_that_are_busy_with_other_things_are_not_called_absent(
    article, tmp_path, monkeypatch, capfd
):
    other = tmp_path / "other.txt"
    other.write_text("Another text.")
    run(other)
    ingest_waiting()
    monkeypatch.setattr(command, "NO_WORKER_AFTER", 0.1)
    with pytest.raises(CommandError, match="Not everything was done"):
        run(article, "--wait", "--timeout", "0.6")
    assert "make run" not in capfd.readouterr().err


def test_a_refused_item_is_through_and_told(tmp_path):
    file = tmp_path / "page.html"
    file.write_text("<html><body></body></html>")
    run(file)
    batch = IntakeItem.objects.get().batch
    ingest_waiting()
    (report,) = follow.reports(batch)
    assert (report.outcome, report.passed) == ("refused", 3)
    assert "no article text" in report.error
    assert follow.progress([report]).finished


def test_an_item_passes_its_stages_one_by_one(article):
    run(article)
    batch = IntakeItem.objects.get().batch
    assert follow.progress(follow.reports(batch)).passed == (0, 0, 0)
    ingest_waiting()
    assert follow.progress(follow.reports(batch)).passed == (1, 0, 0)


def test_the_reports_of_a_batch_cost_three_queries_whatever_its_size(
    tmp_path, django_assert_num_queries
):
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Text number {number}.")
    run(tmp_path)
    batch = IntakeItem.objects.first().batch
    ingest_waiting()
    with django_assert_num_queries(3):
        assert len(follow.reports(batch)) == 3
