"""The list of actors and the actor pages."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.actors.models import Alias, Role
from apps.events.models import Standing
from tests.factories import make_actor, make_claim, make_event, make_place, relate

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert('x')</script>\"'&<b>"


def listing(client, query: str = "", **headers) -> str:
    response = client.get(reverse("actors") + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def page(client, actor, query: str = "") -> str:
    response = client.get(actor.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def fragment(client, query: str = "") -> str:
    return listing(client, query, **{"HX-Request": "true", "HX-Target": "actor-list"})


class TestList:
    def test_every_actor_stands_with_kind_country_and_the_count_of_its_public_events(self, client):
        make_place("iran", kind="country", country="IRN", name="Iran")
        actor = make_actor("irgc", name="Guard Corps", kind="armed_forces", country="IRN")
        make_event(by=[actor], at=[actor])
        make_event(at=[actor])
        make_event(by=[actor], status="proposed")
        make_event(by=[actor], status="rejected")
        shown = fragment(client)
        row = shown[shown.index("Guard Corps") :]
        assert "armed forces" in row
        assert "Iran" in row
        assert '<td class="num">2</td>' in row

    @pytest.mark.parametrize(
        "asked", ["?q=quds", "?q=QUDS+force", "?q=niru", "?kind=armed_forces&q=", "?country=irn"]
    )
    def test_names_aliases_kind_and_country_narrow_it(self, client, asked):
        found = make_actor("quds", name="Quds Force", kind="armed_forces", country="IRN")
        Alias.objects.create(actor=found, name="Niru-ye Qods", kind="transliteration")
        make_actor("us-gov", name="United States", country="USA")
        shown = fragment(client, asked)
        assert "Quds Force" in shown
        assert "United States" not in shown

    def test_unknown_filters_count_as_not_asked(self, client):
        make_actor("us-gov", name="United States")
        assert "United States" in listing(
            client, "?kind=nonsense&country=%00&sort=x&page=999&q=%00"
        )

    def test_it_can_be_ordered_by_events(self, client):
        quiet, busy = make_actor("a", name="Aaa"), make_actor("b", name="Bbb")
        make_event(by=[busy])
        shown = fragment(client, "?sort=events")
        assert shown.index(busy.name) < shown.index(quiet.name)

    def test_nobody_found_is_said_with_a_way_out(self, client):
        shown = fragment(client, "?q=nobody")
        assert "No actor of that description" in shown
        assert f'href="{reverse("actors")}"' in shown

    def test_a_long_list_has_pages_that_keep_the_filters(self, client):
        for number in range(61):
            make_actor(f"group-{number}", kind="armed_group")
        shown = listing(client, "?kind=armed_group")
        assert "?kind=armed_group&amp;page=2" in shown
        assert "Page 2 of 2" in listing(client, "?kind=armed_group&page=2")

    def test_the_fragment_is_the_same_markup_as_in_the_page(self, client):
        make_actor("us-gov")
        assert fragment(client, "?q=us").strip() in listing(client, "?q=us")

    def test_history_restores_get_the_whole_page(self, client):
        assert "<html" in listing(client, **{"HX-Request": "true"})

    def test_the_form_works_without_script(self, client):
        shown = listing(client, "?q=x")
        assert 'method="get"' in shown
        assert '<button type="submit">' in shown

    def test_queries_are_the_same_for_one_row_and_for_three(self, client):
        counts = []
        for number in range(3):
            actor = make_actor(f"actor-{number}")
            make_event(by=[actor])
            with CaptureQueriesContext(connection) as queries:
                listing(client)
            counts.append(len(queries))
        assert counts[0] == counts[2]


class TestPage:
    def test_names_stand_by_their_kind(self, client):
        actor = make_actor("irgc", code="IRNMIL")
        Alias.objects.create(actor=actor, name="Pasdaran", kind="transliteration")
        Alias.objects.create(actor=actor, name="IRGC", kind="acronym")
        shown = page(client, actor)
        for words in ("IRNMIL", "transliteration", "Pasdaran", "acronym"):
            assert words in shown

    def test_roles_stand_with_their_days_on_both_sides(self, client):
        person = make_actor("ghaani", kind="person", name="Esmail Ghaani")
        force = make_actor("quds", name="Quds Force")
        Role.objects.create(
            person=person, title="commander", organisation=force, since=date(2020, 1, 3)
        )
        assert "since 3 January 2020" in page(client, person)
        assert "Esmail Ghaani" in page(client, force)

    def test_relations_stand_in_words_now_apart_from_past(self, client):
        actor, army, old = (
            make_actor("kh", name="Kataib"),
            make_actor("pmf", name="PMF"),
            make_actor("x", name="Old"),
        )
        relate(actor, "part_of", army, since=date(2014, 6, 15))
        relate(old, "backs", actor, until=date(2011, 1, 1), disputed=True)
        shown = page(client, actor)
        now = shown[shown.index("<h3>Now</h3>") : shown.index("<h3>Past</h3>")]
        assert "is part of" in now
        assert "since 15 June 2014" in now
        past = shown[shown.index("<h3>Past</h3>") :]
        assert "was backed by" in past
        assert "disputed" in past

    def test_the_picture_shows_everybody_related_once(self, client):
        actor, other = make_actor("a"), make_actor("b", name="Bee")
        relate(actor, "backs", other)
        relate(other, "ally_of", actor)
        shown = page(client, actor)
        assert shown.count('class="node-label"') == 1
        assert "style=" not in shown

    def test_public_events_stand_with_the_part_and_the_others(self, client):
        actor, other = make_actor("us-mil"), make_actor("irgc", name="Guards")
        event = make_event("The strike", by=[actor], at=[other])
        make_event("Proposed secret", by=[actor], status="proposed")
        make_event("Rejected secret", by=[actor], status="rejected")
        make_event("Merged secret", by=[actor], status="merged", merged_into=event)
        shown = page(client, actor)
        row = shown[shown.index("The strike") :]
        assert "initiator" in row
        assert "Guards" in row
        assert "secret" not in shown

    def test_activity_counts_public_events_by_month(self, client):
        actor = make_actor("us-mil")
        make_event(start=date(2020, 1, 3), by=[actor])
        make_event(start=date(2020, 1, 20), by=[actor], at=[actor])
        make_event(start=date(2020, 3, 1), by=[actor], type="AGREE")
        make_event(start=date(2020, 5, 1), by=[actor], status="proposed")
        shown = page(client, actor)
        assert "2020-01: 2 conflict, 0 cooperation" in shown
        assert "2020-02: 0 conflict, 0 cooperation" in shown
        assert "2020-03: 0 conflict, 1 cooperation" in shown
        assert "2020-05" not in shown

    def test_only_public_claims_stand_there(self, client):
        actor = make_actor("dod")
        make_claim(make_event(), actor, field="wounded", number=11)
        make_claim(make_event(), actor, value="pending words", standing=Standing.PROPOSED)
        make_claim(make_event(status="proposed"), actor, value="early words")
        shown = page(client, actor)
        assert "says 11" in shown
        assert "pending words" not in shown
        assert "early words" not in shown

    def test_many_events_have_pages(self, client):
        actor = make_actor("busy")
        for _ in range(41):
            make_event(by=[actor])
        assert "Page 1 of 2" in page(client, actor)
        assert "Page 2 of 2" in page(client, actor, "?page=2")

    def test_an_actor_of_whom_little_is_known_has_a_page(self, client):
        shown = page(client, make_actor("lonely"))
        assert "It takes part in no published event." in shown
        assert "None is recorded." in shown

    def test_an_unknown_actor_is_not_found(self, client):
        assert client.get(reverse("actor", args=["nobody"])).status_code == 404

    def test_nothing_that_came_from_outside_is_markup(self, client):
        actor = make_actor("hostile", name=HOSTILE, notes=HOSTILE)
        other = make_actor("other", name=HOSTILE)
        Alias.objects.create(actor=actor, name=HOSTILE)
        Role.objects.create(person=actor, title=HOSTILE, organisation=other)
        relate(actor, "backs", other, evidence=HOSTILE)
        make_claim(make_event(HOSTILE, by=[actor], at=[other]), actor, value=HOSTILE)
        for shown in (page(client, actor), listing(client, "?q=%3Cscript%3E")):
            assert "<script>alert" not in shown
            assert "<b>" not in shown

    def test_queries_are_the_same_for_one_row_and_for_three(self, client):
        counts = []
        for rows in (1, 3):
            actor = make_actor(f"actor-{rows}")
            for number in range(rows):
                other = make_actor(f"other-{rows}-{number}")
                relate(actor, "backs", other)
                Role.objects.create(person=actor, title=f"title {number}", organisation=other)
                Role.objects.create(person=other, title=f"title {number}", organisation=actor)
                Alias.objects.create(actor=actor, name=f"name {rows} {number}")
                make_claim(make_event(by=[actor], at=[other]), actor)
            with CaptureQueriesContext(connection) as queries:
                page(client, actor)
            counts.append(len(queries))
        assert counts[0] == counts[1]


@pytest.mark.parametrize("country", ["%00AB", "a%00b", "1%202", "%F0%9F%98%80AB"])
def test_a_country_that_is_no_code_counts_as_not_asked(client, country):
    make_actor("iran", name="Iran", country="IRN")
    assert "Iran" in listing(client, f"?country={country}")
