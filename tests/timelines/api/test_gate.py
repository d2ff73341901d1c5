"""What every answer of the API passes: freshness, limits, methods, other origins, closed installations."""

from datetime import UTC, datetime, time

import pytest

from apps.accounts.models import User
from apps.core.models import Change
from apps.events.models import Event
from apps.sources.models import Feed, FeedPoll, Source
from apps.timelines import rollups
from apps.timelines.api import limits
from apps.timelines.models import ApiCalls, Timeline
from config.checked import rate

EVENTS = "/api/v1/timelines/us-iran-2020/events"


def addresses(dossier):
    return [
        "/api/v1/timelines",
        EVENTS,
        "/api/v1/timelines/us-iran-2020/index",
        f"/api/v1/events/{dossier.attack.public_id}",
        "/api/v1/actors/us-gov",
        f"/api/v1/articles/{dossier.article}",
        "/api/v1/places",
        "/api/v1/openapi.json",
    ]


class TestFreshness:
    def test_who_has_it_is_told_so(self, client, dossier):
        for address in addresses(dossier):
            tag = client.get(address)["ETag"]
            again = client.get(address, headers={"If-None-Match": tag})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag), address

    def test_a_tag_is_of_one_address_and_day_alone(self, client, dossier):
        tags = {
            client.get(EVENTS, query)["ETag"]
            for query in ({}, {"limit": 1}, {"as_of": "2020-03-01"}, {"type": "CONSULT"})
        }
        assert len(tags) == 4

    @pytest.mark.parametrize("what", ["title", "severity", "figures"])
    def test_a_change_makes_it_old(self, client, dossier, what):
        address = EVENTS
        tag = client.get(address)["ETag"]
        event = Event.objects.filter(pk=dossier.attack.pk)
        changes = {
            "title": {"title": "Another"},
            "severity": {"stale": True},
            "figures": {"rank": 2},
        }
        event.update(**changes[what])
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200

    def test_a_change_that_is_committed_late_makes_it_old_too(self, client, dossier):
        """Its transaction took a number, a younger one came before it: the newest number stays the same."""
        newest = Change.objects.order_by("-pk").first()
        late = {f.attname: getattr(newest, f.attname) for f in Change._meta.fields}
        Change.objects.bulk_create([Change(**late | {"id": newest.pk + 100})])
        tag = client.get(EVENTS)["ETag"]
        Change.objects.bulk_create([Change(**late | {"id": newest.pk + 50})])
        assert client.get(EVENTS, headers={"If-None-Match": tag}).status_code == 200

    def test_a_derived_column_makes_it_old_though_nothing_waits_any_more(self, client, dossier):
        """Nothing waited before reports were counted again, and nothing waits after: no change is recorded."""
        rollups.refresh()
        answer = client.get(EVENTS)
        event = Event.objects.get(pk=dossier.attack.pk)
        Event.objects.filter(pk=event.pk).update(reports=event.reports + 1)
        rollups.refresh()
        assert client.get(EVENTS, headers={"If-None-Match": answer["ETag"]}).status_code == 200
        assert "Last-Modified" not in answer, "a second tells less than a tag"

    def test_what_was_read_of_feeds_makes_coverage_old(self, client, dossier):
        address = "/api/v1/timelines/us-iran-2020/coverage"
        timeline = Timeline.objects.get(slug="us-iran-2020")
        source = Source.objects.create(name="Wire", slug="wire", kind="wire")
        feed = Feed.objects.create(source=source, url="https://wire.example/feed")
        timeline.feeds.add(feed)
        days = {"from": timeline.start.isoformat(), "to": timeline.start.isoformat()}
        tag = client.get(address, days)["ETag"]
        at = datetime.combine(timeline.start, time(12), UTC)
        FeedPoll.objects.create(feed=feed, at=at, ok=True)
        assert client.get(address, days, headers={"If-None-Match": tag}).status_code == 200

    def test_only_good_answers_have_a_tag(self, client, dossier):
        assert "ETag" not in client.get(EVENTS, {"limit": "no"})

    def test_304_asks_little_of_the_database(self, client, dossier, django_assert_max_num_queries):
        tag = client.get(EVENTS)["ETag"]
        with django_assert_max_num_queries(8):
            assert client.get(EVENTS, headers={"If-None-Match": tag}).status_code == 304


