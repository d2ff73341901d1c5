"""A day of the index opens: value, band, change, events with every factor, sentences; as known on a day."""

import re
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from apps.actors.models import Actor
from apps.events.models import Event
from apps.timelines import rollups, tension
from apps.timelines.asof import AsOf
from apps.timelines.models import EntryRun, Timeline
from apps.timelines.queries.day import MOST_EVENTS, open_day, peaks
from apps.timelines.queries.readings import readings
from apps.timelines.queries.selection import select
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_quote,
    make_timeline,
)

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 8)


@pytest.fixture
def timeline() -> Timeline:
    return make_timeline("small", actors=[make_actor("them")])


def event(title: str, start: date = DAY, **values: object) -> Event:
    return make_event(title, start=start, by=[Actor.objects.get(slug="them")], **values)


def page(client: Client, day: date = DAY, **query: str) -> str:
    answer = client.get(reverse("index_day", args=["small", day.isoformat()]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html.replace("<", " <")))


def test_every_factor_of_an_event_is_told_and_their_product_is_its_load(timeline):
    event("Talks", type="CONSULT", start=date(2020, 1, 2))
    event("A long strike", end=date(2020, 1, 11), killed=9, rank=1.0, soil=0.5, denied=True)
    event("Unsure", confidence="low", start=date(2020, 1, 1))
    opened = open_day(select(timeline, QueryDict()), DAY)
    assert {row.event.title for row in opened.rows} == {"Talks", "A long strike", "Unsure"}
    for row in opened.rows:
        come, days = row.so_far
        factors = row.weighed.terms.total * row.confidence * row.contested * come / days
        assert row.load == pytest.approx(factors * row.left)
    assert sum(row.load for row in opened.rows) == pytest.approx(opened.today.load)
    assert sum(row.share for row in opened.rows) == pytest.approx(1)
    assert opened.change.total == pytest.approx(opened.today.load - opened.before.load)


def test_the_page_tells_value_change_factors_and_the_first_sentences(client, timeline):
    strike = event("A strike", killed=9, killed_low=9, killed_high=9)
    version = make_article("The base was hit. Nobody saw it.", title="Report")
    make_quote(strike, version, "The base was hit.")
    event("An older one", start=date(2020, 1, 1))
    html = page(client)
    told = text(html)
    (today,) = tension.series(readings(Event.objects.all()), DAY, DAY)
    for words in (
        f"Tension, of 100 {today.value:.1f}", "index T1", "New: A strike", "Conflict fades from memory",
        "published score −9", "magnitude 1.2", "severity 10.2", "still remembered", "7 days before",
        "The base was hit.", "Example News",
    ):  # fmt: skip
        assert words in told, words
    assert "Nobody saw it." in told  # the sentence's context
    assert 'style="' not in html
    assert html.count("<details open") == 2  # whole on paper


def test_days_without_anything_say_so_in_words(client, timeline):
    event("A strike")
    assert "nothing makes the index" in text(page(client, date(2020, 1, 7)))
    event("A summit", type="AID", start=date(2020, 1, 6))
    assert "outweighs" in text(page(client, date(2020, 1, 7)))


def test_as_of_a_day_it_uses_what_was_known_by_then(client, timeline):
    strike = event("A strike", first_public_at=datetime(2020, 1, 8, tzinfo=UTC))
    them = Actor.objects.get(slug="them")
    make_claim(strike, them, field="killed", number=500, known_at=datetime(2020, 2, 1, tzinfo=UTC))
    event("Told late", first_public_at=datetime(2020, 2, 1, tzinfo=UTC))
    rollups.rebuild(timeline)
    then = text(page(client, as_of="2020-01-20"))
    assert "Told late" not in then
    assert "magnitude 0" in then
    assert "nothing is known of 21 January 2020" in text(
        page(client, date(2020, 1, 21), as_of="2020-01-20")
    )
    links = re.findall(r'href="(/(?:events|timelines)/[^"]*)"', page(client, as_of="2020-01-20"))
    # The one way back to now apart.
    elsewhere = [link for link in links if "as_of=2020-01-20" not in link]
    assert elsewhere == ["/timelines/small/index/2020-01-08/"]


def test_many_events_are_told_in_sum_and_the_sum_is_right(timeline):
    for number in range(MOST_EVENTS + 3):
        event(f"Number {number}", killed=number)
    opened = open_day(select(timeline, QueryDict()), DAY)
    assert (len(opened.rows), opened.others.count) == (MOST_EVENTS, 3)
    told = sum(row.load for row in opened.rows) + opened.others.load
    assert told == pytest.approx(opened.today.load)
    assert sum(load for _, load in opened.added) + opened.added_others.load == pytest.approx(
        sum(opened.change.added.values())
    )


