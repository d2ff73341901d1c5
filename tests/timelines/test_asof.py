"""The day as of which pages are asked: how it is read, refused, carried and told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.events.decide import refresh_headline
from apps.timelines import asof, rollups
from apps.timelines.asof import AsOf, NotADay
from apps.timelines.models import Timeline
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_quote,
    make_timeline,
)

DAY = date(2020, 1, 20)
BEFORE, AFTER = datetime(2020, 1, 8, 12, tzinfo=UTC), datetime(2020, 2, 1, 12, tzinfo=UTC)


class TestReading:
    def test_a_day_ends_with_its_last_instant_in_utc(self):
        assert AsOf(DAY).moment == datetime(2020, 1, 20, 23, 59, 59, 999999, tzinfo=UTC)
        assert AsOf().moment is None

    def test_nothing_asked_is_now(self):
        today = date(2020, 6, 1)
        assert asof.parse("", today) is None
        assert asof.parse("  ", today) is None

    def test_days_up_to_today_are_taken(self):
        assert asof.parse("2020-01-20", date(2020, 1, 20)) == DAY

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("yesterday", "not a day"),
            ("2020-02-30", "not a day"),
            ("20.1.2020", "not a day"),
            ("\x00", "not a day"),
            ("2020-01-21", "has not come yet"),
            ("9999-12-31", "has not come yet"),
            ("1899-12-31", "from 1 January 1900 on"),
            ("0001-01-01", "from 1 January 1900 on"),
        ],
    )
    def test_what_is_no_day_that_anything_was_known_by_is_refused(self, asked, told):
        with pytest.raises(NotADay, match=told):
            asof.parse(asked, DAY)

    def test_the_last_of_several_counts_and_the_rest_of_the_address_leads_back(self):
        request = RequestFactory().get("/actors/?as_of=x&q=a%26b&as_of=2020-01-20")
        found = asof.read(request)
        assert (found.day, found.here) == (DAY, "/actors/?q=a%26b")


class TestLinks:
    @pytest.mark.parametrize(
        ("address", "carried"),
        [
            ("/events/A-1/", "/events/A-1/?as_of=2020-01-20"),
            ("/articles/3/?version=2#c3-4", "/articles/3/?version=2&as_of=2020-01-20#c3-4"),
            ("/actors/?as_of=2019-01-01&q=", "/actors/?q=&as_of=2020-01-20"),
            ("?page=2", "?page=2&as_of=2020-01-20"),
        ],
    )
    def test_they_carry_the_day_once(self, address, carried):
        assert AsOf(DAY).link(address) == carried
        assert asof.NOW.link(address) == address

    def test_they_take_more(self):
        assert AsOf(DAY).link("?", page=2) == "?page=2&as_of=2020-01-20"
        assert asof.NOW.link("/a/?page=1", page=2) == "/a/?page=2"


@pytest.fixture
def timeline(db) -> Timeline:
    """Two events, one of them known later; the toll of the first rose later."""
    us, iran = make_actor("us-gov"), make_actor("iran-gov")
    found = make_timeline(actors=[us, iran])
    attack = make_event(
        "The attack", start=date(2020, 1, 8), by=[iran], at=[us], summary="Rose to 110 later."
    )
    version = make_article("The base was hit.", published_at=BEFORE, published_precision="instant")
    make_quote(attack, version, "The base was hit.", known_at=BEFORE)
    make_claim(attack, us, field="killed", number=2, known_at=BEFORE)
    make_claim(attack, us, field="killed", number=110, known_at=AFTER)
    make_claim(attack, iran, field="killed", number=80, known_at=AFTER)
    make_event("The raid", start=date(2020, 1, 9), by=[us], at=[iran], first_public_at=AFTER)
    refresh_headline(attack)
    rollups.rebuild(found)
    return found


def html(client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client, timeline, **query: str):
    answer = client.get(timeline.get_absolute_url(), {"as_of": "2020-01-20", **query})
    return answer.context["view"]


KEEP = "/views/keep/us-iran-2020/"


class TestTheTimeline:
    def test_events_figures_and_disputes_are_those_of_the_day(self, client, timeline):
        now = client.get(timeline.get_absolute_url()).context["view"]
        assert [(r.event.title, r.event.contested) for r in now.rows] == [
            ("The attack", True), ("The raid", False),
        ]  # fmt: skip
        (row,) = shown(client, timeline).rows
        assert (row.event.killed, row.event.contested, row.reports) == (2, False, 1)
        assert row.event.severity < now.rows[0].event.severity

    def test_filters_count_the_day(self, client, timeline):
        assert shown(client, timeline, contested="1").total == 0
        assert shown(client, timeline).facets.contested == 0
        assert [option.count for option in shown(client, timeline).facets.actors] == [1, 1]

    def test_a_summary_that_may_tell_of_later_things_is_not_searched(self, client, timeline):
        assert shown(client, timeline, q="110").total == 0
        later = client.get(timeline.get_absolute_url(), {"q": "110", "as_of": "2020-02-01"})
        assert later.context["view"].total == 1

    def test_the_index_ends_with_the_day(self, client, timeline):
        view = shown(client, timeline)
        assert "on 20 January 2020" in view.summary
        assert "2020-01-21" not in view.drawn.figure.split('"customdata"')[0]

    def test_a_day_before_the_days_shown_has_no_index_and_says_so(self, client, timeline):
        page = html(client, f"{timeline.get_absolute_url()}?as_of=2019-06-01")
        assert "Nothing of these days was known by 1 June 2019." in page

    def test_counted_marks_weigh_what_they_weighed(self, client, timeline, monkeypatch):
        def folds(query: dict[str, str]) -> float:
            monkeypatch.setattr("apps.timelines.queries.timeline.MOST_MARKS", 0)
            seen = []
            monkeypatch.setattr(
                "apps.timelines.queries.chart.fold",
                lambda counts, *rest: seen.extend(counts) or [],
            )
            client.get(timeline.get_absolute_url(), query)
            assert sum(count.count for count in seen) == 1
            return sum(count.severity for count in seen)

        view = shown(client, timeline)
        assert folds({"as_of": "2020-01-20"}) == pytest.approx(view.rows[0].event.severity)

    def test_every_link_and_the_form_keep_the_day(self, client, timeline):
        page = html(client, f"{timeline.get_absolute_url()}?as_of=2020-01-20&type=ASSAULT")
        assert '<input type="hidden" name="as_of" value="2020-01-20">' in page
        links = [part.split('"')[0] for part in page.split('href="')[1:]]
        ours = [a for a in links if a.startswith(("/", "?")) and "/static/" not in a]
        # The way back to now, the method of the API, and a view that is kept: it follows the timeline.
        apart = {"?type=ASSAULT", "/login/", "/api/v1/docs", f"{KEEP}?type=ASSAULT"}
        assert {a for a in ours if "2020-01-20" not in a} == apart

    def test_a_fragment_names_its_address_with_the_day(self, client, timeline):
        answer = client.get(
            timeline.get_absolute_url(), {"as_of": "2020-01-20"},
            headers={"HX-Request": "true", "HX-Target": "view"},
        )  # fmt: skip
        assert answer["HX-Push-Url"].endswith("?as_of=2020-01-20")
        assert "As known on" in answer.content.decode()


PAGES = ["/", "/timelines/us-iran-2020/", "/actors/", "/actors/us-gov/"]


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES)
    def test_a_notice_tells_the_day_and_the_way_back(self, client, timeline, page):
        told = html(client, f"{page}?as_of=2020-01-20")
        assert told.count('class="notice as-of"') == 1
        assert 'As known on <time datetime="2020-01-20">20 January 2020</time>' in told
        assert "Show what is known now" in told
        assert "notice as-of" not in html(client, page)

    def test_methods_are_those_of_now_and_say_so(self, client, timeline):
        assert "methods in force now" in html(client, "/methodology/?as_of=2020-01-20")

    def test_what_is_not_found_keeps_the_day(self, client, timeline):
        answer = client.get("/articles/999999/?as_of=2020-01-20")
        assert answer.status_code == 404
        assert 'href="/actors/?as_of=2020-01-20"' in answer.content.decode()

    @pytest.mark.parametrize("page", [*PAGES, "/methodology/"])
    def test_what_is_no_day_is_refused_in_a_sentence(self, client, timeline, page):
        answer = client.get(f"{page}?as_of=<script>")
        assert answer.status_code == 400
        assert "“&lt;script&gt;” is not a day" in answer.content.decode()

    def test_tomorrow_is_refused(self, client, timeline):
        tomorrow = timezone.now().date() + timedelta(days=1)
        assert client.get(f"/?as_of={tomorrow}").status_code == 400

    def test_home_lists_what_had_an_event_by_then(self, client, timeline):
        assert "1 event," in html(client, "/?as_of=2020-01-20")
        assert "Nothing was known yet" in html(client, "/?as_of=2019-01-01")


@pytest.mark.parametrize("page", PAGES)
def test_as_many_queries_for_three_later_claims_as_for_one(client, timeline, page):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            html(client, f"{page}?as_of=2020-01-20")
        return len(queries)

    one = asked()
    us, iran = (actor for actor in timeline.actors.order_by("-slug"))
    for number in (3, 4):
        event = make_event(start=date(2020, 1, 8), by=[iran], at=[us])
        for known in (BEFORE, AFTER):
            make_claim(event, us, field="killed", number=number, known_at=known)
    rollups.rebuild(timeline)
    assert asked() == one


@pytest.mark.parametrize("page", PAGES)
def test_now_costs_no_more_than_before(client, timeline, page, monkeypatch):
    """As known now nothing is derived again: not one more query for later claims."""
    monkeypatch.setattr("apps.timelines.queries.then.headlines", None)
    assert html(client, page)
