"""Deciding about a changed source: taken over, kept, removed; who may, what stays, and undoing it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import EDITORS
from apps.articles.models import Article
from apps.events import curate
from apps.events.curate import CurateError
from apps.events.derived import headlines
from apps.events.models import (
    Claim,
    Correction,
    Decision,
    DeskItem,
    Event,
    Evidence,
    Link,
    Standing,
)
from apps.events.snapshot import difference
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
REASON = "as the article says now"


@pytest.fixture
def by():
    user = make.editor()
    user.groups.add(Group.objects.get(name=EDITORS))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def first():
    return make.version(FIRST)


@pytest.fixture
def event():
    return make.published(targets=("usa",))


@pytest.fixture
def evidence(event, first):
    return quoted(event, first)


@pytest.fixture
def claim(event, evidence):
    return make.claim(
        event, "wounded", number=11, value="11", speaker="pentagon", evidence=evidence,
        known_at=evidence.known_at, **PUBLISHED,
    )  # fmt: skip


@pytest.fixture
def correction(first, event, evidence, claim):
    """The article says 34 now, and the machine read it."""
    annotation = read(next_version(first.article, SECOND))
    make.claim_candidate(
        annotation, None, TOLD_NOW, speaker="pentagon", act="asserts", field="wounded", value="34"
    )
    curate.refresh_headline(event)
    spread()
    return Correction.objects.get()


@pytest.fixture
def retracted(first, event, evidence, claim):
    """The article was retracted."""
    Article.objects.update(retracted_at=timezone.now(), retraction_note="Retracted: errors")
    spread()
    return Correction.objects.get()


# --- taking it over --------------------------------------------------------------------------


def test_the_new_sentence_and_the_new_figure_take_the_old_ones_place(
    correction, event, evidence, claim, by
):
    decision = curate.take_over(correction, by=by, reason=REASON)
    new = event.evidence.get(quote=TOLD_NOW)
    assert (new.standing, new.article_version.number, new.known_at) == (
        Standing.PUBLISHED,
        2,
        FETCHED,
    )
    assert new.article_version.text[new.start : new.end] == TOLD_NOW
    evidence.refresh_from_db()
    assert (evidence.replaced_by, evidence.standing) == (new, Standing.PUBLISHED)
    answer = event.claims.get(number=34)
    assert (answer.answers, answer.speaker, answer.act) == (claim, claim.speaker, claim.act)
    assert (answer.evidence, answer.known_at, answer.standing) == (new, FETCHED, Standing.PUBLISHED)
    event.refresh_from_db()
    assert event.wounded == 34
    assert decision.action == Decision.Action.CORRECT
    correction.refresh_from_db()
    assert (correction.outcome, correction.decided_by) == (Outcome.TAKEN_OVER, by)
    assert not DeskItem.objects.filter(event=event).exists()


def test_as_of_the_day_before_the_old_figure_stands(correction, event, by):
    curate.take_over(correction, by=by, reason=REASON)
    events = Event.objects.filter(pk=event.pk)
    before = headlines(events, FETCHED - timedelta(minutes=1))[event.pk]
    assert before.wounded.value == 11
    assert headlines(events, FETCHED)[event.pk].wounded.value == 34
    assert (
        not Evidence.objects.as_of(FETCHED - timedelta(minutes=1)).filter(quote=TOLD_NOW).exists()
    )


def test_the_decision_can_be_read(correction, by):
    decision = curate.take_over(correction, by=by, reason=REASON)
    told = {what: now for what, _, now in difference(decision.before, decision.after)}
    assert told["correction was"] == TOLD
    assert told["correction now"] == TOLD_NOW
    assert told["correction outcome"] == "the new wording was taken over"
    assert told["wounded"] == "34"


def test_what_the_machine_proposed_from_the_new_version_is_used_not_doubled(
    first, event, evidence, claim, by
):
    version = next_version(first.article, SECOND)
    read(version)
    proposed = quoted(event, version, TOLD_NOW, standing=Standing.PROPOSED)
    said = make.claim(
        event, "wounded", number=34, value="34", speaker="pentagon", evidence=proposed
    )
    spread()
    curate.take_over(Correction.objects.get(), by=by, reason=REASON)
    assert list(event.evidence.filter(article_version=version)) == [proposed]
    said.refresh_from_db()
    assert (said.standing, said.answers) == (Standing.PUBLISHED, claim)
    assert event.claims.filter(number=34).count() == 1


def test_the_editor_s_value_counts_more_than_the_machine_s(correction, event, claim, by):
    curate.take_over(correction, values={claim.pk: "1,034"}, by=by, reason=REASON)
    event.refresh_from_db()
    assert event.wounded == 1034


@pytest.mark.parametrize("wrong", ["many", "-3", "", "3.5", "99999999999", "٣"])
def test_a_toll_is_a_number(correction, event, claim, by, wrong):
    with pytest.raises(CurateError, match="is no number of wounded"):
        curate.take_over(correction, values={claim.pk: wrong}, by=by, reason=REASON)
    assert event.evidence.filter(quote=TOLD_NOW).count() == 0


def test_where_the_machine_read_nothing_the_editor_must_say(first, event, evidence, claim, by):
    read(next_version(first.article, SECOND))
    spread()
    row = Correction.objects.get()
    with pytest.raises(CurateError, match="say what it gives, or that it gives nothing"):
        curate.take_over(row, by=by, reason=REASON)
    curate.take_over(row, values={claim.pk: "34"}, by=by, reason=REASON)
    assert event.claims.filter(number=34).exists()


def test_a_report_s_own_figure_that_it_gives_no_more_is_taken_back(first, event, evidence, by):
    source = Source.objects.create(slug="news", name="News")
    own = make.claim(
        event, "wounded", number=11, source=source, speaker_text="", evidence=evidence, **PUBLISHED
    )
    read(next_version(first.article, SECOND))
    spread()
    curate.take_over(Correction.objects.get(), values={own.pk: None}, by=by, reason=REASON)
    answer = event.claims.get(answers=own)
    assert (answer.act, answer.number) == (Claim.Act.RETRACTS, None)
    event.refresh_from_db()
    assert event.wounded is None


def test_what_a_report_no_longer_quotes_its_speaker_did_not_take_back(correction, event, claim, by):
    curate.take_over(correction, values={claim.pk: None}, by=by, reason=REASON)
    assert list(event.claims.all()) == [claim]
    event.refresh_from_db()
    assert event.wounded == 11


def test_without_a_new_wording_there_is_nothing_to_take_over(retracted, by):
    with pytest.raises(CurateError, match="no new wording"):
        curate.take_over(retracted, by=by, reason=REASON)


def test_a_third_version_is_held_against_the_second_wording(correction, first, event, by):
    curate.take_over(correction, by=by, reason=REASON)
    read(next_version(first.article, SECOND.replace("34", "50"), FETCHED + timedelta(days=1)))
    spread()
    row = Correction.objects.open().get()
    assert row.evidence.quote == TOLD_NOW
    curate.take_over(row, values={row.claims.get().pk: "50"}, by=by, reason=REASON)
    event.refresh_from_db()
    assert event.wounded == 50


# --- keeping and removing --------------------------------------------------------------------


def test_kept_with_a_reason_everything_stays(correction, event, claim, by):
    with pytest.raises(CurateError, match="Give a reason"):
        curate.keep(correction, by=by, reason=" ")
    curate.keep(correction, by=by, reason="the first count of that day")
    claim.refresh_from_db()
    event.refresh_from_db()
    assert (claim.standing, event.wounded, event.evidence.count()) == (Standing.PUBLISHED, 11, 2)
    assert Correction.objects.get().outcome == Outcome.KEPT


def test_removed_what_rests_on_it_falls_with_it(retracted, event, evidence, claim, by):
    link = Link.objects.create(
        source=event, target=make.published(), kind="responds_to", evidence=evidence, **PUBLISHED
    )
    curate.remove(retracted, by=by, reason="taken back by its publisher")
    for row in (evidence, claim, link):
        row.refresh_from_db()
        assert row.standing == Standing.REJECTED
    event.refresh_from_db()
    assert event.wounded is None
    assert event.evidence.filter(standing=Standing.PUBLISHED).count() == 1


def test_the_wordings_that_were_replaced_before_fall_too(correction, first, event, claim, by):
    curate.take_over(correction, by=by, reason=REASON)
    Article.objects.update(retracted_at=timezone.now(), retraction_note="x")
    spread()
    curate.remove(Correction.objects.open().get(), by=by, reason="taken back")
    assert set(event.claims.values_list("standing", flat=True)) == {Standing.REJECTED}
    assert event.evidence.filter(standing=Standing.REJECTED).count() == 2


@pytest.mark.parametrize("other", [None, "contradicts", "replaced"])
def test_a_published_event_keeps_its_last_support(retracted, event, evidence, claim, by, other):
    cited = event.evidence.exclude(pk=evidence.pk)
    if other == "contradicts":
        cited.update(stance=Evidence.Stance.CONTRADICTS)
    elif other == "replaced":
        cited.update(replaced_by=evidence)
    else:
        cited.delete()
    with pytest.raises(CurateError, match="attach other evidence first, or reject the event"):
        curate.remove(retracted, by=by, reason="taken back")
    claim.refresh_from_db()
    assert claim.standing == Standing.PUBLISHED
    assert Correction.objects.get().outcome == Outcome.OPEN


def test_one_decision_closes_what_waits_for_other_causes(correction, evidence, by):
    Article.objects.update(gone_at=timezone.now())
    spread()
    assert Correction.objects.open().count() == 2
    curate.take_over(correction, by=by, reason=REASON)
    assert set(Correction.objects.values_list("outcome", flat=True)) == {"taken_over", "moot"}


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("decide", [curate.keep, curate.remove, curate.take_over])
def test_who_may_not_decide_may_not_decide_this(correction, decide):
    with pytest.raises(PermissionDenied):
        decide(correction, by=User.objects.create_user("reader"), reason=REASON)


@pytest.mark.parametrize("decide", [curate.keep, curate.remove, curate.take_over])
def test_what_is_decided_is_decided(correction, by, decide):
    curate.keep(correction, by=by, reason="first")
    with pytest.raises(CurateError, match="decided already: kept as it was"):
        decide(correction, by=by, reason=REASON)


def test_nothing_is_decided_on_a_rejected_event(correction, event, by):
    curate.reject(event, by_label="review", reason="hoax")
    with pytest.raises(CurateError, match="reopen it first"):
        curate.keep(correction, by=by, reason=REASON)


def test_the_database_refuses_a_new_wording_that_the_version_does_not_say(correction):
    with pytest.raises(IntegrityError, match="but the text has"), transaction.atomic():
        Correction.objects.update(now="Nobody was wounded.")


# --- undoing ---------------------------------------------------------------------------------


def test_a_decision_is_undone_whole(correction, event, evidence, claim, by):
    decision = curate.take_over(correction, by=by, reason=REASON)
    curate.undo(decision.group, by=by, reason="a mistake")
    connection.check_constraints()
    correction.refresh_from_db()
    evidence.refresh_from_db()
    event.refresh_from_db()
    assert (correction.outcome, evidence.replaced_by, event.wounded) == (Outcome.OPEN, None, 11)
    assert list(event.claims.all()) == [claim]
    assert DeskItem.objects.get(event=event).corrections_waiting == 1


def test_removing_is_undone_whole(retracted, event, evidence, claim, by):
    decision = curate.remove(retracted, by=by, reason="taken back")
    curate.undo(decision.group, by=by, reason="a mistake")
    evidence.refresh_from_db()
    claim.refresh_from_db()
    assert (evidence.standing, claim.standing) == (Standing.PUBLISHED, Standing.PUBLISHED)
    assert Correction.objects.get().outcome == Outcome.OPEN
    assert evidence.quote == TOLD
