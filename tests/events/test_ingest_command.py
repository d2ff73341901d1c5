"""`manage.py ingest`: what it brings, what it tells, how it ends."""

import gzip
import io
import json

import psycopg
import pytest
from django.core.management import CommandError, call_command

from apps.articles import containers, incoming
from apps.articles.brought import Given
from apps.articles.models import IntakeBatch, IntakeItem
from apps.articles.tasks import ingest_waiting
from apps.core.stages import StageStatus
from apps.events import follow
from apps.events.management.commands import ingest as command
from apps.sources.models import Feed
from tests.articles.test_extract import SENTENCES
from tests.conftest import database_url

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


LIST = b"""<opml version="2.0"><body>
<outline text="Example" xmlUrl="https://news.example/rss"/><outline text="bad" xmlUrl="ftp://x/"/>
</body></opml>"""


@pytest.mark.parametrize("name", ["feeds.opml", "feeds.opml.gz"])
def test_a_list_of_feeds_adds_feeds_that_are_off(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(gzip.compress(LIST) if name.endswith("gz") else LIST)
    assert "New feeds: 1, all off; new sources: 1" in run(file)
    assert not Feed.objects.get(url="https://news.example/rss").active
    assert not IntakeBatch.objects.exists()


def test_a_list_of_feeds_that_is_none_is_told(tmp_path):
    file = tmp_path / "feeds.opml"
    with pytest.raises(CommandError, match="cannot be read"):
        run(file)
    file.write_bytes(b"no list")
    with pytest.raises(CommandError, match=r"feeds\.opml: "):
        run(file)


def many(tmp_path, count: int):
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(f'{{"id": "{n}", "text": "Text number {n}."}}\n' for n in range(count)))
    return file


def cut_off_after(monkeypatch, count: int) -> None:
    """Let the reading of a file end in a kill."""
    read = containers.of_lines

    def dying(*args):
        for number, item in enumerate(read(*args)):
            if number == count:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr(containers, "of_lines", dying)


def test_a_run_that_was_cut_off_goes_on_where_it_was(tmp_path, monkeypatch):
    file = many(tmp_path, 450)
    with monkeypatch.context() as patch:
        cut_off_after(patch, 430)
        with pytest.raises(KeyboardInterrupt):
            run(file)
    assert IntakeItem.objects.count() == 400, "what was committed in pieces stays"
    err = io.StringIO()
    call_command("ingest", str(file), stdout=io.StringIO(), stderr=err)
    assert "Going on with what was cut off: 400 items are there already." in err.getvalue()
    assert IntakeBatch.objects.get().complete
    assert IntakeItem.objects.count() == 450
    assert IntakeItem.objects.values("label").distinct().count() == 450
    run(file)
    assert IntakeBatch.objects.count() == 2, "a run that ended is begun anew"


def test_another_run_does_not_go_on_with_what_was_cut_off(tmp_path, monkeypatch):
    file = many(tmp_path, 250)
    with monkeypatch.context() as patch:
        cut_off_after(patch, 240)
        with pytest.raises(KeyboardInterrupt):
            run(file)
    run(file, "--source", "Example")
    assert sorted(batch.items.count() for batch in IntakeBatch.objects.all()) == [200, 250]


def test_two_runs_of_the_same_at_once_are_refused(tmp_path):
    file = many(tmp_path, 2)
    batch, _ = incoming.batch_of([str(file)], (Given(), ""))
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [incoming.lock_number(batch.key)])
        with pytest.raises(CommandError, match="is running already"):
            run(file)
        # Told, not left to the end of the connection: the server needs a moment to notice that.
        other.execute("SELECT pg_advisory_unlock(%s)", [incoming.lock_number(batch.key)])
    assert run(file) == "2 items are queued.\n"


def test_failures_beyond_a_hundred_are_counted_not_named(tmp_path):
    file = tmp_path / "articles.jsonl"
    file.write_text("{broken\n" * 150)
    err = io.StringIO()
    with pytest.raises(CommandError, match="150 of 150 items failed"):
        call_command("ingest", str(file), stdout=io.StringIO(), stderr=err)
    assert err.getvalue().count("not valid JSON") == 100
    assert "further ones are counted" in err.getvalue()


def test_totals_tell_what_became_of_all(tmp_path):
    file = many(tmp_path, 3)
    (tmp_path / "page.html").write_text("<html><body></body></html>")
    run(file, tmp_path / "page.html")
    batch = IntakeBatch.objects.get()
    assert follow.totals(batch).outcomes == {"": 4}
    ingest_waiting()
    totals = follow.totals(batch)
    assert (totals.outcomes, totals.failed, totals.items) == ({"new": 3, "refused": 1}, 1, 4)
    (failed,) = follow.reports(batch, failed=True)
    assert failed.label.endswith("page.html")


def test_an_item_that_failed_twice_is_not_waited_for(article):
    run(article)
    batch = IntakeBatch.objects.get()
    IntakeItem.objects.update(status=StageStatus.FAILED, attempts=1, error="Once.")
    assert not follow.progress(batch).finished
    IntakeItem.objects.update(attempts=2, error="Twice.")
    assert follow.progress(batch).finished
    (report,) = follow.reports(batch)
    assert (report.error, follow.totals(batch).failed) == ("Not ingested: Twice.", 1)


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
    assert follow.progress(batch).finished


def test_an_item_passes_its_stages_one_by_one(article):
    run(article)
    batch = IntakeItem.objects.get().batch
    assert follow.progress(batch).passed == (0, 0, 0)
    ingest_waiting()
    assert follow.progress(batch).passed == (1, 0, 0)


def test_what_became_of_a_batch_costs_one_query_each_whatever_its_size(
    tmp_path, django_assert_num_queries
):
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Text number {number}.")
    run(tmp_path)
    batch = IntakeItem.objects.first().batch
    ingest_waiting()
    with django_assert_num_queries(3):
        assert len(list(follow.reports(batch))) == 3
        assert follow.progress(batch).items == 3
        assert follow.totals(batch).outcomes == {"new": 3}
