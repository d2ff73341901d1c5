"""The order of the list: any column, either way, by what was known then, over all pages."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.events.models import Event
from apps.timelines import filters
from apps.timelines.queries import order
from apps.timelines.queries import timeline as reading
from tests.factories import make_actor, make_dyad, make_event, make_evidence, make_timeline
from tests.timelines.test_timeline_views import PAGE, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def events() -> list[Event]:
    usa, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    make_dyad(make_timeline(actors=[usa, iran]), "us-iran", [usa], [iran], label="US – Iran")
    day = iter(date(2020, 1, n) for n in (1, 2, 3, 4))

    def event(title: str, severity: float, *killed: int, **values: Any) -> Event:
        tolls = dict(zip(("killed_low", "killed_high", "killed"), killed, strict=False))
        return make_event(title, start=next(day), by=[usa], severity=severity, **tolls, **values)

    found = [
        event("Beta", 9.0, 2, 2, 2, at=[iran]),
        event("alpha", -3.0),
        event("Gamma", 4.0, 0, 0, 0, at=[iran]),
        event("Delta", 4.0, 0, 7),
    ]
    make_evidence(found[1], publisher="Another Paper", url="https://another.example/alpha")
    return found


def shown(client: Client, events: list[Event], query: str) -> str:
    """The events' first letters in the order of the page."""
    titles = {event.public_id: event.title[0] for event in events}
    page = client.get(PAGE + query).content.decode()
    return "".join(titles[key] for key in rows_of(page))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", "BaGD"),
        ("-days", "DGaB"),
        ("event", "aBDG"),
        ("severity", "aGDB"),
        ("-severity", "BGDa"),
        # The highest claim stands for a toll that no figure leads; an unknown one comes last either way.
        ("-killed", "DBGa"),
        ("killed", "GBDa"),
        ("-reports", "aBGD"),
    ],
)
def test_the_list_comes_in_the_order_asked_for(
    client: Client, events: list[Event], sort: str, expected: str
) -> None:
    assert shown(client, events, f"?sort={sort}") == expected


def test_pages_follow_the_order(
    client: Client, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE_SIZE", 2)
    assert shown(client, events, "?sort=-severity") == "BG"
    assert shown(client, events, "?sort=-severity&page=2") == "Da"


def test_an_unknown_column_is_told_and_days_stand(client: Client, events: list[Event]) -> None:
    assert shown(client, events, "?sort=colour") == "BaGD"
    assert "colour" in client.get(f"{PAGE}?sort=colour").content.decode()


def test_a_head_says_its_order_and_leads_to_the_other(client: Client, events: list[Event]) -> None:
    page = client.get(f"{PAGE}?sort=-killed&type=ASSAULT").content.decode()
    assert page.count("aria-sort") == 1
    assert 'aria-sort="descending" class="column-killed' in page
    assert 'href="?type=ASSAULT&amp;sort=killed"' in page


def test_queries_do_not_grow_with_the_events(client: Client, events: list[Event]) -> None:
    def count(query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(PAGE + query)
        return len(queries)

    count("?sort=-reports")
    three = count("?sort=-reports&from=2020-01-01&to=2020-01-03")
    one = count("?sort=-reports&from=2020-01-01&to=2020-01-01")
    assert three <= one


def test_a_date_jumped_to_lies_in_the_middle_and_filters_stay(
    client: Client, events: list[Event]
) -> None:
    answer = client.get(f"{PAGE}?jump=2020-06-15&from=2020-01-01&to=2020-01-31&type=ASSAULT")
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}?type=ASSAULT&from=2020-05-31&to=2020-06-30"


@pytest.mark.parametrize("asked", ["never", "1999-01-01", "2020-13-45"])
def test_a_date_that_cannot_be_jumped_to_is_told(
    client: Client, events: list[Event], asked: str
) -> None:
    answer: Any = client.get(f"{PAGE}?jump={asked}")
    assert answer.status_code == 200
    assert (
        "1999" in answer.content.decode() if asked[0] == "1" else asked in answer.content.decode()
    )


def test_every_column_that_can_be_asked_for_has_a_head() -> None:
    assert tuple(order.COLUMNS) == filters.COLUMNS
