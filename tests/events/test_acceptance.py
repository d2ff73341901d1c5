"""What became of the machine's suggestions, by confidence."""

import pytest
from django.utils import timezone

from apps.articles.models import Article
from apps.events import acceptance, curate
from apps.events.acceptance import ACCEPTED, BINS, MERGED, REJECTED, WAITING, WITHDRAWN, Bin
from apps.events.models import Event, Standing
from tests.events import make
from tests.events.changing import FIRST, TOLD, quoted, spread

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make.editor()


def proposed(confidence=0.8):
    """An event that the machine proposed, with one sentence and one claim, read with this confidence."""
    version = make.version(FIRST)
    distinct = make.story_event(make.annotation(version), TOLD, confidence=confidence)
    event = make.event()
    mention = distinct.mentions.get()
    evidence = quoted(event, version, standing=Standing.PROPOSED, candidate=mention)
    make.claim(event, "wounded", number=11, speaker="iran", evidence=evidence)
    curate.propose(event, by_label="pipeline 1", reason="new")
    return event


def counts(kind, low=0.7):
    (row,) = [row for row in acceptance.report()[kind] if row.low == low]
    return row.counts


def test_nothing_suggested_nothing_counted():
    for bins in acceptance.report().values():
        assert [row.low for row in bins] == sorted(BINS, reverse=True)
        assert all(row.counts == {} and row.rate is None for row in bins)


def test_each_outcome_is_counted_once(by):
    known = make.published()
    curate.publish(proposed(), by=by)
    curate.reject(proposed(), by=by, reason="no event")
    curate.merge(proposed(), into=known, by=by)
    proposed()
    assert counts("events") == {ACCEPTED: 1, REJECTED: 1, MERGED: 1, WAITING: 1}
    # What hung on the merged event stands on the other now.
    assert counts("evidence") == counts("claims") == {ACCEPTED: 2, REJECTED: 1, WAITING: 1}


def test_an_event_taken_back_counts_as_rejected_with_all_that_hung_on_it(by):
    event = proposed()
    curate.publish(event, by=by)
    curate.reject(event, by=by, reason="hoax")
    assert counts("events") == counts("evidence") == counts("claims") == {REJECTED: 1}


def test_what_was_refused_alone_is_told_apart_from_its_event(by):
    event = proposed()
    curate.publish(event, by=by)
    curate.reject_claim(event.claims.get(), by=by, reason="misread")
    assert counts("events") == counts("evidence") == {ACCEPTED: 1}
    assert counts("claims") == {REJECTED: 1}


def test_what_the_machine_took_back_itself_nobody_judged():
    proposed()
    Article.objects.update(retracted_at=timezone.now(), retraction_note="x")
    spread()
    for kind in ("events", "evidence", "claims"):
        assert counts(kind) == {WITHDRAWN: 1}


@pytest.mark.parametrize(
    ("confidence", "low"),
    [(0.0, 0.0), (0.29, 0.0), (0.3, 0.3), (0.69, 0.5), (0.9, 0.9), (1.0, 0.9)],
)
def test_a_confidence_lies_in_one_bin(confidence, low):
    proposed(confidence)
    for kind in ("events", "evidence", "claims"):
        found = {row.low: row.counts for row in acceptance.report()[kind] if row.counts}
        assert found == {low: {WAITING: 1}}


def test_what_lost_its_reading_is_counted_apart():
    proposed().evidence.update(candidate=None)
    assert counts("events") == {WAITING: 1}, "the decision keeps it"
    for kind in ("evidence", "claims"):
        assert acceptance.report()[kind][-1] == Bin(None, None, {WAITING: 1})


def test_what_people_entered_is_no_suggestion(by):
    event = make.published()
    make.claim(event, origin="editor", number=1)
    make.claim(event, origin="dossier", number=1)
    assert all(not row.counts for bins in acceptance.report().values() for row in bins)
    assert Event.objects.count() == 1


def test_the_rate_is_of_what_was_decided():
    row = Bin(0.9, None, {ACCEPTED: 6, MERGED: 1, REJECTED: 3, WITHDRAWN: 5, WAITING: 40})
    assert (row.decided, row.rate) == (10, 0.6)
    assert Bin(0.9, None, {WAITING: 2}).rate is None


def test_three_queries_whatever_was_suggested(django_assert_num_queries):
    for _ in range(3):
        proposed()
    with django_assert_num_queries(3):
        acceptance.report()
