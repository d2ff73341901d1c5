"""The benchmark of scale in small: the same questions, answered alike; what they take is for the long form."""

from urllib.parse import urlsplit

import pytest

from apps.timelines.models import SignalCount
from benchmarks import scale_load, scale_peer, scale_questions
from benchmarks.scale_rows import lines
from benchmarks.scale_site import Site, chart_kilobytes, stored


@pytest.fixture
def site(transactional_db, settings):
    settings.API_RATE = settings.HEAVY_RATE = settings.PAGE_RATE = None
    found = Site()
    found.bring(2_000, 5)
    return found


def test_every_question_is_answered_as_duckdb_answers_it(
    site, live_server, tmp_path, monkeypatch, settings
):
    """`measured` ends where the counts differ."""
    few = chart_kilobytes(live_server.url)
    before = stored()
    site.multiply(3)
    assert stored() == 3 * before
    kept = set(SignalCount.objects.values_list())
    site.multiply(1)
    assert set(SignalCount.objects.values_list()) == kept
    monkeypatch.setattr(scale_questions, "TIMES", 2)
    rare, frequent = site.actors()
    peer = scale_peer.load(site.chosen.scope, site.conditions(), tmp_path)
    asked = scale_questions.questions(rare, frequent, site.lane())
    port = urlsplit(live_server.url).port
    assert [taken.name for taken in scale_questions.measured(asked, port, peer, 3)] == [
        question.name for question in asked
    ]
    assert chart_kilobytes(live_server.url) == pytest.approx(few, rel=0.1)
    assert site.counting_cost(settings) > 0


def test_readers_are_answered_and_repeat_views_are_told_by_their_tag(
    site, live_server, monkeypatch
):
    monkeypatch.setattr(scale_load, "CLIENTS", 3)
    monkeypatch.setattr(scale_load, "SECONDS", 1)
    found = scale_load.run(live_server.url, scale_load.PAGES)
    assert found.faults == []
    assert found.rate > 0
    again = {page: scale_load.again(live_server.url, page)[0] for page in scale_load.PAGES}
    assert sorted(set(again.values())) == [0, 304]
    assert again["/timelines/us-iran-2020/"] == 304


def test_lines_are_the_same_every_time():
    assert list(lines(50, 3)) == list(lines(50, 3)) != list(lines(50, 4))
