"""`as_of` of every model with a known time: the last instant counts, the next one does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.articles.models import Article, ArticleVersion
from apps.events.derived import headlines
from apps.events.models import Claim, Event, Evidence, Link, Standing
from tests.events import make

pytestmark = pytest.mark.django_db

MOMENT = datetime(2020, 1, 20, 23, 59, 59, 999999, tzinfo=UTC)
NEXT = MOMENT + timedelta(microseconds=1)
SENTENCE = "Rockets hit the base."
PUBLIC = {"standing": Standing.PUBLISHED}


def event(known: datetime = MOMENT, **values: Any) -> Event:
    """A published event; what it rests on became known long after."""
    return make.published(first_public_at=known, **values)


def cited(row: Event, known: datetime, number: int = 1) -> Evidence:
    return make.cited(row, f"https://{number}.example.org/", known_at=known, **PUBLIC)


def quoted(row: Event, version: ArticleVersion, known: datetime) -> Evidence:
    span = {"article_version": version, "start": 0, "end": len(SENTENCE), "quote": SENTENCE}
    return make.cited(row, "", known_at=known, **span, **PUBLIC)


def second(first: ArticleVersion, fetched_at: datetime) -> ArticleVersion:
    return ArticleVersion.objects.create(
        article=first.article, number=2, title="", text=SENTENCE, sha256="d" * 64,
        fetched_at=fetched_at,
    )  # fmt: skip


class TestEvents:
    def test_known_by_then(self):
        known, later = event(MOMENT), event(NEXT)
        assert list(Event.objects.as_of(MOMENT)) == [known]
        assert set(Event.objects.as_of(None)) == {known, later}

    def test_only_published_ones_as_of_any_moment(self):
        make.event(first_public_at=MOMENT)
        assert not Event.objects.as_of(MOMENT).exists()


class TestEvidence:
    def test_known_by_then(self):
        row = event()
        known, later = cited(row, MOMENT), cited(row, NEXT, number=2)
        assert list(Evidence.objects.as_of(MOMENT)) == [known]
        assert {known, later} < set(Evidence.objects.as_of(None))

    def test_not_before_its_event(self):
        cited(event(NEXT), MOMENT)
        assert not Evidence.objects.as_of(MOMENT).exists()

    def test_not_before_the_article_that_says_it(self):
        row = event()
        quoted(row, make.version(SENTENCE, published_at=NEXT), MOMENT)
        known = quoted(row, make.version(SENTENCE, published_at=MOMENT), MOMENT)
        assert list(Evidence.objects.as_of(MOMENT)) == [known]

    def test_not_before_the_version_that_says_it(self):
        row, first = event(), make.version(SENTENCE, published_at=MOMENT)
        quoted(row, second(first, NEXT), MOMENT)
        assert not Evidence.objects.as_of(MOMENT).exists()
        assert Evidence.objects.as_of(NEXT).count() == 1


class TestClaims:
    def test_known_by_then(self):
        row = event()
        known = make.claim(row, number=1, known_at=MOMENT, **PUBLIC)
        make.claim(row, number=2, known_at=NEXT, **PUBLIC)
        assert list(Claim.objects.as_of(MOMENT)) == [known]

    def test_words_that_a_later_report_looks_back_on_were_not_known(self):
        row = event()
        later = quoted(row, make.version(SENTENCE, published_at=NEXT), MOMENT)
        make.claim(row, number=1, known_at=MOMENT, evidence=later, **PUBLIC)
        assert not Claim.objects.as_of(MOMENT).exists()

    def test_a_later_citation_of_a_known_claim_does_not_hide_it(self):
        row = event()
        known = make.claim(row, number=1, known_at=MOMENT, evidence=cited(row, NEXT), **PUBLIC)
        assert list(Claim.objects.as_of(MOMENT)) == [known]


class TestLinks:
    def linked(self, **values: Any) -> Link:
        ends = {"source": event(values.pop("source", MOMENT)), "target": event()}
        return Link.objects.create(kind="responds_to", **ends, **PUBLIC, **values)

    def test_known_with_both_events(self):
        known = self.linked()
        self.linked(source=NEXT)
        assert list(Link.objects.as_of(MOMENT)) == [known]

    @pytest.mark.parametrize("published", [MOMENT, NEXT])
    def test_known_with_the_sentence_it_rests_on(self, published):
        rests_on = quoted(event(), make.version(SENTENCE, published_at=published), MOMENT)
        self.linked(evidence=rests_on)
        assert Link.objects.as_of(MOMENT).exists() == (published == MOMENT)

    def test_not_before_its_evidence(self):
        self.linked(evidence=cited(event(), NEXT))
        assert not Link.objects.as_of(MOMENT).exists()


class TestArticles:
    def test_known_since_publication_else_since_first_seen(self):
        known = make.version(SENTENCE, published_at=MOMENT).article
        make.version(SENTENCE, published_at=NEXT)
        undated = {"published_at": None, "published_precision": "unknown"}
        seen, unseen = (make.version(SENTENCE).article for _ in range(2))
        Article.objects.filter(pk=seen.pk).update(first_seen_at=MOMENT, **undated)
        Article.objects.filter(pk=unseen.pk).update(first_seen_at=NEXT, **undated)
        assert set(Article.objects.as_of(MOMENT)) == {known, seen}
        assert Article.objects.as_of(None).count() == 4

    def test_the_first_version_is_the_article_later_ones_are_known_once_fetched(self):
        first = make.version(SENTENCE, published_at=MOMENT)  # fetched years later
        later = second(first, NEXT)
        assert list(ArticleVersion.objects.as_of(MOMENT)) == [first]
        assert [first.known_at, later.known_at] == [MOMENT, NEXT]
        assert set(ArticleVersion.objects.as_of(NEXT)) == {first, later}


class TestHeadlines:
    def test_figures_of_many_events_are_those_of_the_moment(self):
        rows = [event() for _ in range(3)]
        for number, row in enumerate(rows, start=1):
            make.claim(row, "wounded", number=number, known_at=MOMENT, **PUBLIC)
            make.claim(row, "wounded", number=64, known_at=NEXT, **PUBLIC)
        then = headlines(Event.objects.all(), MOMENT)
        assert [then[row.pk].wounded.value for row in rows] == [1, 2, 3]
        assert not any(then[row.pk].contested for row in rows)

    def test_a_report_that_came_later_adds_no_weight(self):
        row = event()
        for n, (figure, known) in enumerate([(11, MOMENT), (34, MOMENT), (34, NEXT)]):
            spoken = {"speaker_text": f"witness {n}", "evidence": cited(row, known, n)}
            make.claim(row, "killed", number=figure, known_at=MOMENT, **spoken, **PUBLIC)
        assert headlines(Event.objects.all())[row.pk].killed.value == 34
        assert headlines(Event.objects.all(), MOMENT)[row.pk].killed.value != 34

    def test_as_many_queries_for_three_events_as_for_one(self):
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                headlines(Event.objects.all(), MOMENT)
            return len(queries)

        def told() -> None:
            row = event(targets=("us-gov",), place=make.place())
            values = {"number": 1, "known_at": MOMENT, "speaker": "us-gov"}
            make.claim(row, "killed", evidence=cited(row, MOMENT), **values, **PUBLIC)

        told()
        one = asked()
        told()
        told()
        assert asked() == one
