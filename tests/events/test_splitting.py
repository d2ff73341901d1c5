"""Taking one event apart, and attaching a proposal to a known one: nothing is lost, and it can be undone."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import User
from apps.core import history
from apps.core.models import Change
from apps.events import curate
from apps.events.curate import CurateError
from apps.events.models import Decision, DeskItem, Event, Standing
from tests.events import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make.editor()


def at(day):
    return datetime(2020, 1, day, tzinfo=UTC)


def two_reports(published=True, **fields):
    """An event with two reports, the second on the 20th, each with a claim."""
    event = make.event(initiators=("ir-gov",), first_public_at=at(9), **fields)
    standing = Standing.PUBLISHED if published else Standing.PROPOSED
    first = make.cited(event, "https://example.org/1", known_at=at(9), standing=standing)
    second = make.cited(event, "https://example.org/2", known_at=at(20), standing=standing)
    make.claim(event, number=1, evidence=first, standing=standing)
    make.claim(event, number=5, evidence=second, standing=standing)
    if published:
        Event.objects.filter(pk=event.pk).update(status="published")
        event.refresh_from_db()
    return event, first, second


def test_a_split_moves_evidence_with_its_claims_and_copies_the_rest(by):
    event, first, second = two_reports()
    new = curate.split(event, evidence=[second.pk], by=by, reason="two attacks")
    assert (new.status, new.title, new.start) == (event.status, event.title, event.start)
    assert new.public_id != event.public_id
    assert [part.actor.slug for part in new.participations.all()] == ["ir-gov"]
    assert (list(event.evidence.all()), list(new.evidence.all())) == ([first], [second])
    assert (event.killed, new.killed) == (1, 5)
    taken, begun = event.decisions.get(), new.decisions.get()
    assert (begun.action, begun.after["split_from"]) == ("split", event.public_id)
    assert (taken.action, taken.reason, taken.after["split"]) == (
        "split",
        "two attacks",
        new.public_id,
    )


def test_each_is_known_since_its_own_first_report(by):
    event, first, second = two_reports()
    new = curate.split(event, evidence=[second.pk], by=by, reason="two attacks")
    assert (event.first_public_at, new.first_public_at) == (at(9), at(20))
    event, first, second = two_reports()
    new = curate.split(event, evidence=[first.pk], by=by, reason="two attacks")
    assert (event.first_public_at, new.first_public_at) == (at(20), at(9))


def test_claims_may_be_moved_alone_and_lose_the_sentence_that_stays(by):
    event, first, second = two_reports()
    claim = first.claims.get()
    new = curate.split(event, evidence=[second.pk], claims=[claim.pk], by=by, reason="two attacks")
    claim.refresh_from_db()
    assert (claim.event, claim.evidence) == (new, None)
    assert new.claims.count() == 2


def test_a_proposal_splits_into_two_proposals_that_wait(by):
    event, _, second = two_reports(published=False)
    new = curate.split(event, evidence=[second.pk], by=by, reason="two attacks")
    assert new.status == Event.Status.PROPOSED
    assert set(DeskItem.objects.values_list("event", "evidence_waiting", "claims_waiting")) == {
        (event.pk, 1, 1),
        (new.pk, 1, 1),
    }


def test_a_split_is_undone_as_a_whole(by):
    event, first, second = two_reports()
    new = curate.split(event, evidence=[second.pk], by=by, reason="two attacks")
    group = event.decisions.get().group
    curate.undo(group, by=User.objects.create_superuser("chief"))
    new.refresh_from_db()
    assert (new.status, new.merged_into) == ("merged", event)  # its number is never given again
    assert not new.evidence.exists()
    assert set(event.evidence.all()) == {first, second}
    assert event.claims.count() == 2
    event.refresh_from_db()
    assert event.killed == 5
    assert not DeskItem.objects.exists()


@pytest.mark.parametrize("which", ["all", "none", "other", "contradiction"])
def test_both_keep_evidence_that_supports_them(by, which):
    event, first, second = two_reports()
    third = make.cited(event, "https://example.org/3", standing="published", stance="contradicts")
    chosen = {
        "all": [first.pk, second.pk],
        "none": [],
        "other": [make.cited(make.event()).pk],
        "contradiction": [third.pk],
    }[which]
    before = Change.objects.count()
    with pytest.raises(CurateError):
        curate.split(event, evidence=chosen, by=by, reason="two attacks")
    assert Change.objects.count() == before
    assert event.evidence.count() == 3


def test_a_published_half_keeps_published_evidence(by):
    event, _, _ = two_reports()
    waiting = make.cited(event, "https://example.org/3")
    with pytest.raises(CurateError, match="must keep evidence that supports them, published"):
        curate.split(event, evidence=[waiting.pk], by=by, reason="two attacks")


def test_a_split_needs_a_reason_and_of_a_published_event_a_senior_editor(by):
    event, _, second = two_reports()
    with pytest.raises(CurateError, match="Give a reason"):
        curate.split(event, evidence=[second.pk], by=by, reason=" ")
    junior = User.objects.create_user("junior", is_staff=True)
    junior.user_permissions.add(*by.user_permissions.filter(codename="curate_event"))
    with pytest.raises(PermissionDenied):
        curate.split(event, evidence=[second.pk], by=junior, reason="two attacks")
    proposal, _, second = two_reports(published=False)
    assert curate.split(proposal, evidence=[second.pk], by=junior, reason="two attacks").pk


def test_what_was_rejected_or_merged_is_not_split(by):
    event, _, second = two_reports()
    curate.reject(event, by=by, reason="hoax")
    with pytest.raises(CurateError, match="reopen it first"):
        curate.split(event, evidence=[second.pk], by=by, reason="two attacks")


def test_an_attached_proposal_gives_its_evidence_and_claims_but_nobody_takes_part_by_it(by):
    known = make.published(targets=("us-gov",))
    proposal = make.event(initiators=("ir-gov",))
    row = make.cited(proposal, "https://example.org/new")
    claim = make.claim(proposal, number=4, evidence=row)
    curate.attach(proposal, to=known, by=by)
    row.refresh_from_db()
    claim.refresh_from_db()
    assert (row.event, row.standing) == (known, Standing.PUBLISHED)
    assert (claim.event, claim.standing) == (known, Standing.PUBLISHED)
    assert [part.actor.slug for part in known.participations.all()] == ["us-gov"]
    assert (proposal.status, proposal.merged_into) == ("merged", known)
    assert known.killed == 4


def test_only_a_proposal_is_attached(by):
    with pytest.raises(CurateError, match="only a proposal is attached"):
        curate.attach(make.published(), to=make.published(), by=by)


def test_what_waits_on_a_published_event_is_accepted_or_refused_at_once(by):
    event = make.published()
    first, second = (make.cited(event, f"https://example.org/{n}") for n in "ab")
    orphan = make.claim(
        event, number=9, evidence=make.cited(event, standing="rejected", url="https://x.org")
    )
    make.claim(event, number=2, evidence=first)
    curate.accept_waiting(event, by=by)
    assert event.evidence.filter(standing="published").count() == 3
    orphan.refresh_from_db()
    assert orphan.standing == Standing.PROPOSED
    third = make.cited(event, "https://example.org/c")
    curate.refuse_waiting(event, by=by, reason="copies")
    third.refresh_from_db()
    second.refresh_from_db()
    assert (third.standing, second.standing) == ("rejected", "published")
    assert list(Decision.objects.values_list("action", flat=True)) == ["detach", "attach"]
    with pytest.raises(CurateError, match="Nothing waits"):
        curate.refuse_waiting(event, by=by, reason="again")
    with pytest.raises(CurateError, match="decided with the event itself"):
        curate.accept_waiting(make.event(), by=by)


def test_no_decision_leaves_a_published_event_without_evidence(by):
    """Whatever is tried: curate refuses in words, and the database refuses what goes around curate."""
    event = make.published()
    only = event.evidence.get()
    with pytest.raises(CurateError, match="rests on this evidence alone"):
        curate.reject_evidence(only, by=by, reason="r")
    with pytest.raises(CurateError):
        curate.split(event, evidence=[only.pk], by=by, reason="r")
    for around in (
        lambda: event.evidence.update(standing=Standing.REJECTED),
        lambda: event.evidence.all().delete(),
        lambda: event.evidence.update(event=make.event()),
        lambda: Event.objects.filter(pk=make.event().pk).update(
            status="published", first_public_at=at(1)
        ),
    ):
        with pytest.raises(IntegrityError):
            at_once(around)
    assert event.evidence.get().standing == Standing.PUBLISHED


@transaction.atomic
def at_once(work):
    """Do it, and check what is checked at the end of a transaction."""
    work()
    connection.check_constraints()


def test_reverting_may_not_take_the_last_evidence_either(by):
    event = make.event()
    row = make.cited(event)
    curate.publish(event, by=by)
    published = Change.objects.filter(table="events_evidence", row_id=row.pk, op="U")
    with pytest.raises((history.HistoryError, IntegrityError)):
        at_once(lambda: history.revert(published))
    row.refresh_from_db()
    assert row.standing == Standing.PUBLISHED
