"""Two periods of one dossier, or two dossiers, on one scale."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from apps.actors.models import Actor
from apps.events.decide import refresh_headline
from apps.events.models import Event
from apps.timelines import tension
from apps.timelines.asof import NOW, AsOf
from apps.timelines.models import Timeline
from apps.timelines.queries import compare as queries_compare
from apps.timelines.queries.compare import compare
from tests.factories import make_actor, make_claim, make_event, make_timeline

pytestmark = pytest.mark.django_db
PAGE = "/timelines/us-iran-2020/compare/"


@pytest.fixture
def iran():
    return make_actor("iran-gov", name="Iran")


@pytest.fixture
def strike(iran):
    """Two dossiers with an event each day apart; the strike is the most severe of the first."""
    make_timeline(actors=[iran])
    india = make_actor("india-gov", name="India")
    make_timeline(
        "india-2019", actors=[india], title="India, 2019", start=date(2019, 1, 1),
        end=date(2019, 12, 31), focus_start=date(2019, 2, 14), focus_end=date(2019, 5, 1),
    )  # fmt: skip
    make_event("Bombing", start=date(2019, 2, 14), by=[india])
    make_event("Answer", start=date(2019, 2, 26), by=[india])
    make_event("Sanctions", start=date(2020, 1, 13), by=[iran], type="SANCTION")
    return make_event("Strike", start=date(2020, 1, 3), by=[iran], severity=12)


def compared(query: str = "", as_of: AsOf = NOW):
    return compare(Timeline.objects.get(slug="us-iran-2020"), QueryDict(query), as_of)


def words(client, **query) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_this_dossier_and_another_are_compared_by_the_days_of_their_focus(strike):
    found = compared()
    assert [side.timeline.slug for side in found.sides] == ["us-iran-2020", "india-2019"]
    assert [(row.number, len(row.a), len(row.b)) for row in found.rows] == [
        (0, 0, 1), (2, 1, 0), (12, 1, 1),
    ]  # fmt: skip
    assert found.a.zero == date(2020, 1, 1)


def test_the_index_is_the_one_of_each_dossier(strike):
    found = compared("a_from=2020-01-03&a_to=2020-01-13")
    (day,) = [d for d in found.a.index if d.day == date(2020, 1, 3)]
    assert day.value == pytest.approx(tension.scaled(9.0))
    assert len(found.a.index) == 11
    assert found.table[0][0] == 0


def test_two_periods_of_one_dossier(strike):
    query = "a=us-iran-2020&b=us-iran-2020&a_from=2020-01-01&a_to=2020-01-10&b_from=2020-01-11&b_to=2020-01-20"
    found = compared(query)
    assert [(side.total, side.chosen.filters.days) for side in found.sides] == [(1, 10), (1, 10)]
    assert [(row.number, bool(row.a), bool(row.b)) for row in found.rows] == [
        (2, True, True),
    ]


def test_days_are_counted_from_an_event_of_each(strike):
    other = Event.objects.get(title="Answer")
    found = compared(f"since_a={strike.public_id}&since_b={other.public_id}")
    assert [
        (row.number, [e.title for e in row.a], [e.title for e in row.b]) for row in found.rows
    ] == [
        (-12, [], ["Bombing"]),
        (0, ["Strike"], ["Answer"]),
        (10, ["Sanctions"], []),
    ]
    assert found.a.chosen.filters.start == date(2019, 12, 20)
    assert found.chart.zero is not None


def test_types_narrow_both_sides_and_the_lines_with_them(strike):
    found = compared("type=SANCTION")
    assert [side.total for side in found.sides] == [1, 0]
    assert max(day.value for day in found.b.index) == 0


def test_as_of_a_day_the_index_ends_with_it_and_later_events_are_missing(strike):
    found = compared("", AsOf(date(2020, 1, 10)))
    assert [e.title for e in found.a.events] == ["Strike"]
    assert found.a.index[-1].day == date(2020, 1, 10)
    assert compared("", AsOf(date(2019, 6, 1))).a.index == []


def test_what_turned_out_to_be_severe_later_is_not_among_the_severest_then(strike, monkeypatch):
    """Which events are offered and listed is told by what was known by then, too."""
    monkeypatch.setattr(queries_compare, "MOST_EVENTS", 1)
    monkeypatch.setattr(queries_compare, "MOST_OFFERED", 1)
    raid = make_event("Raid", start=date(2020, 1, 4), by=[Actor.objects.get(slug="iran-gov")])
    speaker = make_actor("speaker")
    make_claim(raid, speaker, field="killed", number=400, known_at=datetime(2020, 3, 1, tzinfo=UTC))
    refresh_headline(raid)
    Event.objects.filter(pk=raid.pk).update(severity=30)
    now, then = compared(), compared(as_of=AsOf(date(2020, 2, 1)))
    assert [e.title for e in now.a.offered] == [e.title for e in now.a.events] == ["Raid"]
    assert [e.title for e in then.a.offered] == [e.title for e in then.a.events] == ["Strike"]


def test_counts_by_class_stand_side_by_side(client, strike):
    shown = words(client)
    assert re.search(r"All 2 2 ", shown)
    assert "India, 2019: highest on 26 February 2019" in shown


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"b": "nowhere"}, "There is no timeline “nowhere”"),
        ({"since_a": "X-1"}, "has no published event “X-1”"),
        ({"a_from": "soon"}, "“soon” is not a day"),
    ],
)
def test_what_makes_no_sense_is_named_and_left_out(client, strike, query, fault):
    assert fault in words(client, **query)


def test_too_many_days_are_cut_and_said(client, strike, monkeypatch):
    monkeypatch.setattr(queries_compare, "MOST_DAYS", 30)
    assert "shows at most 30 days" in words(client)


def test_unpublished_dossiers_and_events_are_no_choice(client, strike):
    make_timeline("secret", title="SECRET", published=False)
    make_event("RUMOUR", by=list(strike.actors.all()), status="proposed")
    shown = words(client, b="secret")
    assert "SECRET" not in shown
    assert "RUMOUR" not in shown


def test_as_many_queries_for_three_events_as_for_one(client, strike, iran):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            words(client)
        return len(queries)

    one = count()
    for number in range(2):
        make_event(f"More {number}", by=[iran], first_public_at=datetime(2020, 1, 4, tzinfo=UTC))
    assert count() == one