@pytest.mark.parametrize("as_of", [None, date(2020, 1, 20)])
def test_a_day_made_of_entries_is_that_made_of_the_events(timeline, as_of):
    event("Talks", type="CONSULT", start=date(2020, 1, 2), end=date(2020, 1, 20))
    event("An old pact", type="AGREE", start=date(2019, 6, 1))
    event("Unsure", confidence="low", start=date(2020, 1, 1), end=date(2020, 1, 9))
    strike = event("A strike", killed=9, killed_low=9, killed_high=9)
    make_claim(
        strike,
        Actor.objects.get(slug="them"),
        field="killed",
        number=500,
        known_at=datetime(2020, 2, 1, tzinfo=UTC),
    )
    rollups.refresh()
    of_entries = taken_apart(timeline, as_of)
    EntryRun.objects.all().delete()
    assert taken_apart(timeline, as_of) == of_entries


def taken_apart(timeline, as_of):
    """A day with its two largest events by name, in numbers that do not hang on the order of sums."""
    opened = open_day(select(timeline, QueryDict(), AsOf(as_of)), DAY, most=2)
    rows = [(row.event.title, round(row.load, 9), round(row.share, 9)) for row in opened.rows]
    change = [
        (name, round(load, 9))
        for name, load in {**opened.change.added, "": opened.change.total}.items()
    ]
    others = opened.others.count, round(opened.others.load, 9), round(opened.others.share, 9)
    return rows, others, change, round(opened.today.load, 9), round(opened.before.value, 9)


def test_the_timeline_opens_the_day_beside_its_chart(client, timeline):
    event("A strike")
    html = client.get(timeline.get_absolute_url(), {"day": "2020-01-08", "type": "ASSAULT"}).content
    panel = html.decode().split('id="day"')[1].split("</section>")[0:2]
    assert "A strike" in "".join(html.decode().split('id="day"')[1:])
    assert "8 January 2020" in text("".join(panel))
    closed = client.get(timeline.get_absolute_url(), {"type": "ASSAULT"}).content.decode()
    assert 'id="day"' not in closed
    assert '<input type="hidden" name="type" value="ASSAULT">' in closed.split("day-form")[1]


def test_a_swapped_view_has_the_same_panel_as_a_cold_page(client, timeline):
    event("A strike")
    query = {"day": "2020-01-08"}
    cold = client.get(timeline.get_absolute_url(), query).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "view"}
    swapped = client.get(timeline.get_absolute_url(), query, headers=headers).content.decode()
    assert 'id="day"' in swapped
    assert swapped.split('id="day"')[1].split("</ol>")[0] in cold


def test_the_highest_days_stand_above_their_neighbours_with_what_fell_on_them(client, timeline):
    event("Small", start=date(2019, 6, 1), confidence="low")
    event("Great", killed=100)
    event("Lighter, the same day", type="ACCUSE")
    found = peaks(select(timeline, QueryDict()))
    assert [(p.day.day, p.event.title) for p in found if p.event] == [
        (DAY, "Great"),
        (date(2019, 6, 1), "Small"),
    ]
    html = client.get(reverse("index", args=["small"])).content.decode()
    assert reverse("index_day", args=["small", "2020-01-08"]) in html
    assert peaks(select(timeline, QueryDict(), AsOf(date(1990, 1, 1)))) == []


@pytest.mark.parametrize("day", ["2020-13-01", "yesterday", "1990-01-01", "2020-1-1"])
def test_what_is_no_day_of_the_timeline_is_not_found(client, timeline, day):
    assert client.get(f"/timelines/small/index/{day}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_events(
    client, timeline, django_assert_max_num_queries
):
    counts = []
    for total in (1, 3):
        while Event.objects.count() < total:
            found = event(f"Number {Event.objects.count()}")
            make_quote(found, make_article(f"It happened {found.pk}."), "It happened")
        for name in ("index_day", "index", "index_contributions"):
            args = ["small", "2020-01-08"] if name == "index_day" else ["small"]
            with django_assert_max_num_queries(40) as found_queries:
                b"".join(client.get(reverse(name, args=args)))
            counts.append(len(found_queries))
    assert counts[:3] == counts[3:]
