"""The search of the API finds what its page finds, in pages of one kind or the first few of each."""

import pytest

from tests.factories import make_actor, make_event


@pytest.fixture
def found(ask):
    """Return a function: the answer to a search."""
    return lambda status=200, **query: ask("search", status, **query)


@pytest.mark.usefixtures("dossier")
def test_all_kinds_come_with_what_was_found_marked(found):
    told = found(q="base hit")
    assert told["totals"] == {"events": 0, "actors": 0, "articles": 1}
    assert told["articles"][0]["title"] == "Base hit"
    assert [run["text"] for run in told["articles"][0]["text"] if run["marked"]] == ["base", "hit"]
    assert told["page"].endswith("/search/?q=base+hit")


@pytest.mark.usefixtures("dossier")
def test_events_are_narrowed_by_type_and_year_and_name_who_takes_part(found):
    told = found(q="Iran", kind="events", type="CONSULT", year=2020)
    assert told["totals"]["events"] == 4
    assert {row["type"] for row in told["events"]} == {"CONSULT"}
    assert told["events"][0]["parts"] == "Iran"
    assert [actor["slug"] for actor in told["meant"]] == ["iran-gov"]
    assert "Not public" not in str(found(q="public"))


def test_pages_are_followed_to_the_last(db, found, client):
    iran = make_actor("iran-gov", name="Iran")
    for n in range(25):
        make_event(f"Parade {n}", by=[iran])
    first = found(q="parade", kind="events")
    second = client.get(first["next"]).json()
    assert (len(first["events"]), len(second["events"]), second["next"]) == (20, 5, None)
    assert not {e["id"] for e in first["events"]} & {e["id"] for e in second["events"]}


@pytest.mark.usefixtures("dossier")
def test_what_is_not_there_to_choose_is_refused(found):
    assert found(400, q="Iran", timeline="nowhere")["errors"][0]["parameter"] == "timeline"
    assert found(400, q="Iran", kind="everything")["errors"][0]["parameter"] == "kind"
    assert found(400, query="Iran")["errors"][0]["parameter"] == "query"


@pytest.mark.usefixtures("dossier")
def test_nothing_is_told_that_was_not_known_by_then(found):
    told = found(q="attack", as_of="2020-01-01")
    assert told["totals"] == {"events": 0, "actors": 0, "articles": 0}
