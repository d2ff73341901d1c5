"""When things became known: the rule, the forms that lean on it, and the database that insists on it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.articles.models import ArticleVersion
from apps.events import curate, known_times
from apps.events.models import Claim, Event, Evidence, Standing
from tests.events import make
from tests.events.test_admin_events import added, editor, form, page, save

pytestmark = pytest.mark.django_db
__all__ = ["editor"]

SENTENCE = "Rockets hit the base."
REPORTED = datetime(2020, 1, 9, 6, tzinfo=UTC)
UNTOLD = {"known_at_0": "", "known_at_1": ""}


def later_version(first: ArticleVersion, text: str, fetched_at: datetime) -> ArticleVersion:
    return ArticleVersion.objects.create(
        article=first.article,
        number=2,
        title=first.title,
        text=text,
        sha256="b" * 64,
        fetched_at=fetched_at,
    )


class TestTheRule:
    def test_a_sentence_is_known_since_its_article_was_published(self):
        version = make.version(SENTENCE, published_at=REPORTED)
        assert known_times.of_evidence(Evidence(article_version=version)) == REPORTED

    def test_a_sentence_of_a_later_version_is_known_since_that_was_fetched(self):
        first = make.version(SENTENCE, published_at=REPORTED)
        second = later_version(first, f"Corrected. {SENTENCE}", REPORTED + timedelta(days=40))
        known = known_times.of_evidence(Evidence(article_version=second))
        assert known == REPORTED + timedelta(days=40)

    def test_an_article_without_a_date_is_known_since_it_was_first_seen(self):
        version = make.version(SENTENCE)
        article = version.article
        article.published_at, article.published_precision = None, "unknown"
        assert known_times.of_evidence(Evidence(article_version=version)) == article.first_seen_at

    def test_a_cited_source_is_known_since_the_day_it_was_published(self):
        cited = Evidence(url="https://example.org/a", published_on=date(2020, 1, 9))
        assert known_times.of_evidence(cited) == datetime(2020, 1, 9, tzinfo=UTC)

    def test_what_rests_on_nothing_dated_is_known_since_it_is_written_down(self):
        before = timezone.now()
        assert known_times.of_evidence(Evidence(url="https://example.org/a")) >= before
        assert known_times.of_claim(Claim()) >= before

    def test_a_claim_is_known_as_its_evidence_is_else_since_it_was_said(self):
        evidence = make.cited(make.event(), known_at=REPORTED)
        said = {"said_from": date(2020, 1, 3), "said_to": date(2020, 1, 4)}
        assert known_times.of_claim(Claim(evidence=evidence, **said)) == REPORTED
        assert known_times.of_claim(Claim(**said)) == datetime(2020, 1, 4, tzinfo=UTC)

    def test_a_time_that_is_given_stands(self):
        row = Evidence(published_on=date(2020, 1, 9), known_at=REPORTED)
        known_times.fill(row)
        assert row.known_at == REPORTED


class TestEvents:
    def test_publishing_takes_the_earliest_report_that_supports(self):
        event = make.event(first_public_at=REPORTED)
        make.cited(event, known_at=REPORTED)
        make.cited(event, "https://example.org/b", known_at=REPORTED - timedelta(days=1))
        make.cited(
            event,
            "https://example.org/c",
            known_at=REPORTED - timedelta(days=9),
            stance=Evidence.Stance.MENTIONS,
        )
        curate.publish(event, by=make.editor())
        assert event.first_public_at == REPORTED - timedelta(days=1)

    def test_an_earlier_report_that_is_attached_makes_it_known_earlier(self):
        event = make.published(first_public_at=REPORTED)
        earlier = make.cited(event, "https://example.org/b", known_at=REPORTED - timedelta(days=2))
        curate.publish_evidence(earlier, by=make.editor())
        event.refresh_from_db()
        assert event.first_public_at == REPORTED - timedelta(days=2)

    def test_a_later_report_changes_nothing(self):
        event = make.published(first_public_at=REPORTED)
        later = make.cited(event, "https://example.org/b", known_at=REPORTED + timedelta(days=2))
        curate.publish_evidence(later, by=make.editor())
        event.refresh_from_db()
        assert event.first_public_at == REPORTED

    def test_two_that_are_one_were_known_since_the_first_of_them(self):
        early = make.published(first_public_at=REPORTED)
        late = make.published(first_public_at=REPORTED + timedelta(days=3))
        curate.merge(early, into=late, by=make.editor())
        assert late.first_public_at == REPORTED

    def test_a_proposal_that_is_no_report_yet_makes_nothing_known_earlier(self):
        proposal = make.event(first_public_at=REPORTED - timedelta(days=9))
        known = make.published(first_public_at=REPORTED)
        curate.merge(proposal, into=known, by=make.editor())
        assert known.first_public_at == REPORTED


class TestForms:
    def test_a_cited_source_without_a_time_takes_its_day(self, client, editor):
        event = make.published(first_public_at=REPORTED)
        row = added(
            "evidence",
            stance="supports",
            url="https://example.org/b",
            published_on="2020-01-12",
            **UNTOLD,
        )
        save(client, page(event), **row)
        assert event.evidence.get(url="https://example.org/b").known_at == datetime(
            2020, 1, 12, tzinfo=UTC
        )

    def test_a_sentence_without_a_time_takes_its_versions(self, client, editor):
        event = make.published(first_public_at=REPORTED)
        version = make.version(SENTENCE, published_at=REPORTED)
        span = {"article_version": version.pk, "start": 0, "end": len(SENTENCE), "url": ""}
        save(client, page(event), **added("evidence", stance="supports", **span, **UNTOLD))
        assert event.evidence.get(article_version=version).known_at == REPORTED

    def test_a_time_before_the_article_is_refused_in_a_sentence(self, client, editor):
        event = make.published(first_public_at=REPORTED)
        version = make.version(SENTENCE, published_at=REPORTED)
        span = {"article_version": version.pk, "start": 0, "end": len(SENTENCE), "url": ""}
        row = added(
            "evidence", stance="supports", known_at_0="2020-01-01", known_at_1="12:00", **span
        )
        answer = client.post(page(event), form(client, page(event), **row))
        assert "The article says so since 09 January 2020" in answer.content.decode()
        assert event.evidence.count() == 1

    def test_a_claim_without_a_time_takes_the_day_it_was_said(self, client, editor):
        event = make.published(first_public_at=REPORTED)
        row = {"speaker_text": "a spokesman", "act": "asserts", "field": "occurrence"}
        days = {"said_from": "2020-01-10", "said_to": "2020-01-10"}
        save(client, page(event), **added("claims", **row, **days))
        assert event.claims.get().known_at == datetime(2020, 1, 10, tzinfo=UTC)

    def test_a_published_event_cannot_lose_its_time(self, client, editor):
        event = make.published(first_public_at=REPORTED)
        reported = event.evidence.get().known_at
        save(client, page(event), first_public_at_0="", first_public_at_1="")
        event.refresh_from_db()
        assert event.first_public_at == reported


class TestTheDatabase:
    def test_a_published_event_has_a_known_time(self):
        event = make.published()
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(first_public_at=None)

    @pytest.mark.parametrize("standing", Standing.values)
    def test_evidence_and_claims_have_a_known_time(self, standing):
        event = make.published()
        for row in (event.evidence.get(), make.claim(event, number=3)):
            with pytest.raises(IntegrityError), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(known_at=None, standing=standing)
