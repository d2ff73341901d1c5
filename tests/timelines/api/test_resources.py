"""What each address of the API answers, and how it refuses."""

import pytest
from django.core import signing
from django.http import QueryDict
from django.urls import reverse

from apps.events.models import Event
from apps.timelines.queries.selection import select
from tests.factories import make_actor, make_event

EVENTS = "timelines/us-iran-2020/events"


def walked(client, path, **query):
    """Every item of a list, by following `next`; and how many pages there were."""
    items, pages, address = [], 0, None
    response = client.get(path, query)
    while True:
        found = response.json()
        items += found["items"]
        pages += 1
        address = found["next"]
        assert ("Link" in response) is (address is not None)
        if address is None:
            return items, pages
        assert response["Link"] == f'<{address}>; rel="next"'
        response = client.get(address)


class TestTimelines:
    def test_the_list_leads_to_everything_else(self, ask, client, dossier):
        (row,) = ask("timelines")["items"]
        assert (row["slug"], row["licence"], row["formula"]) == (
            "us-iran-2020", "CC BY 4.0", "T1"
        )  # fmt: skip
        for name in ("page", "events", "index"):
            assert client.get(row[name]).status_code == 200, name

    def test_one_has_its_lanes_and_scope(self, ask, dossier):
        found = ask("timelines/us-iran-2020")
        assert found["lanes"] == [{"slug": "us-iran", "label": "Us Iran"}]
        assert {actor["slug"] for actor in found["actors"]} == {"us-gov", "iran-gov"}
        assert found["event_count"] == 5

    def test_an_unpublished_one_is_not_there(self, ask, dossier):
        dossier.timeline.published = False
        dossier.timeline.save()
        assert ask("timelines")["items"] == []
        for path in ("", "/events", "/index", "/index/2020-01-08", "/coverage"):
            assert "us-iran-2020" in ask(f"timelines/us-iran-2020{path}", 404)["detail"]


