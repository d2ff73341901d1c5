"""The desk's queue: what filters ask for, in which order, with counts that say what a choice would show."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.events import curate, desk
from apps.events.desk import Filters
from apps.events.models import DeskItem, Link
from tests.events import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def by():
    return make.editor()


def waiting(confidence=None, **fields):
    event = make.event(**fields)
    make.cited(event, match_score=confidence)
    desk.refresh([event.pk])
    return event


def shown(by, **filters):
    return [item.event for item in desk.items(Filters(**filters), by, NOW)]


def counted(by, name, **filters):
    return {v.value: v.count for v in desk.counts(Filters(**filters), by, NOW)[name] if v.count}


def test_a_query_string_is_read_and_written_back():
    query = "type=ASSAULT&actor=us-gov&kind=new&contested=1&order=age&page=3"
    filters = Filters.parse(QueryDict(query))
    assert filters == Filters(
        type="ASSAULT", actor="us-gov", kind="new", contested=True, order="age", page=3
    )
    assert Filters.parse(QueryDict(filters.query(page=3).removeprefix("?"))) == filters
    assert Filters().query() == ""
    assert filters.query(type="").count("page") == 0


@pytest.mark.parametrize(
    "query", ["type=x", "order=x", "page=0", "page=-1", "page=²", "kind=", "snoozed=yes"]
)
def test_what_is_no_known_value_asks_for_everything(query):
    assert Filters.parse(QueryDict(query)) == Filters()


def test_a_value_is_cut_and_freed_of_what_the_database_cannot_hold():
    filters = Filters.parse(QueryDict("actor=a%00b" + "c" * 500))
    assert filters.actor.startswith("abc")
    assert len(filters.actor) <= 100


def test_the_most_salient_comes_first_or_the_oldest(by):
    talks, attack = waiting(type="CONSULT"), waiting()
    assert shown(by) == [attack, talks]
    assert shown(by, order="age") == [talks, attack]


def test_each_filter_narrows(by):
    first = waiting(0.9, type="ACCUSE", initiators=("us-gov",))
    second = waiting(0.3, targets=("ir-gov",))
    added = make.published()
    make.cited(added, "https://example.org/a")
    linked = make.published()
    Link.objects.create(source=linked, target=added, kind="part_of", standing="proposed")
    desk.refresh([added.pk, linked.pk])
    DeskItem.objects.filter(event=first).update(timelines=["us-iran-2020"], contested=True)
    desk.recommend(second, by)
    assert shown(by, type="ACCUSE") == [first]
    assert shown(by, actor="ir-gov") == [second]
    assert shown(by, dossier="us-iran-2020") == [first]
    assert shown(by, contested=True) == [first]
    assert shown(by, confidence="high") == [first]
    assert shown(by, confidence="low") == [second]
    assert set(shown(by, confidence="unknown")) == {added, linked}
    assert set(shown(by, kind="new")) == {first, second}
    assert shown(by, kind="addition") == [added]
    assert shown(by, kind="link") == [linked]
    assert shown(by, kind="correction") == []
    assert shown(by, recommended=True) == [second]
    assert shown(by, mine=True) == [second]
    assert shown(by, type="ACCUSE", actor="ir-gov") == []


def test_what_sleeps_is_left_out_until_its_day(by):
    event = waiting()
    desk.snooze(event.desk_item, NOW.date() + timedelta(days=2), by, now=NOW)
    assert shown(by) == []
    assert shown(by, snoozed=True) == [event]
    later = NOW + timedelta(days=2, hours=1)
    assert [i.event for i in desk.items(Filters(), by, later)] == [event]
    event.desk_item.refresh_from_db()
    desk.wake_up(event.desk_item, by)
    assert shown(by) == [event]


def test_a_count_says_what_the_queue_would_hold_if_the_value_were_chosen(by):
    waiting(type="ACCUSE", initiators=("us-gov",))
    waiting(type="ACCUSE", initiators=("ir-gov",))
    waiting(initiators=("us-gov",))
    assert counted(by, "type") == {"ACCUSE": 2, "ASSAULT": 1}
    assert counted(by, "type", actor="us-gov") == {"ACCUSE": 1, "ASSAULT": 1}
    assert counted(by, "type", actor="us-gov", type="ACCUSE") == {"ACCUSE": 1, "ASSAULT": 1}
    assert counted(by, "actor", type="ACCUSE") == {"ir-gov": 1, "us-gov": 1}
    assert counted(by, "kind") == {"new": 3}
    assert counted(by, "snoozed") == {}
    assert counted(by, "all", type="ACCUSE", actor="us-gov") == {"": 1}
    names = {
        v.value: (v.label, v.chosen) for v in desk.counts(Filters(actor="us-gov"), by, NOW)["actor"]
    }
    assert names == {"us-gov": ("Us Gov", True), "ir-gov": ("Ir Gov", False)}
    assert all(
        v.count == len(shown(by, type=v.value)) for v in desk.counts(Filters(), by, NOW)["type"]
    )


def test_a_chosen_value_is_offered_although_nothing_has_it(by):
    (value,) = desk.counts(Filters(dossier="gone"), by, NOW)["dossier"]
    assert (value.value, value.count, value.chosen) == ("gone", 0, True)


def test_pages_follow_one_another_without_a_count(by):
    events = [waiting(start=date(2020, 1, day)) for day in range(1, 6)]
    first = desk.page(Filters(order="age"), by, NOW, size=2)
    last = desk.page(Filters(order="age", page=3), by, NOW, size=2)
    assert [item.event for item in first.items] == events[:2]
    assert (first.has_previous, first.has_next) == (False, True)
    assert [item.event for item in last.items] == events[4:]
    assert (last.has_previous, last.has_next) == (True, False)


def test_queries_do_not_grow_with_the_queue(by):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = desk.page(Filters(), by, NOW)
            for item in page.items:
                [part.actor.name for part in item.event.participations.all()]
                (str(item.event.place), str(item.claimed_by))
            desk.counts(Filters(), by, NOW)
        return len(queries)

    waiting(initiators=("us-gov",), place=make.place())
    one = cost()
    for day in (2, 3):
        waiting(initiators=("ir-gov",), targets=("us-gov",), start=date(2020, 1, day))
    assert cost() == one
    assert one == 8  # three for the page, four for the counts, one for the last decision


def test_counts_are_kept_until_somebody_decides(settings, django_assert_max_num_queries):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    now, user = timezone.now(), make.editor("counting")
    event = make.event("T-counted")
    make.cited(event)
    curate.propose(event, by_label="a test")
    (total,) = desk.counts(desk.Filters(), user, now)["all"]
    assert total.count == 1
    with django_assert_max_num_queries(1):
        assert desk.counts(desk.Filters(), user, now)["all"] == [total]
    curate.reject(event, by=user, reason="Not this.")
    (left,) = desk.counts(desk.Filters(), user, now)["all"]
    assert left.count == 0