class TestLimit:
    @pytest.fixture(autouse=True)
    def three_a_minute(self, settings):
        settings.API_RATE = (3, 60)

    def test_the_fourth_request_waits(self, client, dossier, monkeypatch):
        monkeypatch.setattr(limits.time, "time", lambda: 600.0)
        left = [client.get("/api/v1/places")["RateLimit"] for _ in range(3)]
        assert left == [f'"calls";r={n};t=60' for n in (2, 1, 0)]
        refused = client.get("/api/v1/places")
        assert refused.status_code == 429
        assert refused["Retry-After"] == "60"
        assert refused["RateLimit-Policy"] == '"calls";q=3;w=60'
        assert refused.json()["status"] == 429
        monkeypatch.setattr(limits.time, "time", lambda: 660.0)
        assert client.get("/api/v1/places").status_code == 200

    def test_callers_are_counted_apart(self, client, dossier):
        for _ in range(3):
            client.get("/api/v1/places", REMOTE_ADDR="192.0.2.1")
        assert client.get("/api/v1/places", REMOTE_ADDR="192.0.2.1").status_code == 429
        assert client.get("/api/v1/places", REMOTE_ADDR="192.0.2.2").status_code == 200
        client.force_login(User.objects.create_user("analyst"))
        assert client.get("/api/v1/places", REMOTE_ADDR="192.0.2.1").status_code == 200

    def test_one_subscriber_of_ipv6_is_one_caller(self, client, dossier):
        codes = [
            client.get("/api/v1/places", REMOTE_ADDR=f"2001:db8::{n}").status_code for n in range(4)
        ]
        assert codes == [200, 200, 200, 429]

    def test_a_forwarded_address_is_believed_only_from_our_proxies(self, client, dossier, settings):
        def ask(forwarded):
            return client.get(
                "/api/v1/places", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1"
            ).status_code

        assert [ask(f"198.51.100.{n}") for n in range(4)] == [200, 200, 200, 429]
        settings.PROXIES_IN_FRONT = 1
        assert [ask(f"made-up, 203.0.113.{n}") for n in range(4)] == [200] * 4
        assert [ask(f"made-up-{n}, 203.0.113.9") for n in range(4)] == [200, 200, 200, 429]

    def test_no_address_is_kept_and_old_rows_go(self, client, dossier, monkeypatch):
        monkeypatch.setattr(limits.time, "time", lambda: 600.0)
        client.get("/api/v1/places", REMOTE_ADDR="192.0.2.1")
        assert "192.0.2" not in ApiCalls.objects.get().caller
        monkeypatch.setattr(limits.time, "time", lambda: 660.0)
        client.get("/api/v1/places", REMOTE_ADDR="192.0.2.2")
        assert ApiCalls.objects.count() == 1

    def test_questions_of_browsers_do_not_count(self, client, dossier):
        for _ in range(5):
            client.options("/api/v1/places")
        assert client.get("/api/v1/places").status_code == 200


@pytest.mark.parametrize(
    ("text", "found"), [("300/min", (300, 60)), (" 5/SEC ", (5, 1)), ("none", None)]
)
def test_a_rate_is_written_plainly(text, found):
    assert rate("API_RATE", text) == found


@pytest.mark.parametrize("text", ["", "0/min", "300", "x/min", "3/week"])
def test_a_senseless_rate_stops_the_start(text):
    with pytest.raises(SystemExit, match="API_RATE"):
        rate("API_RATE", text)


class TestMethods:
    def test_head_is_get_without_a_body(self, client, dossier):
        for address in addresses(dossier):
            got, head = client.get(address), client.head(address)
            assert (head.status_code, head.content) == (200, b""), address
            assert head["ETag"] == got["ETag"]
            assert head["Content-Length"] == got["Content-Length"]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_is_written(self, client, dossier, method):
        refused = getattr(client, method)(EVENTS)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert refused.json()["status"] == 405


class TestOrigins:
    def test_any_page_may_read_an_open_installation(self, client, dossier):
        for response in (client.get(EVENTS), client.get("/api/v1/none"), client.options(EVENTS)):
            assert response["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in response
        assert client.options(EVENTS).status_code == 204
        assert "If-None-Match" in client.options(EVENTS)["Access-Control-Allow-Headers"]

    def test_no_page_may_read_a_closed_one(self, client, dossier, settings):
        settings.CLOSED = True
        for response in (client.get(EVENTS), client.options(EVENTS)):
            assert "Access-Control-Allow-Origin" not in response


class TestClosed:
    def test_a_stranger_is_told_to_log_in(self, client, dossier, settings):
        settings.CLOSED = True
        for address in addresses(dossier):
            refused = client.get(address)
            assert refused.status_code == 401, address
            assert refused["Content-Type"] == "application/problem+json"
            assert "WWW-Authenticate" in refused
        client.force_login(User.objects.create_user("analyst"))
        answer = client.get(EVENTS)
        assert answer.status_code == 200
        assert "private" in answer["Cache-Control"]


def test_the_description_is_a_sound_one(client, dossier):
    found = client.get("/api/v1/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    for path, operations in found["paths"].items():
        assert set(operations) == {"get"}, path
        operation = operations["get"]
        assert operation["description"], path
        assert {"200", "304", "400", "401", "404", "429"} <= set(operation["responses"])
        for parameter in operation["parameters"]:
            described = parameter["in"] == "path" or parameter.get("description")
            assert described, (path, parameter["name"])