class TestEvents:
    def test_an_event_has_what_lists_need(self, ask, dossier):
        first = ask(EVENTS)["items"][0]
        assert first["id"] == dossier.attack.public_id
        assert first["lane"] == "us-iran"
        assert first["wounded"] == {"value": 11, "low": 11, "high": 11}
        assert first["place"]["slug"] == "ain-al-asad"
        assert [(p["actor"]["slug"], p["role"]) for p in first["participants"]] == [
            ("iran-gov", "initiator"), ("us-gov", "target")
        ]  # fmt: skip
        assert first["reports"] == ask(f"events/{first['id']}")["reports"] == 1

    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_a_walk_gives_what_the_page_lists_each_once_and_in_order(self, client, dossier, limit):
        items, pages = walked(client, f"/api/v1/{EVENTS}", limit=limit)
        listed = select(dossier.timeline, QueryDict()).events
        wanted = list(listed.order_by("start", "public_id").values_list("public_id", flat=True))
        assert [item["id"] for item in items] == wanted
        assert pages == -(-5 // limit)

    def test_an_event_that_comes_in_between_moves_no_page(self, client, dossier):
        first = client.get(f"/api/v1/{EVENTS}", {"limit": 2}).json()
        us, iran = (make_actor(f"{name}-army") for name in ("us", "iran"))
        dossier.timeline.actors.add(us, iran)
        make_event("Earlier", start=dossier.attack.start.replace(day=2), by=[us], at=[iran])
        rest, _ = walked(client, first["next"])
        seen = [item["id"] for item in [*first["items"], *rest]]
        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ({"type": "ASSAULT"}, 1),
            ({"type": ["ASSAULT", "CONSULT"]}, 5),
            ({"from": "2020-01-08", "to": "2020-01-31"}, 1),
            ({"q": "talks"}, 4),
            ({"place": "ain-al-asad"}, 1),
            ({"actor": "iran-gov", "alone": "1"}, 5),
            ({"as_of": "2020-01-20"}, 1),
            ({"severity": "5"}, 1),
        ],
    )
    def test_filters_are_the_words_of_the_page(self, ask, client, dossier, query, number):
        found = ask(EVENTS, **query)
        assert found["total"] == len(found["items"]) == number
        assert client.get(found["page"]).context["view"].total == number

    def test_figures_are_those_known_by_the_day(self, ask, dossier):
        for day, wounded in (("2020-01-16", None), ("2020-01-17", 11)):
            found = ask(EVENTS, as_of=day)
            assert found["as_of"] == day
            assert found["items"][0]["wounded"]["value"] == wounded, day
        # Its summary may tell of what came later.
        assert ask(EVENTS, as_of="2020-01-16")["items"][0]["summary"] == ""
        assert ask(EVENTS)["items"][0]["summary"] == "Missiles."

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ({"typ": "ASSAULT"}, "typ"),
            ({"page": "2"}, "page"),
            ({"type": "WAR"}, "type"),
            ({"actor": "nobody"}, "nobody"),
            ({"dyad": "no-lane"}, "no-lane"),
            ({"place": "atlantis"}, "atlantis"),
            ({"from": "2020"}, "from"),
            ({"from": "2020-02-01", "to": "2020-01-01"}, "2020"),
            ({"limit": "0"}, "limit"),
            ({"limit": "201"}, "limit"),
            ({"contested": "maybe"}, "contested"),
            ({"as_of": "2999-01-01"}, "as_of"),
            ({"cursor": "WyJ4Il0:forged"}, "cursor"),
            ({"cursor": signing.Signer(salt="api actors").sign_object(["A", 1])}, "cursor"),
            ({"q": "x" * 201}, "q"),
        ],
    )
    def test_what_makes_no_sense_is_refused_by_name(self, ask, dossier, query, named):
        found = ask(EVENTS, 400, **query)
        assert found["status"] == 400
        assert named in found["detail"]
        assert found["errors"]

    def test_the_number_of_queries_does_not_grow(
        self, client, dossier, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(40):
            client.get(f"/api/v1/{EVENTS}", {"limit": 1})
        with django_assert_max_num_queries(40):
            client.get(f"/api/v1/{EVENTS}", {"limit": 5})


class TestEvent:
    def test_it_has_claims_evidence_and_why(self, ask, client, dossier):
        found = ask(f"events/{dossier.attack.public_id}")
        (claim,) = found["claims"]
        assert (claim["field"], claim["number"], claim["state"], claim["leads"]) == (
            "wounded", 11, "stands", True
        )  # fmt: skip
        assert "11 wounded" in found["why"][0]
        quotes = [row for report in found["evidence"] for row in report["evidence"] if row["quote"]]
        assert quotes[0]["article"]["id"] == dossier.article
        assert client.get(quotes[0]["page"]).status_code == 200
        assert found["severity_terms"]["total"] == pytest.approx(found["severity"])
        assert [row["slug"] for row in found["timelines"]] == ["us-iran-2020"]
        assert client.get(found["cite"]).status_code == 200

    def test_before_it_was_known_it_is_not_there(self, ask, dossier):
        assert (
            "by then"
            in ask(f"events/{dossier.attack.public_id}", 404, as_of="2020-01-01")["detail"]
        )

    def test_a_proposal_is_not_there(self, ask, dossier):
        ask(f"events/{Event.objects.get(title='Not public').public_id}", 404)

    def test_a_merged_one_leads_on_as_of_the_same_day(self, client, dossier):
        old = make_event("Same", status="merged", merged_into=dossier.attack)
        response = client.get(f"/api/v1/events/{old.public_id}", {"as_of": "2020-03-01"})
        assert response.status_code == 301
        assert response["Location"].endswith(f"{dossier.attack.public_id}?as_of=2020-03-01")


class TestIndex:
    def test_it_is_the_pages_own_and_walks_by_days(self, client, dossier):
        query = {"from": "2020-01-07", "to": "2020-01-20"}
        whole = client.get("/api/v1/timelines/us-iran-2020/index", query).json()["items"]
        items, pages = walked(client, "/api/v1/timelines/us-iran-2020/index", limit=5, **query)
        assert (items, pages) == (whole, 3)
        assert [item["day"] for item in items] == [f"2020-01-{n:02}" for n in range(7, 21)]
        assert items[0]["value"] == 0 < items[1]["value"]

    def test_it_ends_with_the_day_as_of_which_is_asked(self, ask, dossier):
        found = ask("timelines/us-iran-2020/index", as_of="2020-01-10")
        assert found["items"][-1]["day"] == "2020-01-10"

    def test_a_day_adds_up(self, ask, client, dossier):
        day = ask("timelines/us-iran-2020/index/2020-02-03")
        assert day["load"] == pytest.approx(sum(c["load"] for c in day["contributions"]), abs=1e-4)
        assert sum(c["share"] for c in day["contributions"]) == pytest.approx(1, abs=1e-4)
        assert len(day["contributions"]) == 5

    def test_days_outside_are_not_there(self, ask, dossier):
        ask("timelines/us-iran-2020/index/1999-01-01", 404)
        ask("timelines/us-iran-2020/index/2020-02-03", 404, as_of="2020-01-10")
        assert "day" in ask("timelines/us-iran-2020/index/tomorrow", 400)["detail"]


class TestOthers:
    def test_actors(self, ask, client, dossier):
        items, _ = walked(client, "/api/v1/actors", limit=1)
        assert [row["name"] for row in items] == ["Iran", "United States"]
        assert [row["slug"] for row in ask("actors", q="iran")["items"]] == ["iran-gov"]
        found = ask("actors/us-gov")
        assert found["events"] == 5
        assert found["claims"][0]["says"]
        events, _ = walked(client, found["event_list"], limit=2)
        assert [row["start"] for row in events] == ["2020-02-01"] * 4 + ["2020-01-08"]
        ask("actors/nobody", 404)
        ask("actors", 400, kind="martian")

    def test_a_merged_actor_leads_on(self, client, dossier):
        make_actor("usa", merged_into=make_actor("us"))
        assert client.get("/api/v1/actors/usa")["Location"].endswith("/api/v1/actors/us")

    def test_an_article_gives_its_quotes_and_not_its_text(self, ask, client, dossier):
        found = ask(f"articles/{dossier.article}")
        assert [row["quote"] for row in found["quotes"]] == [
            "The base was hit by rockets on Wednesday."
        ]
        assert "Nobody was hurt" not in str(found)
        Event.objects.filter(pk=dossier.attack.pk).update(status="rejected")
        ask(f"articles/{dossier.article}", 404)

    def test_places_are_those_of_public_events(self, ask, dossier):
        (row,) = ask("places")["items"]
        assert (row["slug"], row["events"]) == ("ain-al-asad", 1)
        assert ask("places", as_of="2020-01-01")["items"] == []

    def test_coverage_says_what_was_read(self, ask, dossier):
        assert "No feed" in ask("timelines/us-iran-2020/coverage")["words"]

    def test_an_unknown_address_is_a_problem_too(self, ask, dossier):
        found = ask("nothing/here", 404)
        assert found["type"] == reverse("api-docs") + "#not-found"
