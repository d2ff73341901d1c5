"""The report holds the view: what it is, its index, its events with what is said, and where that stands."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.timelines.drawing.report_chart import FOOT, LEFT, TOP, WIDTH, picture
from apps.timelines.tension import Day
from tests.factories import make_actor, make_event, make_timeline

REPORT = "/timelines/us-iran-2020/report/"


def text_of(client, **query: str) -> str:
    answer = client.get(REPORT, query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_it_says_which_view_it_is(client, world):
    page = text_of(client, dyad="us-iran", as_of="2020-01-20")
    for words in (
        "1 January 2020 – 30 November 2020",
        "<dd>United States – Iran</dd>",
        "as known at the end of 20 January 2020, UTC",
        "http://testserver/timelines/us-iran-2020/?dyad=us-iran&amp;as_of=2020-01-20",
        "CC BY 4.0",
        "index T1",
    ):
        assert words in page


def test_it_tells_events_with_tolls_claims_and_sources(client, world):
    page = text_of(client)
    titles = re.findall(r"<h3><a [^>]*>([^<]+)</a>", page)
    assert titles == [world.strike.title, world.attack.title, world.talks.title]
    assert "Wounded: <b>34</b>" in page
    assert '<b><bdi lang="en">United States</bdi></b> says 11' in page
    number = re.search(r'<li id="s(\d+)"><bdi lang="en">@Wire, Ltd', page)
    assert number
    assert f'<a href="#s{number[1]}">[{number[1]}]</a>' in page
    assert '<a href="https://wire.example/a?b=1&amp;c=2">' in page


def test_it_tells_what_was_known_on_the_day(client, world):
    page = text_of(client, as_of="2020-01-20")
    assert "Wounded: <b>11</b>" in page
    assert "became known later" not in page
    assert "Talks in Muscat" not in page


def test_it_says_how_many_events_it_leaves_out(client, world, monkeypatch):
    monkeypatch.setattr("apps.timelines.exports.report.MOST", 1)
    page = text_of(client)
    assert "The report holds the first 1 events; 2 later ones are left out" in page
    assert page.count('class="report-event ') == 1


def test_a_filter_that_makes_no_sense_is_refused(client, world):
    assert client.get(REPORT, {"actor": "atlantis"}).status_code == 400


def test_nothing_in_it_is_styled_or_run_inline(client, world):
    page = text_of(client)
    assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", page)


def test_its_queries_do_not_grow_with_its_events(client, db):
    us = make_actor("us-gov")
    make_timeline(actors=[us])
    counts = []
    for _ in range(3):
        make_event(by=[us])
        with CaptureQueriesContext(connection) as found:
            text_of(client)
        counts.append(len(found))
    assert counts[0] == counts[2] <= 40


# --- its picture -------------------------------------------------------------------------


def day(n: int, value: float) -> Day:
    return Day(date(2020, 1, n), 0, value, value / 2, min(100, value * 2))


def test_the_index_goes_from_edge_to_edge_and_from_foot_to_top():
    found = picture([day(1, 0), day(2, 50), day(3, 100)], [], date(2020, 1, 1), date(2020, 1, 3))
    middle = (LEFT + WIDTH) / 2, (FOOT + TOP) / 2
    assert found.line == f"M{LEFT}.0 {FOOT}.0L{middle[0]} {middle[1]}L{WIDTH}.0 {TOP}.0"
    assert found.part == ""


def test_an_index_that_ends_with_its_day_leaves_the_rest_empty():
    found = picture([day(1, 10), day(2, 10)], [], date(2020, 1, 1), date(2020, 1, 31))
    assert found.end < LEFT + (WIDTH - LEFT) / 10


@pytest.mark.parametrize("years", [1, 2, 10, 200])
def test_there_is_room_for_every_label(years):
    found = picture([], [], date(1900, 1, 1), date(1899 + years, 12, 31))
    assert 1 <= len(found.labels) <= 13
    places = [label.x for label in found.labels]
    assert places == sorted(places)
