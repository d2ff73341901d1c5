"""The timeline page and the home page as a browser without scripts, a fragment and a cache see them."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.actors.models import Actor
from apps.timelines import rollups
from apps.timelines.models import Timeline
from tests.factories import (
    make_actor,
    make_article,
    make_dyad,
    make_event,
    make_evidence,
    make_place,
    make_quote,
    make_timeline,
    relate,
)

pytestmark = pytest.mark.django_db
PAGE = "/timelines/us-iran-2020/"
FRAGMENT = {"HX-Request": "true", "HX-Target": "view"}


@pytest.fixture
def usa() -> Actor:
    return make_actor("us-gov", name="United States")


@pytest.fixture
def iran() -> Actor:
    return make_actor("iran-gov", name="Iran")


@pytest.fixture
def timeline(usa: Actor, iran: Actor) -> Timeline:
    found = make_timeline(actors=[usa, iran])
    make_dyad(found, "us-iran", [usa], [iran], label="United States – Iran")
    return found


def text_of(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(PAGE + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def figure_of(page: str) -> dict:  # type: ignore[type-arg]
    block = re.search(r'id="figure-data"[^>]*>(.*?)</script>', page, re.S)
    assert block
    found: dict = json.loads(block.group(1))  # type: ignore[type-arg]
    return found


def test_a_chart_that_was_drawn_gets_its_figure_alone(client, timeline, usa, iran):
    make_event("A strike", by=[usa], at=[iran])
    drawn = {"Tensionline-Chart": "drawn"}
    whole, part = text_of(client), text_of(client, **FRAGMENT, **drawn)
    assert 'class="still"' in whole
    assert 'class="still"' in text_of(client, **FRAGMENT)
    assert 'class="still"' not in part
    assert figure_of(part) == figure_of(whole)
    # A whole page has no chart yet, whatever is said of it.
    assert 'class="still"' in text_of(client, **drawn)
    assert "Tensionline-Chart" in client.get(PAGE, headers=FRAGMENT)["Vary"]


def marks_of(page: str) -> set[str]:
    bars = [trace for trace in figure_of(page)["data"] if trace["type"] == "bar"]
    return {key for bar in bars for key in bar["customdata"]}


def rows_of(page: str) -> list[str]:
    return re.findall(r'<tr class="[^"]*" data-event="([^"]+)"', page)


def test_the_list_and_the_chart_hold_the_same_events(
    client: Client, timeline: Timeline, usa: Actor, iran: Actor
) -> None:
    events = [make_event(start=date(2020, 1, day), by=[usa], at=[iran]) for day in (5, 3, 4)]
    page = text_of(client)
    assert rows_of(page) == [events[i].public_id for i in (1, 2, 0)]
    assert marks_of(page) == set(rows_of(page))
    assert "3 events" in page


@pytest.mark.parametrize("status", ["proposed", "rejected"])
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_nothing_unpublished_shows_on_the_page_or_a_fragment(
    client: Client, timeline: Timeline, usa: Actor, status: str, headers: dict[str, str]
) -> None:
    hidden = make_event("A secret proposal", by=[usa], status=status)
    page = text_of(client, f"?event={hidden.public_id}", **headers)
    assert "secret" not in page
    assert "has no published event" in page


def test_an_unpublished_timeline_does_not_exist(client: Client) -> None:
    make_timeline("draft", published=False)
    assert client.get("/timelines/draft/").status_code == 404
    assert client.get("/timelines/nowhere/").status_code == 404
    assert "draft" not in client.get("/").content.decode()


def test_the_focus_is_shown_first_and_all_is_one_link_away(
    client: Client, timeline: Timeline, usa: Actor
) -> None:
    inside = make_event(start=date(2020, 3, 1), by=[usa])
    before = make_event(start=date(2018, 5, 8), by=[usa])
    assert rows_of(text_of(client)) == [inside.public_id]
    page = text_of(client)
    link = re.search(r'href="(\?[^"]*)"[^>]*>All since 2018', page)
    assert link
    whole = link.group(1).replace("&amp;", "&")
    assert rows_of(text_of(client, whole)) == [before.public_id, inside.public_id]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?type=ASSAULT&contested=1",
        "?q=nothing+answers+to+this",
        "?event=SELECTED",
        "?from=2020-01-01&to=2020-01-31&actor=us-gov",
        "?type=DANCE&from=never",
    ],
)
def test_the_fragment_is_the_same_markup_as_in_the_whole_page(
    client: Client, timeline: Timeline, usa: Actor, iran: Actor, query: str
) -> None:
    event = make_event(by=[usa], at=[iran], contested=True)
    query = query.replace("SELECTED", event.public_id)
    whole = text_of(client, query)
    fragment = text_of(client, query, **FRAGMENT)
    assert fragment.strip().startswith('<div id="view"')
    assert fragment.strip() in whole


def test_a_history_restore_gets_the_whole_page(client: Client, timeline: Timeline) -> None:
    page = text_of(client, **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert page.startswith("<!doctype html>")


def test_caches_keep_page_and_fragment_apart(client: Client, timeline: Timeline) -> None:
    response = client.get(PAGE)
    assert "HX-Target" in response["Vary"]
    assert "no-cache" in response["Cache-Control"]


def test_a_fragment_names_the_one_address_of_its_view(
    client: Client, timeline: Timeline, usa: Actor
) -> None:
    make_event(by=[usa])
    response = client.get(
        PAGE + "?q=&from=2020-01-01&to=2020-11-30&type=ASSAULT&type=DANCE", headers=FRAGMENT
    )
    assert response["HX-Push-Url"] == f"{PAGE}?type=ASSAULT"
    assert client.get(PAGE + "?q=", headers=FRAGMENT)["HX-Push-Url"] == PAGE


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?actor=nobody", "no actor “nobody”"),
        ("?type=%3Cscript%3E", "no type “&lt;script&gt;”"),
        ("?from=2020-13-01", "is not a day"),
        ("?page=9", "There is no page 9"),
        ("?event=USIR-1", "no published event “USIR-1”"),
        ("?q=%00", ""),
        ("?dyad=" + "x" * 5000, "no dyad"),
    ],
)
def test_a_bad_value_is_told_and_never_an_error(
    client: Client, timeline: Timeline, usa: Actor, query: str, told: str
) -> None:
    event = make_event(by=[usa])
    page = text_of(client, query)
    assert told in page
    assert rows_of(page) == [event.public_id]


def test_an_empty_view_says_which_filters_to_drop(
    client: Client, timeline: Timeline, usa: Actor
) -> None:
    make_event(by=[usa])
    page = text_of(client, "?type=ASSAULT&q=unheard")
    assert "No event matches" in page
    assert re.search(r"Without “unheard” <span[^>]*>1 event<", page)
    assert "Without Assault" not in page
    assert rows_of(page) == []


def test_the_open_event_is_marked_in_list_and_chart(
    client: Client, timeline: Timeline, usa: Actor, iran: Actor
) -> None:
    event = make_event("The open one", by=[usa], at=[iran])
    make_event("Another", by=[usa], at=[iran])
    page = text_of(client, f"?event={event.public_id}")
    assert f'id="e-{event.public_id}"' in page
    assert page.count('aria-current="true">The open one') == 1
    assert 'id="drawer"' in page
    (bar,) = [trace for trace in figure_of(page)["data"] if trace["type"] == "bar"]
    selected = bar["customdata"].index(event.public_id)
    assert bar["marker"]["line"]["color"][selected] == "var(--focus)"


def test_an_event_of_other_days_opens_beside_the_view(
    client: Client, timeline: Timeline, usa: Actor
) -> None:
    outside = make_event("Long before", start=date(2018, 5, 8), by=[usa])
    page = text_of(client, f"?event={outside.public_id}")
    assert "Long before" in page
    assert rows_of(page) == []


def test_a_title_cannot_break_out_of_the_figures_block(
    client: Client, timeline: Timeline, usa: Actor
) -> None:
    make_event("</script><script>alert(1)</script>", by=[usa])
    page = text_of(client)
    assert "<script>alert" not in page
    assert len(marks_of(page)) == 1


def test_copies_of_one_story_count_as_one_report(
    client: Client, timeline: Timeline, usa: Actor
) -> None:
    event = make_event(by=[usa])
    make_evidence(event, url="https://other.example/1")
    make_evidence(event, url="https://paper.example/1", carries="AP")
    make_evidence(event, url="https://gazette.example/1", carries="AP")
    first = make_article("Rockets fell. Nobody was hurt.")
    copy = make_article("Rockets fell. Nobody was hurt!", story=first.article.story)
    make_quote(event, first, "Rockets fell.")
    make_quote(event, copy, "Rockets fell.")
    make_evidence(event, url="https://news.example/proposed", standing="proposed")
    assert re.search(r'data-label="reports">3<', text_of(client))


def test_beyond_200_events_marks_are_counted_and_the_list_has_pages(
    client: Client, timeline: Timeline, usa: Actor, iran: Actor
) -> None:
    for n in range(205):
        make_event(start=date(2020, 1 + n % 11, 1 + n % 27), by=[usa], at=[iran], evidence=1)
    page = text_of(client)
    assert len(rows_of(page)) == 50
    bars = [trace for trace in figure_of(page)["data"] if trace["type"] == "bar"]
    assert sum(int(text) for bar in bars for text in bar["text"]) == 205
    assert sum(len(bar["x"]) for bar in bars) <= 200
    second, last = text_of(client, "?page=2"), text_of(client, "?page=5")
    assert len(rows_of(last)) == 5
    assert not set(rows_of(page)) & set(rows_of(second))


def test_lanes_of_later_pages_are_drawn_too(
    client: Client, timeline: Timeline, usa: Actor, iran: Actor
) -> None:
    for _ in range(201):
        make_event(start=date(2020, 1, 3), by=[usa], at=[iran])
    make_event(start=date(2020, 9, 1), by=[usa])
    labels = [note["text"] for note in figure_of(text_of(client))["layout"]["annotations"]]
    assert [label.split("</b>")[0].split("  ") for label in labels] == [
        ["United States – Iran", "201"],
        ["Other", "1"],
    ]


def test_the_number_of_queries_does_not_grow(client: Client, timeline: Timeline) -> None:
    def add(n: int) -> str:
        actor, part = make_actor(f"a{n}"), make_actor(f"p{n}")
        relate(part, "part_of", actor)
        timeline.actors.add(actor)
        make_dyad(timeline, f"d{n}", [actor], [part])
        event = make_event(by=[part], at=[actor], place=make_place(f"place{n}"))
        make_quote(event, make_article(f"It happened, part {n}."), "It happened")
        return event.public_id

    opened = add(1)
    counts = []
    for n in (2, 3, 4):
        with CaptureQueriesContext(connection) as queries:
            text_of(client, f"?event={opened}&q=event&type=ASSAULT")
        counts.append(len(queries))
        add(n)
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] < 50


def test_home_shows_each_dossier_with_its_line(
    client: Client, timeline: Timeline, usa: Actor
) -> None:
    make_event(by=[usa])
    make_event(by=[usa])
    rollups.rebuild(timeline)
    page = client.get("/").content.decode()
    assert timeline.title in page
    assert "2 events" in page
    assert 'class="spark-line" d="M0.0 ' in page


def test_home_without_a_dossier_says_what_to_do(client: Client) -> None:
    assert "No timeline is published yet" in client.get("/").content.decode()


def test_home_needs_as_many_queries_for_three_dossiers_as_for_one(client: Client) -> None:
    counts = []
    for n in range(3):
        actor = make_actor(f"actor-{n}")
        timeline = make_timeline(f"dossier-{n}", actors=[actor])
        make_dyad(timeline, "lane", [actor], [make_actor(f"other-{n}")])
        make_event(by=[actor])
        rollups.rebuild(timeline)
        rollups.refresh()
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
