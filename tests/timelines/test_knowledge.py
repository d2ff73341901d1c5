"""The known-time clock of a timeline: steps, what a day brought, and the difference to today."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.events.decide import refresh_headline
from apps.timelines.asof import AsOf
from apps.timelines.models import Timeline
from apps.timelines.queries import knowledge
from apps.timelines.queries.difference import between, of_the_day
from apps.timelines.queries.selection import select
from tests import loaded
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_quote,
    make_timeline,
)

pytestmark = pytest.mark.django_db
PAGE = "/timelines/us-iran-2020/"
AIN_AL_ASAD = "USIR-20200108-1"


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2020, month, day, hour, tzinfo=UTC)


@pytest.fixture
def attack():
    """An attack of 8 January, 0 wounded at first, 11 on the 16th, 34 on the 24th; a threat of the 20th."""
    us, iran = make_actor("us-gov", name="Pentagon"), make_actor("iran-gov", name="Iran")
    make_timeline(actors=[us, iran])
    event = make_event("The attack", start=date(2020, 1, 8), by=[iran], at=[us])
    for known, number in ((at(1, 8, 18), 0), (at(1, 16), 11), (at(1, 24), 34)):
        make_claim(event, us, field="wounded", number=number, known_at=known)
    refresh_headline(event)
    make_event("The threat", start=date(2020, 1, 9), type="THREATEN", by=[us], at=[iran],
               first_public_at=at(1, 20))  # fmt: skip
    return event


def chosen(query: str = "", day: date | None = None):
    return select(Timeline.objects.get(), QueryDict(query), AsOf(day))


def body(client, path: str = PAGE, **query) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def wounded(html: str, public_id: str) -> str:
    """The figure of the wounded in the event's line of the list."""
    (row,) = re.findall(rf'<tr[^>]*data-event="{public_id}".*?</tr>', html, re.S)
    return re.findall(r'data-label="wounded">([^<]*)<', row)[0]


def test_the_toll_of_ain_al_asad_reads_on_each_day_as_it_was_known(client):
    loaded.us_iran()
    days = {
        "2020-01-09": "0", "2020-01-17": "11", "2020-01-25": "34", "2020-01-28": "50",
        "2020-01-31": "64", "2020-02-11": "109", "2020-02-22": "110",
    }  # fmt: skip
    assert {d: wounded(body(client, as_of=d), AIN_AL_ASAD) for d in days} == days


class TestTheBar:
    def test_the_form_keeps_the_rest_of_the_view(self, client, attack):
        shown = body(client, type="ASSAULT", as_of="2020-01-17")
        form = shown[shown.index('id="as-of"') : shown.index('id="as-of-now"')]
        assert '<input type="hidden" name="type" value="ASSAULT">' in form
        assert 'name="as_of" value="2020-01-17" min="2018-05-01"' in form
        assert form.count('name="as_of"') == 1

    def test_it_tells_what_the_day_brought_first_figures_then_events(self, client, attack):
        assert "11 wounded (0 before): The attack" in words_of_bar(client, "2020-01-16")
        assert "nothing new" in words_of_bar(client, "2020-01-17")
        assert "new: The threat" in words_of_bar(client, "2020-01-20")

    def test_as_known_now_it_tells_of_no_day(self, client, attack):
        shown = body(client)
        assert 'data-announce=""' in shown
        assert 'id="as-of-now"' not in shown
        assert "brought" not in words(shown)

    def test_the_day_a_dispute_began_is_told(self, client, attack):
        iran = make_actor("iran-mod", name="Tehran")
        make_claim(attack, iran, act="denies", known_at=at(1, 18))
        make_claim(attack, known_at=at(1, 10))
        assert "contested: The attack" in words_of_bar(client, "2020-01-18")


def words_of_bar(client, day: str) -> str:
    found = re.search(r'data-announce="(As known[^"]*)"', body(client, as_of=day))
    assert found is not None
    return found[1]


