"""The event page as of a day: what was known by then, and nothing that became known later."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.events.models import Decision, Link, Standing
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_evidence,
    make_quote,
    make_timeline,
)

pytestmark = pytest.mark.django_db

THEN = date(2020, 1, 20)
BEFORE, AFTER = datetime(2020, 1, 8, 12, tzinfo=UTC), datetime(2020, 2, 1, 12, tzinfo=UTC)
TEXT = "Rockets fell on the base. Nobody was hurt, it was said at first. {}"


def page(client, event, day: date | None = THEN, **headers) -> str:
    query = {"as_of": day.isoformat()} if day else {}
    response = client.get(reverse("event", args=[event.public_id]), query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def drawer(client, event, day: date | None = THEN) -> str:
    return page(client, event, day, **{"HX-Request": "true", "HX-Target": "event-drawer"})


@pytest.fixture
def attack():
    """An attack of 8 January whose toll rose, with something of every kind that came after 20 January."""
    us, iran = make_actor("us-gov", name="Pentagon"), make_actor("iran-gov", name="Iran")
    event = make_event(
        "The attack", start=date(2020, 1, 8), at=[us], by=[iran], summary="It later rose to 110.",
        date_note="Settled in March.",
    )  # fmt: skip
    for known, number in ((BEFORE, 0), (BEFORE + timedelta(days=8), 11), (AFTER, 110)):
        make_claim(event, us, field="wounded", number=number, known_at=known)
    make_claim(event, iran, field="killed", number=80, known_at=BEFORE)
    make_claim(event, us, field="killed", act="denies", known_at=AFTER, value="later denial")
    make_evidence(event, url="https://late.example/", publisher="Late Press", known_at=AFTER)
    late = make_article(TEXT.format("Late."), title="Late headline", published_at=AFTER,
                        published_precision="instant")  # fmt: skip
    make_quote(event, late, "Rockets fell on the base.", known_at=AFTER)
    return event


class TestNothingLaterLeaks:
    def test_claims_figures_and_their_explanation_are_those_of_the_day(self, client, attack):
        for shown in (page(client, attack), drawer(client, attack)):
            assert "11 wounded is the latest figure" in shown
            assert "110" not in shown
            assert "later denial" not in shown
            assert "80 killed is the only figure that counts" in shown

    def test_states_are_those_of_the_day(self, client, attack):
        assert page(client, attack).count('<tr class="superseded">') == 1
        assert page(client, attack, None).count('<tr class="superseded">') == 2

    def test_the_severity_is_that_of_the_day(self, client, attack):
        def terms(shown):
            return shown[shown.index('class="panel severity"') :]

        assert terms(page(client, attack)) != terms(page(client, attack, None))

    def test_evidence_and_its_counts_are_those_of_the_day(self, client, attack):
        for shown in (page(client, attack), drawer(client, attack)):
            assert "1 independent report (1 cited page)" in shown
            assert "Late Press" not in shown
            assert "Late headline" not in shown
            assert "Rockets fell" not in shown
        now = page(client, attack, None)
        # The cited page of before and the article are of one paper.
        assert "2 independent reports (1 article, 2 cited pages)" in now
        assert "Late headline" in now

    def test_a_summary_that_may_tell_of_later_things_is_not_shown(self, client, attack):
        for shown in (page(client, attack), drawer(client, attack)):
            assert "It later rose" not in shown
            assert "Settled in March" not in shown
        assert "It later rose" in page(client, attack, date(2020, 2, 2))

    def test_an_event_is_contested_from_the_day_on_which_it_is(self, client):
        event = make_event(start=date(2020, 1, 8))
        make_claim(event, make_actor("us-gov"), known_at=BEFORE)
        make_claim(event, make_actor("iran-gov"), act="denies", known_at=AFTER)
        assert "tag-contested" in page(client, event, None)
        for shown in (page(client, event), drawer(client, event)):
            assert "contested" not in shown.replace("The rule", "")

    def test_links_to_what_was_not_known_then_are_not_shown(self, client, attack):
        later = make_event("A later answer", start=date(2020, 2, 1))
        Link.objects.create(
            source=later, target=attack, kind="retaliates_for", standing=Standing.PUBLISHED
        )
        assert "A later answer" in page(client, attack, None)
        assert "A later answer" not in page(client, attack)
        assert "A later answer" not in drawer(client, attack)

    def test_links_are_known_with_what_they_rest_on_or_when_they_were_first_said(
        self, client, attack
    ):
        cause = make_event("The cause", start=date(2020, 1, 3))
        link = Link.objects.create(
            source=attack,
            target=cause,
            kind="responds_to",
            standing=Standing.PUBLISHED,
            known_at=AFTER,
        )
        assert "The cause" not in page(client, attack)
        Link.objects.filter(pk=link.pk).update(known_at=None)
        assert "The cause" in page(client, attack)
        Link.objects.filter(pk=link.pk).update(
            evidence=attack.evidence.get(article_version__isnull=False)
        )
        assert "The cause" not in page(client, attack)

    def test_decisions_are_those_up_to_the_day(self, client, attack):
        for at, reason in ((BEFORE, "Early reason"), (AFTER, "Later reason")):
            Decision.objects.create(event=attack, by_label="x", action="edit", reason=reason, at=at)
        shown = page(client, attack)
        assert "Early reason" in shown
        assert "Later reason" not in shown


class TestTheDayIsCarried:
    def test_a_notice_says_the_day_and_leads_back(self, client, attack):
        shown = page(client, attack)
        assert "As known on" in shown
        assert "20 January 2020" in shown
        assert f'href="{attack.get_absolute_url()}"' in shown
        assert "As known on" not in page(client, attack, None)

    def test_links_of_the_page_keep_the_day(self, client, attack):
        make_timeline(actors=list(attack.actors.all()))
        cause = make_event("The cause", start=date(2020, 1, 3))
        Link.objects.create(
            source=attack, target=cause, kind="responds_to", standing=Standing.PUBLISHED
        )
        shown = page(client, attack)
        for address in (cause.get_absolute_url(), attack.actors.all()[0].get_absolute_url()):
            assert f'{address}?as_of=2020-01-20"' in shown
        assert "event=" + attack.public_id in shown
        assert "as_of=2020-01-20" in drawer(client, attack)

    def test_a_merged_event_leads_on_with_the_day(self, client, attack):
        merged = make_event(status="merged", merged_into=attack)
        response = client.get(merged.get_absolute_url(), {"as_of": "2020-01-20"})
        assert response["Location"] == f"{attack.get_absolute_url()}?as_of=2020-01-20"


class TestNotKnownYet:
    def test_before_it_was_known_the_page_says_since_when_it_is(self, client, attack):
        response = client.get(attack.get_absolute_url(), {"as_of": "2020-01-07"})
        shown = response.content.decode()
        assert response.status_code == 404
        assert "8 January 2020" in shown
        assert f'href="{attack.get_absolute_url()}"' in shown
        assert "The attack" not in shown

    def test_it_is_known_on_its_day(self, client, attack):
        assert client.get(attack.get_absolute_url(), {"as_of": "2020-01-08"}).status_code == 200

    @pytest.mark.parametrize("status", ["proposed", "rejected"])
    def test_what_is_not_published_tells_nothing(self, client, status):
        event = make_event("Secret", start=date(2020, 1, 8), status=status)
        response = client.get(event.get_absolute_url(), {"as_of": "2020-01-07"})
        assert response.status_code == 404
        assert "8 January" not in response.content.decode()

    def test_what_is_no_day_is_refused_in_words(self, client, attack):
        assert client.get(attack.get_absolute_url(), {"as_of": "yesterday"}).status_code == 400


def test_queries_are_the_same_for_one_row_and_for_three(client):
    counts = []
    for number in (1, 3):
        event = make_event(start=date(2020, 1, 8))
        for row in range(number):
            version = make_article(TEXT.format(f"{number} {row}"))
            quote = make_quote(event, version, "Rockets fell on the base.")
            make_claim(
                event, make_actor(f"s-{number}-{row}"), evidence=quote, field="killed", number=row
            )
            make_claim(event, make_actor(f"r-{number}-{row}"), known_at=AFTER)
            Link.objects.create(
                source=make_event(start=date(2020, 1, 9)), target=event, kind="responds_to",
                standing=Standing.PUBLISHED,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page(client, event)
        counts.append(len(queries))
    assert counts[0] == counts[1]
