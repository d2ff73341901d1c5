"""A changed source reaches exactly the fields that rest on it."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.utils import timezone

from apps.articles.models import Article
from apps.core.stages import StageStatus
from apps.events import corrections, curate
from apps.events.models import (
    Claim,
    Correction,
    DeskItem,
    Event,
    Evidence,
    Link,
    SourceChange,
    Standing,
)
from apps.events.source_changes import notice
from apps.sources.models import Source
from tests.events import make
from tests.events.changing import (
    FETCHED,
    FIRST,
    SECOND,
    TOLD,
    TOLD_NOW,
    next_version,
    quoted,
    read,
    spread,
)

pytestmark = pytest.mark.django_db
Outcome = Correction.Outcome
PUBLISHED = {"standing": Standing.PUBLISHED}


@pytest.fixture
def first():
    """The first version of an article."""
    return make.version(FIRST)


@pytest.fixture
def event():
    return make.published(initiators=("iran",), targets=("usa",), place=make.place())


@pytest.fixture
def evidence(event, first):
    return quoted(event, first)


@pytest.fixture
def claim(event, evidence):
    return make.claim(
        event, "wounded", number=11, value="11", speaker="pentagon", evidence=evidence, **PUBLISHED
    )


def changed(first, text=SECOND):
    """A second version that the machine has read."""
    version = next_version(first.article, text)
    read(version)
    return version


# --- a new version ---------------------------------------------------------------------------


def test_a_changed_sentence_queues_what_rests_on_it_with_both_wordings(
    first, event, evidence, claim
):
    version = changed(first)
    (change,) = spread()
    assert (change.status, change.corrections, change.withdrawn) == (StageStatus.DONE, 1, 0)
    row = Correction.objects.get()
    assert (row.event, row.evidence, row.cause, row.outcome) == (
        event, evidence, "new_version", Outcome.OPEN,
    )  # fmt: skip
    assert (row.was, row.now, row.now_version) == (TOLD, TOLD_NOW, version)
    assert version.text[row.now_start : row.now_end] == TOLD_NOW
    assert row.fields == ["occurrence", "wounded"]
    assert list(row.claims.all()) == [claim]
    assert "Version 2" in row.detail


def test_it_waits_on_the_desk(first, event, evidence):
    changed(first)
    spread()
    assert DeskItem.objects.get(event=event).corrections_waiting == 1


def test_a_version_in_which_the_sentence_stands_queues_nothing(first, evidence, claim):
    changed(first, FIRST.replace("early trading", "late trading").replace("\n\n", "\n"))
    (change,) = spread()
    assert change.corrections == 0
    assert not Correction.objects.exists()


def test_a_sentence_that_was_taken_out_is_told_without_a_new_one(first, evidence):
    changed(first, FIRST.replace(TOLD, ""))
    spread()
    row = Correction.objects.get()
    assert (row.now, row.now_start, row.now_version.number) == ("", None, 2)


def test_only_the_evidence_concerned_is_queued(first, event, evidence):
    other = quoted(event, first, "Oil prices rose in early trading.")
    elsewhere = quoted(make.published(), make.version(FIRST))
    changed(first)
    spread()
    assert [row.evidence for row in Correction.objects.all()] == [evidence]
    assert not other.corrections.exists()
    assert not elsewhere.corrections.exists()


def test_doing_it_again_changes_nothing(first, evidence, claim):
    changed(first)
    spread()
    before = list(Correction.objects.values())
    assert spread() == []
    assert corrections.again(first.article) == 1
    assert len(spread()) == 1
    assert list(Correction.objects.values()) == before


def test_a_version_waits_until_the_machine_has_read_it(first, evidence):
    version = next_version(first.article, SECOND)
    assert spread() == []
    annotation = make.annotation(version)
    assert spread() == []
    make.assembly(annotation).record_done(timezone.now())
    assert len(spread()) == 1


def test_a_version_that_cannot_be_read_is_compared_all_the_same(first, evidence):
    annotation = make.annotation(next_version(first.article, SECOND))
    annotation._record(status=StageStatus.QUARANTINED)
    spread()
    assert Correction.objects.get().now == TOLD_NOW


def test_of_versions_that_come_together_only_the_newest_counts(first, evidence):
    next_version(first.article, SECOND)
    notice()
    changed(first, FIRST.replace(TOLD, "Fifty people were wounded at the base, the Pentagon said."))
    spread()
    assert "Fifty" in Correction.objects.get().now
    assert corrections.waiting().count() == 0


def test_another_wording_in_a_later_version_brings_the_open_correction_up_to_date(first, evidence):
    changed(first)
    spread()
    version = changed(first, FIRST.replace(TOLD, TOLD_NOW.replace("34", "50")))
    spread()
    row = Correction.objects.get()
    assert "50" in row.now
    assert row.now_version == version


def test_what_an_editor_kept_is_not_asked_again_for_the_same_wording(first, evidence):
    changed(first)
    spread()
    curate.keep(
        Correction.objects.get(), by=make.editor(), reason="the later count is another matter"
    )
    changed(first, f"{SECOND}\n\nMore was said.")
    spread()
    assert Correction.objects.get().outcome == Outcome.KEPT


def test_a_later_version_that_restores_the_wording_closes_the_correction(first, event, evidence):
    changed(first)
    spread()
    changed(first, f"{FIRST}\n\nMore was said.")
    spread()
    row = Correction.objects.get()
    assert (row.outcome, row.decided_by) == (Outcome.MOOT, None)
    assert not DeskItem.objects.filter(event=event).exists()


def test_a_wording_that_comes_back_after_that_is_queued_again(first, evidence):
    for text in (SECOND, f"{FIRST} ", f"{SECOND} "):
        changed(first, text)
        spread()
    assert Correction.objects.get().outcome == Outcome.OPEN


def test_evidence_that_arrives_late_on_the_old_text_is_compared_too(first, event):
    changed(first)
    spread()
    quoted(event, first)
    assert spread() == []
    corrections.again(first.article)
    spread()
    assert Correction.objects.get().now == TOLD_NOW


def test_a_failure_is_told_and_tried_again(first, evidence, monkeypatch):
    changed(first)
    notice()
    with monkeypatch.context() as broken:
        broken.setattr("apps.events.corrections.successor", lambda *_: 1 / 0)
        (row,) = corrections.waiting()
        assert corrections.propagate(row).status == StageStatus.FAILED
    assert "division by zero" in row.error
    assert not Correction.objects.exists()
    SourceChange.objects.update(next_try_at=timezone.now())
    spread()
    assert Correction.objects.count() == 1


# --- what rests on it ------------------------------------------------------------------------


def test_what_other_stories_carry_is_told_apart(event, first, evidence, claim):
    other = quoted(event, make.version(FIRST.replace("Oil", "Gold")))
    make.claim(event, "wounded", number=11, speaker="iran", evidence=other, **PUBLISHED)
    make.claim(event, "killed", number=2, speaker="pentagon", evidence=evidence, **PUBLISHED)
    changed(first)
    spread()
    row = Correction.objects.get()
    assert row.fields == ["occurrence", "killed", "wounded"]
    assert row.alone == ["killed"]


def test_another_figure_does_not_carry_a_figure(event, first, evidence, claim):
    other = quoted(event, make.version(FIRST.replace("Oil", "Gold")))
    make.claim(event, "wounded", number=12, speaker="iran", evidence=other, **PUBLISHED)
    changed(first)
    spread()
    assert Correction.objects.get().alone == ["wounded"]


def test_a_copy_carries_nothing_and_is_named_while_it_has_the_old_wording(
    event, first, evidence, claim
):
    Evidence.objects.filter(event=event, article_version=None).update(stance="mentions")
    copy = make.version(f"{FIRST} ")
    Article.objects.filter(pk=copy.article_id).update(story=first.article.story)
    copied = quoted(event, copy)
    make.claim(event, "wounded", number=11, speaker="pentagon", evidence=copied, **PUBLISHED)
    changed(first)
    spread()
    row = Correction.objects.get()
    assert row.alone == ["occurrence", "wounded"]
    assert corrections.copies_still(row) == [copy.article]
    changed(copy, SECOND)
    assert corrections.copies_still(row) == []


def test_the_fields_that_the_machine_read_there_rest_on_it(event, first):
    annotation = make.annotation(first)
    coded = {"place": "baghdad", "initiators": ["iran"], "targets": ["israel"]}
    distinct = make.story_event(annotation, TOLD, date_from=event.start, **coded)
    quoted(event, first, candidate=distinct.mentions.get())
    changed(first)
    spread()
    row = Correction.objects.get()
    assert row.fields == ["occurrence", "type", "date", "place", "initiators"]
    assert row.alone == [], "a dossier's cited source carries the whole event"


def test_a_mention_or_contradiction_does_not_carry_the_event(event, first):
    quoted(event, first, stance="mentions")
    changed(first)
    spread()
    assert Correction.objects.get().fields == []


def test_links_that_were_read_there_rest_on_it(event, first, evidence):
    Link.objects.create(
        source=event, target=make.published(), kind="responds_to", evidence=evidence, **PUBLISHED
    )
    changed(first)
    spread()
    row = Correction.objects.get()
    assert "links" in row.fields
    assert "links" in row.alone


# --- what the new version gives --------------------------------------------------------------


def test_the_new_value_is_what_the_machine_attached_from_the_new_version(
    first, event, evidence, claim
):
    version = changed(first)
    proposed = quoted(event, version, TOLD_NOW, standing=Standing.PROPOSED)
    make.claim(event, "wounded", number=34, value="34", speaker="pentagon", evidence=proposed)
    spread()
    assert Correction.objects.get().changes == [
        {"field": "wounded", "claim": claim.pk, "was": "11", "now": "34"}
    ]


def test_else_what_it_read_said_there(first, evidence, claim):
    annotation = read(next_version(first.article, SECOND))
    make.claim_candidate(
        annotation, None, TOLD_NOW, speaker="pentagon", act="asserts", field="wounded", value="34"
    )
    spread()
    assert Correction.objects.get().changes[0]["now"] == "34"


def test_a_report_s_own_figure_is_what_it_coded_there(first, event, evidence):
    source = Source.objects.create(slug="news", name="News")
    claim = make.claim(
        event, "wounded", number=11, source=source, speaker_text="", evidence=evidence, **PUBLISHED
    )
    annotation = read(next_version(first.article, SECOND))
    make.story_event(annotation, TOLD_NOW, wounded=34)
    spread()
    assert Correction.objects.get().changes == [
        {"field": "wounded", "claim": claim.pk, "was": "11", "now": "34"}
    ]


def test_what_it_did_not_read_is_told_as_unknown(first, evidence, claim):
    changed(first)
    spread()
    assert Correction.objects.get().changes[0]["now"] is None


def test_own_fields_that_read_otherwise_now_are_shown(first, event):
    before = make.story_event(make.annotation(first), TOLD, date_from=event.start, place="baghdad")
    quoted(event, first, candidate=before.mentions.get())
    annotation = read(next_version(first.article, SECOND))
    make.story_event(annotation, TOLD_NOW, date_from=date(2020, 1, 9), place="baghdad")
    spread()
    assert Correction.objects.get().changes == [
        {"field": "date", "claim": None, "was": "2020-01-08", "now": "2020-01-09"}
    ]


# --- retraction, empty address, rating -------------------------------------------------------


def set_article(version, **values):
    Article.objects.filter(pk=version.article_id).update(**values)


@pytest.mark.parametrize(("column", "cause"), [("retracted_at", "retracted"), ("gone_at", "gone")])
def test_what_rests_on_a_lost_article_is_queued_once_until_it_is_back(
    first, event, evidence, claim, column, cause
):
    set_article(first, **{column: timezone.now()})
    spread()
    spread()
    row = Correction.objects.get()
    assert (row.cause, row.was, row.now, row.now_version) == (cause, TOLD, "", None)
    assert row.fields == ["occurrence", "wounded"]
    set_article(first, **{column: None})
    spread()
    row.refresh_from_db()
    assert row.outcome == Outcome.MOOT
    assert not DeskItem.objects.filter(event=event).exists()
    set_article(first, **{column: timezone.now()})
    spread()
    row.refresh_from_db()
    assert row.outcome == Outcome.OPEN


def test_what_an_editor_kept_of_a_lost_article_stays_kept(first, evidence):
    for at in (FETCHED, None, timezone.now()):
        set_article(first, gone_at=at)
        spread()
        for row in Correction.objects.open():
            curate.keep(row, by=make.editor(), reason="a copy is in the archive")
    assert Correction.objects.get().outcome == Outcome.KEPT


def test_a_source_that_cites_the_lost_article_by_its_address_is_concerned_too(first):
    event = make.published()
    cited = make.cited(event, first.article.url, **PUBLISHED)
    set_article(first, retracted_at=timezone.now(), retraction_note="Retracted: errors")
    spread()
    row = Correction.objects.get()
    assert row.evidence == cited
    assert row.detail == "Retracted: errors"


@pytest.fixture
def source(first):
    source = Source.objects.create(slug="n", name="N", domain="news.example", reliability="B")
    set_article(first, source=source)
    return source


def test_a_lowered_rating_queues_what_rests_on_the_source(source, event, evidence, claim):
    elsewhere = make.cited(event, "https://www.news.example/1", **PUBLISHED)
    make.cited(event, "https://othernews.example/1", **PUBLISHED)
    source.reliability = "D"
    source.save()
    spread()
    spread()
    rows = Correction.objects.order_by("evidence")
    assert [row.evidence for row in rows] == [evidence, elsewhere]
    assert {row.detail for row in rows} == {"N was rated B, now D."}
    assert rows[0].fields == ["occurrence", "wounded"]


@pytest.mark.parametrize("way", ["bulk", "sql"])
def test_a_rating_lowered_in_bulk_or_in_sql_is_found_too(source, evidence, way):
    if way == "bulk":
        Source.objects.filter(pk=source.pk).update(reliability="C")
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sources_source SET reliability = 'C'")
    spread()
    assert Correction.objects.get().cause == "rating"


@pytest.mark.parametrize(("before", "after"), [("B", "A"), ("F", "C"), ("D", "F"), ("E", "D")])
def test_a_raised_rating_queues_nothing(source, evidence, before, after):
    Source.objects.update(reliability=before)
    spread()
    Correction.objects.all().delete()
    Source.objects.update(reliability=after)
    assert spread() == []


@pytest.mark.parametrize(("before", "after"), [("C", "F"), ("F", "D"), ("F", "E"), ("A", "B")])
def test_who_cannot_be_judged_is_trusted_less_than_fairly_and_more_than_not_usually(
    source, evidence, before, after
):
    Source.objects.update(reliability=before)
    spread()
    Correction.objects.all().delete()
    Source.objects.update(reliability=after)
    assert [change.corrections for change in spread()] == [1]


def test_other_changes_of_a_source_are_none(source, evidence):
    Source.objects.update(name="New name", notes="x")
    assert spread() == []


def test_a_rating_raised_again_closes_what_waits(source, evidence):
    for letter in ("D", "B"):
        Source.objects.update(reliability=letter)
        spread()
    assert Correction.objects.get().outcome == Outcome.MOOT


def test_a_rating_that_sinks_on_is_one_correction(source, evidence):
    for letter in ("C", "E"):
        Source.objects.update(reliability=letter)
        spread()
    assert Correction.objects.get().detail == "N was rated C, now E."


# --- what is only proposed -------------------------------------------------------------------


@pytest.fixture
def proposal(first):
    """An event that the machine proposed from the article, with one sentence and one claim."""
    row = make.event()
    evidence = quoted(row, first, standing=Standing.PROPOSED)
    make.claim(row, "wounded", number=11, value="11", speaker="pentagon", evidence=evidence)
    curate.propose(row, by_label="pipeline 1", reason="new")
    return row


def test_a_proposal_moves_to_the_new_wording_by_itself(first, proposal):
    annotation = read(next_version(first.article, SECOND))
    make.claim_candidate(
        annotation, None, TOLD_NOW, speaker="pentagon", act="asserts", field="wounded", value="34"
    )
    (change,) = spread()
    assert (change.corrections, change.withdrawn) == (0, 1)
    evidence = proposal.evidence.get()
    assert (evidence.standing, evidence.quote) == (Standing.PROPOSED, TOLD_NOW)
    assert evidence.known_at == FETCHED
    claim = proposal.claims.get()
    assert (claim.standing, claim.number, claim.known_at) == (Standing.PROPOSED, 34, FETCHED)
    assert not Correction.objects.open().exists()
    assert proposal.decisions.first().by_label == corrections.WHO


def test_a_proposal_whose_claim_is_not_told_any_more_loses_the_claim(first, proposal):
    changed(first)
    spread()
    assert proposal.evidence.get().standing == Standing.PROPOSED
    assert proposal.claims.get().standing == Standing.REJECTED


def test_a_proposal_gives_way_to_what_the_machine_attached_from_the_new_version(first, proposal):
    version = changed(first)
    newer = quoted(proposal, version, TOLD_NOW, standing=Standing.PROPOSED)
    spread()
    assert list(proposal.evidence.exclude(standing=Standing.REJECTED)) == [newer]
    proposal.refresh_from_db()
    assert proposal.status == Event.Status.PROPOSED


@pytest.mark.parametrize("how", ["taken out", "retracted"])
def test_a_proposal_that_its_article_took_back_is_withdrawn_and_returns_with_it(
    first, proposal, how
):
    if how == "retracted":
        set_article(first, retracted_at=timezone.now(), retraction_note="x")
    else:
        changed(first, FIRST.replace(TOLD, ""))
    spread()
    proposal.refresh_from_db()
    assert proposal.status == Event.Status.REJECTED
    assert proposal.settled_at is None, "no editor rejected it"
    assert proposal.evidence.get().standing == Standing.REJECTED
    if how == "retracted":
        set_article(first, retracted_at=None, retraction_note="")
    else:
        changed(first, FIRST)
    spread()
    proposal.refresh_from_db()
    assert proposal.status == Event.Status.PROPOSED
    assert proposal.evidence.get().standing == Standing.PROPOSED
    assert proposal.claims.get().standing == Standing.PROPOSED
    spread()
    assert Correction.objects.get().outcome == Outcome.MOOT


def test_what_an_editor_rejected_since_does_not_return(first, proposal):
    changed(first, FIRST.replace(TOLD, ""))
    spread()
    editor = make.editor()
    curate.reopen(Event.objects.get(pk=proposal.pk), by=editor, reason="let me see")
    curate.reject(Event.objects.get(pk=proposal.pk), by=editor, reason="no event at all")
    changed(first, FIRST)
    spread()
    proposal.refresh_from_db()
    assert proposal.status == Event.Status.REJECTED


def test_a_proposal_that_an_editor_worked_on_is_asked_about(first, proposal):
    curate.edited(proposal, before={}, by=make.editor(), reason="better title")
    changed(first)
    spread()
    assert Correction.objects.get().outcome == Outcome.OPEN
    assert proposal.evidence.get().quote == TOLD


def test_an_empty_address_or_a_rating_says_nothing_about_a_proposal(first, proposal, source):
    set_article(first, gone_at=timezone.now())
    Source.objects.update(reliability="E")
    spread()
    assert not Correction.objects.exists()
    assert proposal.evidence.get().standing == Standing.PROPOSED


# --- merging, and what falls otherwise -------------------------------------------------------


def test_a_correction_goes_where_its_evidence_goes(first, event, evidence):
    changed(first)
    spread()
    into = make.published()
    curate.merge(event, into=into, by=make.editor(), reason="the same")
    assert Correction.objects.get().event == into


def test_a_correction_whose_evidence_was_rejected_meanwhile_is_closed(first, event, evidence):
    changed(first)
    spread()
    curate.reject_evidence(evidence, by=make.editor(), reason="wrong event")
    spread()
    assert Correction.objects.get().outcome == Outcome.MOOT


def test_readers_hear_of_corrections_of_public_events_and_not_before_they_were_noticed(
    first, event, evidence, proposal
):
    changed(first)
    spread()
    shown = Correction.objects.as_of(None)
    assert [row.event for row in shown] == [event]
    assert not Correction.objects.as_of(datetime(2020, 12, 1, tzinfo=UTC)).exists()
    assert Correction.objects.as_of(timezone.now()).count() == 1


def test_looking_for_changes_costs_the_same_however_many_articles_there_are(
    first, evidence, django_assert_num_queries
):
    spread()
    with django_assert_num_queries(6):
        notice()
    for number in range(3):
        read(next_version(make.version(f"{FIRST} {number}").article, SECOND))
    spread()
    assert SourceChange.objects.count() == 3
    with django_assert_num_queries(6):
        notice()


def test_claims_of_a_correction_are_those_that_rest_on_it(first, event, evidence, claim):
    make.claim(event, "killed", number=1, speaker="iran", **PUBLISHED)
    rejected = make.claim(event, "killed", number=3, evidence=evidence, standing=Standing.REJECTED)
    changed(first)
    spread()
    assert list(Correction.objects.get().claims.all()) == [claim]
    assert isinstance(rejected, Claim)