class TestSteps:
    def test_days_are_those_on_which_an_event_or_a_claim_of_the_view_became_known(self, attack):
        days = knowledge.known_days(chosen())
        assert days == [date(2020, 1, d) for d in (8, 16, 20, 24)]
        assert knowledge.known_days(chosen("type=THREATEN")) == [date(2020, 1, 20)]

    def test_a_claim_is_known_with_the_article_that_reports_it_and_not_before(self, attack):
        late = make_article("A report.", published_at=at(2, 3), published_precision="instant")
        quote = make_quote(attack, late, "A report.", known_at=at(1, 10))
        make_claim(attack, evidence=quote, known_at=at(1, 10))
        days = knowledge.known_days(chosen())
        assert date(2020, 2, 3) in days
        assert date(2020, 1, 10) not in days

    @pytest.mark.parametrize(
        ("day", "way", "leads"),
        [
            ("2020-01-17", "next", "?as_of=2020-01-20"),
            ("2020-01-17", "previous", "?as_of=2020-01-16"),
            ("2020-01-24", "next", ""),  # as known on the last day is as known now
            ("2020-01-08", "previous", "?as_of=2020-01-08"),  # before it there is nothing
            ("", "previous", "?as_of=2020-01-20"),
            ("", "next", ""),
        ],
    )
    def test_a_step_leads_to_the_nearest_of_them_with_the_rest_of_the_view(
        self, client, attack, day, way, leads
    ):
        url = reverse("known", args=["us-iran-2020"])
        asked = {"step": way} | ({"as_of": day} if day else {})
        response = client.get(url, asked)
        assert (response.status_code, response["Location"]) == (302, PAGE + leads)
        kept = client.get(url, asked | {"contested": "1"})["Location"]
        assert "contested=1" in kept

    def test_a_replay_is_told_the_days_to_come_and_so_many_at_once(
        self, client, attack, monkeypatch
    ):
        monkeypatch.setattr(knowledge, "MOST_STEPS", 2)
        url = reverse("known", args=["us-iran-2020"])
        assert client.get(url).json() == {"days": ["2020-01-08", "2020-01-16"]}
        after = client.get(url, {"as_of": "2020-01-16"}).json()
        assert after == {"days": ["2020-01-20", "2020-01-24"]}
        assert client.get(url, {"as_of": "2020-01-24"}).json() == {"days": []}

    def test_a_step_of_a_replay_takes_the_place_of_the_address_before(self, client, attack):
        target = {"HX-Request": "true", "HX-Target": "view"}
        pushed = client.get(PAGE, {"as_of": "2020-01-16"}, headers=target)
        played = client.get(
            PAGE, {"as_of": "2020-01-16"}, headers=target | {"Tensionline-Replay": "1"}
        )
        assert pushed["HX-Push-Url"] == played["HX-Replace-Url"] == f"{PAGE}?as_of=2020-01-16"
        assert "HX-Push-Url" not in played
        assert pushed.content == played.content


class TestDifference:
    def test_it_tells_events_and_figures_that_were_not_known(self, client, attack):
        shown = words(body(client, f"{PAGE}difference/", as_of="2020-01-17"))
        assert "Not yet known 1 event" in shown
        assert "The threat" in shown
        assert "wounded was 11 → is 34" in shown
        assert re.search(r"Index of 17 January 2020 \d+ → then, now \d+", shown)

    def test_the_page_as_of_the_day_holds_nothing_of_it_but_the_way_there(self, client, attack):
        shown = body(client, as_of="2020-01-17")
        assert "The threat" not in shown
        assert not re.search(r"(?<![\w-])34(?!\w)", words(shown)), "identifiers may end in it"
        assert f'hx-get="{PAGE}difference/?as_of=2020-01-17"' in shown

    def test_its_fragment_is_part_of_its_page(self, client, attack):
        url, query = f"{PAGE}difference/", {"as_of": "2020-01-17"}
        part = client.get(url, query, headers={"HX-Request": "true", "HX-Target": "difference"})
        assert "<html" not in part.content.decode()
        assert part.content.decode().strip() in body(client, url, **query)

    def test_filters_count(self, client, attack):
        shown = words(body(client, f"{PAGE}difference/", as_of="2020-01-17", type="ASSAULT"))
        assert "Not yet known 0 events" in shown

    def test_between_two_days_counts_what_came_in_between_alone(self, attack):
        found = between(chosen(day=date(2020, 1, 22)), at(1, 12))
        assert [event.title for event in found.new] == ["The threat"]
        (row,) = found.altered
        assert [(f.was, f.now) for f in row.fields] == [("0", "11")]

    def test_without_a_day_one_is_asked_for(self, client, attack):
        assert "Choose a day" in body(client, f"{PAGE}difference/")


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}difference/"])
def test_as_many_queries_for_three_altered_events_as_for_one(client, attack, path):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            body(client, path, as_of="2020-01-16")
        return len(queries)

    count()
    one = count()
    us = make_actor("us-dod", name="Centcom")
    for number in range(2):
        event = make_event(f"More {number}", start=date(2020, 1, 8), at=[us], by=[us])
        make_claim(event, us, field="killed", number=1, known_at=at(1, 10))
        make_claim(event, us, field="killed", number=5, known_at=at(1, 16))
        event.participations.update(actor=attack.participations.first().actor)
        refresh_headline(event)
    brought = of_the_day(chosen(day=date(2020, 1, 16)))
    assert len(brought.altered) == 3
    assert count() == one
