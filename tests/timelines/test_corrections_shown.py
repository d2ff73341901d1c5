"""Readers see what became of an event's sources, as of the day they ask for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.articles.models import Article
from apps.events import curate
from apps.events.models import Correction, Standing
from apps.timelines.queries import corrections as queries_corrections
from tests.events import make
from tests.events.changing import FIRST, SECOND, TOLD, next_version, quoted, read, spread

pytestmark = pytest.mark.django_db
THEN = datetime(2020, 12, 1, tzinfo=UTC)


@pytest.fixture
def first():
    return make.version(FIRST, title="Base hit")


@pytest.fixture
def event(first):
    event = make.published()
    quoted(event, first)
    return event


def page(client, event, **query):
    return client.get(event.get_absolute_url(), query).content.decode()


def test_an_event_whose_sources_stand_shows_no_list(client, event):
    shown = page(client, event)
    assert "Sources that changed" not in shown
    assert "source-note" not in shown


def test_a_change_stands_in_the_history_with_what_it_concerned_and_what_became_of_it(
    client, first, event
):
    read(next_version(first.article, SECOND, timezone.now()))
    spread()
    shown = page(client, event)
    assert "Sources that changed" in shown
    assert "Base hit</bdi>: the article says something else now" in shown
    assert "It concerned that it happened." in shown
    assert "waits for an editor" in shown
    curate.keep(Correction.objects.get(), by=make.editor(), reason="no matter")
    assert "kept as it was" in page(client, event)


def test_what_was_removed_before_the_event_was_public_never_shows(client, first):
    proposed, senior = make.event(), make.editor("senior")
    make.cited(proposed)
    quoted(proposed, first, standing=Standing.PROPOSED, origin="editor")
    read(next_version(first.article, SECOND, timezone.now()))
    spread()
    curate.remove(Correction.objects.get(), by=senior, reason="it says something else")
    curate.publish(proposed, by=senior, confirmed=True)
    shown = page(client, proposed)
    assert TOLD not in shown
    assert "Base hit" not in shown
    assert "Sources that changed" not in shown


def test_what_was_removed_of_a_public_event_stays_in_its_history(client, first):
    proposed, senior = make.event(), make.editor("senior")
    make.cited(proposed)
    quoted(proposed, first, standing=Standing.PROPOSED)
    curate.publish(proposed, by=senior, confirmed=True)
    read(next_version(first.article, SECOND, timezone.now()))
    spread()
    curate.remove(Correction.objects.get(), by=senior, reason="it says something else")
    assert "Sources that changed" in page(client, proposed)


def test_a_sentence_of_a_lost_article_is_marked(client, event):
    Article.objects.update(retracted_at=timezone.now(), retraction_note="RETRACTED: Base hit")
    assert "Taken back by its publisher on" in page(client, event)
    assert "“RETRACTED: Base hit”" in page(client, event)
    Article.objects.update(retracted_at=None, gone_at=timezone.now())
    assert "No longer at its address since" in page(client, event)


def test_so_is_the_article_s_own_page(client, first, event):
    Article.objects.update(retracted_at=timezone.now(), retraction_note="RETRACTED: Base hit")
    shown = client.get(first.article.get_absolute_url()).content.decode()
    assert "Taken back by its publisher on" in shown


def test_a_sentence_that_was_replaced_stays_with_a_mark(client, first, event):
    read(next_version(first.article, SECOND, timezone.now()))
    spread()
    curate.take_over(Correction.objects.get(), by=make.editor(), reason="as it says now")
    shown = page(client, event)
    assert "Eleven people were wounded" in shown
    assert "At least 34 people were wounded" in shown
    assert shown.count("The article says something else since") == 1


def test_a_closed_correction_is_none_for_readers(client, first, event):
    read(next_version(first.article, SECOND, timezone.now()))
    spread()
    read(next_version(first.article, FIRST, timezone.now()))
    spread()
    assert "Sources that changed" not in page(client, event)


def test_nothing_of_it_is_shown_as_of_a_day_before(client, first, event):
    Article.objects.update(
        retracted_at=timezone.now(), retraction_note="SECRET", gone_at=timezone.now()
    )
    read(next_version(first.article, SECOND, timezone.now()))
    spread()
    for correction in Correction.objects.open().filter(cause="new_version"):
        curate.take_over(correction, by=make.editor(), reason="as it says now")
    shown = page(client, event, as_of=THEN.date().isoformat())
    assert "Eleven people were wounded" in shown
    for later in (
        "SECRET",
        "Taken back",
        "No longer at",
        "something else since",
        "Sources that changed",
        "34 people",
    ):
        assert later not in shown.partition("<main")[2], later


def test_a_decision_taken_later_is_told_as_waiting_then(first, event):
    read(next_version(first.article, SECOND, timezone.now()))
    spread()
    curate.keep(Correction.objects.get(), by=make.editor(), reason="no matter")
    noticed = timezone.now() - timedelta(days=2)
    Correction.objects.update(created_at=noticed)
    (row,) = queries_corrections.of_event(event, noticed + timedelta(days=1))
    assert row.became == "waits for an editor"
    (row,) = queries_corrections.of_event(event)
    assert row.became == "kept as it was"


def test_what_concerns_only_proposals_is_the_desk_s_business(first, event):
    quoted(
        event, make.version(SECOND), "Oil prices rose in early trading.", standing=Standing.PROPOSED
    )
    Article.objects.exclude(pk=first.article_id).update(
        retracted_at=timezone.now(), retraction_note="x"
    )
    spread()
    assert Correction.objects.get().quiet
    assert queries_corrections.of_event(event) == []


def test_the_page_costs_the_same_however_many_sources_changed(client, event):
    def costs():
        with CaptureQueriesContext(connection) as queries:
            page(client, event)
        return len(queries)

    def lose():
        version = make.version(f"{FIRST} {Article.objects.count()}")
        quoted(event, version)
        Article.objects.update(gone_at=timezone.now())
        spread()

    lose()
    one = costs()
    lose()
    lose()
    assert costs() == one
