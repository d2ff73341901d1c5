"""Claims that answer claims: of one event, not before what they answer; in the database and in forms."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.events import curate
from apps.events.models import Claim, Event
from tests.events import make

pytestmark = pytest.mark.django_db
LATER = make.PUBLISHED_AT + timedelta(days=3)


def checked() -> None:
    """Let the database check now what it checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def answer(event: Event, answers: Claim, **fields) -> Claim:
    """A claim that answers another, checked by the database at once."""
    row = make.claim(event, number=8, answers=answers, **fields)
    checked()
    return row


class TestRules:
    def test_an_answer_is_about_the_same_event(self):
        event, other = make.event(), make.claim(make.event(), number=7)
        with (
            pytest.raises(IntegrityError, match="must be about the same event"),
            transaction.atomic(),
        ):
            answer(event, other, known_at=LATER)
        row = make.claim(event, number=8, known_at=LATER)
        row.answers = other
        with pytest.raises(ValidationError, match="a claim about another event"):
            row.full_clean()

    def test_an_answer_is_not_known_before_what_it_answers(self):
        event = make.event()
        late = make.claim(event, number=7, known_at=LATER)
        with (
            pytest.raises(IntegrityError, match="the answer known no earlier"),
            transaction.atomic(),
        ):
            answer(event, late)
        row = make.claim(event, number=8)
        row.answers = late
        with pytest.raises(ValidationError, match="cannot be what this one answers"):
            row.full_clean()

    def test_an_answered_claim_becomes_known_no_later_than_its_answer(self):
        event = make.event()
        first = make.claim(event, number=7)
        make.claim(event, number=8, known_at=LATER, answers=first)
        first.known_at = LATER + timedelta(days=1)
        with pytest.raises(ValidationError, match="cannot have become known later"):
            first.full_clean()

    def test_who_declines_answers_nothing(self):
        event = make.event()
        row = make.claim(event, act="declines", answers=make.claim(event, number=7), known_at=LATER)
        with pytest.raises(ValidationError, match="Who declines to say answers no claim"):
            row.full_clean()

    def test_claims_that_move_together_keep_their_answers(self):
        event, target = make.event(), make.published()
        first = make.claim(event, number=7)
        answer = make.claim(event, number=10, known_at=LATER, answers=first)
        curate.merge(event, into=target, by_label="x")
        checked()
        answer.refresh_from_db()
        assert (answer.event, answer.answers) == (target, first)

    def test_where_the_answered_claim_is_there_already_the_answer_goes_to_that_one(self):
        event, target = make.event(), make.published()
        make.actor("us-gov")
        kept = make.claim(target, number=7, speaker="us-gov")
        first = make.claim(event, number=7, speaker="us-gov")
        answer = make.claim(event, number=10, known_at=LATER, answers=first)
        curate.merge(event, into=target, by_label="x")
        checked()
        answer.refresh_from_db()
        assert answer.answers == kept


class TestHeadline:
    def test_an_answer_decides_once_it_is_published(self):
        event = make.published()
        first = make.claim(event, number=7, standing="published")
        answer = make.claim(
            event, number=10, known_at=LATER, answers=first, speaker_text="later accounts"
        )
        curate.refresh_headline(event)
        assert (event.killed, event.contested) == (7, False)
        curate.publish_claim(answer, by_label="x")
        event.refresh_from_db()
        assert (event.killed, event.killed_low, event.contested) == (10, 10, False)
        curate.reject_claim(answer, by_label="x", reason="not so")
        event.refresh_from_db()
        assert event.killed == 7


class TestAdmin:
    def test_only_claims_of_the_event_can_be_answered_and_the_headline_follows(self, client):
        client.force_login(User.objects.create_superuser("chief"))
        event = make.published()
        first = make.claim(event, number=7, standing="published", speaker_text="first reports")
        answer = make.claim(
            event, number=10, standing="published", known_at=LATER, speaker_text="later accounts"
        )
        foreign = make.claim(make.event(), number=3, speaker_text="somebody else")
        address = reverse("admin:events_claim_change", args=[answer.pk])
        response = client.get(address)
        shown = response.content.decode()
        assert f'<option value="{first.pk}">' in shown
        assert f'<option value="{foreign.pk}">' not in shown
        form = response.context["adminform"].form
        values = {
            name: value for name in form.fields if (value := form[name].value()) not in (None, "")
        }
        values |= {
            "known_at_0": f"{LATER:%Y-%m-%d}", "known_at_1": f"{LATER:%H:%M:%S}", "answers": first.pk,
            "reason": "a later count",
        }  # fmt: skip
        response = client.post(address, values)
        assert response.status_code == 302, response.content.decode()[:4000]
        assert Claim.objects.get(pk=answer.pk).answers == first
        event.refresh_from_db()
        assert (event.killed, event.killed_low) == (10, 10)
