"""A decision is taken back whole, by whom it may be, and not over what others did since."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS, OPERATORS, SENIOR_EDITORS
from apps.actors.models import Actor, Alias
from apps.core import history
from apps.core.models import Change
from apps.events import curate, undoing
from apps.events.curate import CurateError
from apps.events.models import Claim, Decision, DeskItem, Event, Evidence, Link, Standing
from apps.events.snapshot import snapshot
from apps.sources.models import Source
from apps.timelines.queries.events import history_of
from tests.events import make
from tests.factories import make_timeline

pytestmark = pytest.mark.django_db


def person(role=SENIOR_EDITORS, name=""):
    user = User.objects.create_user(name or f"user-{User.objects.count()}", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def anna():
    return person(name="anna")


@pytest.fixture
def ben():
    return person(name="ben")


def proposal(**fields):
    event = make.event(**fields)
    make.cited(event, f"https://example.org/{event.public_id}")
    make.claim(event, "killed", number=3)
    return event


def derived(*events):
    for event in events:
        curate.refresh_headline(event)


def state(*events):
    """What is kept about the events."""
    return [snapshot(Event.objects.get(pk=event.pk)) for event in events]


# --- whole decisions -----------------------------------------------------------------------------


def test_a_published_event_is_a_proposal_again_with_its_evidence_and_claims(anna):
    event = proposal()
    before = state(event)
    curate.publish(event, by=anna)
    curate.undo(Decision.objects.get().group, by=anna, reason="wrong key")
    assert state(event) == before
    assert not Event.objects.public().exists()
    assert event.evidence.get().standing == Standing.PROPOSED


def test_the_taking_back_is_a_decision_with_who_why_before_and_after(anna):
    event = proposal()
    published = curate.publish(event, by=anna)
    (decision,) = curate.undo(published.group, by=anna, reason="wrong key")
    assert (decision.action, decision.by, decision.reason) == ("undo", anna, "wrong key")
    assert decision.undoes == published.group
    assert (decision.before["status"], decision.after["status"]) == ("published", "proposed")
    rows = Change.objects.filter(group=decision.group)
    assert {(c.user, c.why) for c in rows} == {(anna, "wrong key")}


def test_headline_desk_and_severity_follow(anna):
    event = make.published()
    claim = make.claim(event, "killed", number=5)
    published = curate.publish_claim(claim, by=anna)
    event.refresh_from_db()
    assert event.killed == 5
    assert not DeskItem.objects.filter(event=event).exists()
    Event.objects.update(stale=False)
    curate.undo(published.group, by=anna)
    event.refresh_from_db()
    assert (event.killed, event.stale) == (None, True)
    assert DeskItem.objects.get(event=event).claims_waiting == 1


def test_a_rejection_with_all_that_fell_with_it(anna):
    event = make.published()
    extra = make.cited(event, "https://example.org/b", standing=Standing.PUBLISHED)
    make.claim(event, "killed", number=5, evidence=extra, standing=Standing.PUBLISHED)
    derived(event)
    before = state(event)
    rejected = curate.reject_evidence(extra, by=anna, reason="another attack")
    assert not event.claims.filter(standing=Standing.PUBLISHED).exists()
    curate.undo(rejected.group, by=anna)
    assert state(event) == before


def full_pair():
    """Two events that share evidence and participants, and are linked."""
    one = make.published("T-ONE", initiators=("iran",), targets=("us-mil",))
    two = make.published("T-TWO", initiators=("iran",), targets=("iraq-gov",))
    shared = make.cited(two, "https://example.org/both", standing=Standing.PUBLISHED)
    kept = make.cited(one, "https://example.org/both")
    make.claim(two, "killed", number=5, evidence=shared, standing=Standing.PUBLISHED)
    make.claim(two, "wounded", number=2)
    make.claim(one, "killed", number=3, evidence=kept)
    Link.objects.create(source=two, target=one, kind="part_of")
    Link.objects.create(source=make.published("T-OLD"), target=two, kind="responds_to")
    derived(one, two)
    return one, two


def test_a_merge_is_taken_back_with_everything_that_moved_or_was_dropped(anna):
    one, two = full_pair()
    before = state(one, two)
    links = set(Link.objects.values_list("pk", "source", "target"))
    merged = curate.merge(two, into=one, by=anna, reason="the same strike")
    assert state(one, two) != before
    decisions = curate.undo(merged.group, by=anna, reason="two strikes")
    assert state(one, two) == before
    assert set(Link.objects.values_list("pk", "source", "target")) == links
    assert {d.event for d in decisions} >= {one, two}


def test_taking_back_can_be_taken_back_again_and_again(anna):
    one, two = full_pair()
    apart = state(one, two)
    group = curate.merge(two, into=one, by=anna, reason="the same strike").group
    together = state(one, two)
    for wanted in (apart, together, apart, together):
        group = curate.undo(group, by=anna)[0].group
        assert state(one, two) == wanted


def test_a_split_is_taken_back_and_the_new_number_leads_to_the_old_event(anna):
    event = make.published(initiators=("iran",))
    other = make.cited(event, "https://example.org/b", standing=Standing.PUBLISHED)
    make.claim(event, "killed", number=4, evidence=other, standing=Standing.PUBLISHED)
    derived(event)
    before = state(event)
    new = curate.split(event, evidence=[other.pk], by=anna, reason="two strikes")
    group = Decision.objects.filter(action="split").first().group
    curate.undo(group, by=anna, reason="one strike after all")
    new.refresh_from_db()
    assert state(event) == before
    assert (new.status, new.merged_into) == (Event.Status.MERGED, event)
    assert not new.evidence.exists()
    # and the split can be had again
    curate.undo(Decision.objects.filter(action="undo").first().group, by=anna)
    new.refresh_from_db()
    assert (new.status, new.evidence.get()) == (Event.Status.PUBLISHED, other)


def test_a_split_event_that_somebody_worked_on_is_not_taken_back(anna, ben):
    event = make.published()
    other = make.cited(event, "https://example.org/b", standing=Standing.PUBLISHED)
    new = curate.split(event, evidence=[other.pk], by=anna, reason="two strikes")
    with transaction.atomic(), history.noted(user=ben):
        make.cited(new, "https://example.org/c")
    with pytest.raises(CurateError, match=r"worked on since, by ben on .*evidence"):
        curate.undo(Decision.objects.filter(action="split").first().group, by=anna)


def test_an_event_that_an_editor_added_is_rejected_and_keeps_what_came_with_it(anna):
    with transaction.atomic(), history.noted(user=anna) as group:
        event = proposal()
        curate.propose(event, by=anna)
    curate.undo(group, by=anna, reason="a mistake")
    event.refresh_from_db()
    assert event.status == Event.Status.REJECTED
    assert event.evidence.count() == 1


def test_a_reopened_event_is_rejected_again(anna):
    event = proposal()
    curate.reject(event, by=anna, reason="no")
    group = curate.reopen(event, by=anna).group
    curate.undo(group, by=anna)
    event.refresh_from_db()
    assert event.status == Event.Status.REJECTED


def test_many_decisions_of_one_request_are_taken_back_together(anna):
    events = [proposal(start=date(2020, 1, day)) for day in (1, 2, 3)]
    before = state(*events)
    with transaction.atomic(), history.noted(user=anna) as group:
        for event in events:
            curate.publish(event, by=anna)
    assert len(curate.undo(group, by=anna)) == 3
    assert state(*events) == before


def test_an_edit_of_an_actor_with_its_aliases_is_taken_back_without_any_event(anna):
    actor = make.actor("iran")
    with transaction.atomic(), history.noted(user=anna) as group:
        Actor.objects.update(name="Persia")
        Alias.objects.create(actor=actor, name="Iran")
    assert curate.undo(group, by=anna) == []
    assert Actor.objects.get().name == "Iran"
    assert not Alias.objects.exists()


def test_lists_of_a_timeline_are_taken_back(anna):
    timeline = make_timeline(actors=[make.actor("iran")])
    with transaction.atomic(), history.noted(user=anna) as group:
        timeline.actors.set([make.actor("iraq"), make.actor("us-mil")])
        timeline.title = "Another title"
        timeline.save()
    curate.undo(group, by=anna)
    timeline.refresh_from_db()
    assert [a.slug for a in timeline.actors.all()] == ["iran"]
    assert timeline.title != "Another title"


def test_a_slip_with_sql_is_taken_back(transactional_db):
    anna = person()
    events = [make.published(title=f"Strike {n}") for n in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET title = 'Oops'")
    group = Change.objects.first().group
    curate.undo(group, by=anna, reason="WHERE was missing")
    assert [e.title for e in Event.objects.order_by("pk")] == ["Strike 0", "Strike 1", "Strike 2"]
    assert len(events) == Decision.objects.filter(action="undo").count()


# --- what is refused -----------------------------------------------------------------------------


def test_what_was_changed_since_is_told_with_who_and_what_and_nothing_is_taken_back(anna, ben):
    event = proposal()
    published = curate.publish(event, by=anna)
    curate.reject(event, by=ben, reason="a hoax")
    with pytest.raises(CurateError, match=r"was changed since by ben on .* \(status\)"):
        curate.undo(published.group, by=anna)
    assert not Decision.objects.filter(action="undo").exists()
    assert event.evidence.get().standing == Standing.PUBLISHED


def test_a_load_is_not_taken_back(anna):
    event = proposal()
    Evidence.objects.update(origin="dossier")
    loaded = curate.load(event, by_label="Dossier loader")
    with pytest.raises(CurateError, match="files loaded"):
        curate.undo(loaded.group, by=anna)


def test_what_the_pipeline_did_is_not_taken_back(anna):
    with transaction.atomic(), history.noted(who="stage: assembly") as group:
        event = proposal()
        curate.propose(event, by_label="pipeline 7")
    with pytest.raises(CurateError, match="not of an editor"):
        curate.undo(group, by=anna)
    with transaction.atomic(), history.noted(who="stage: assembly") as group:
        make.cited(event, "https://example.org/attached")
    with pytest.raises(CurateError, match="stage: assembly"):
        curate.undo(group, by=anna)


def test_the_shipped_review_is_a_decision_that_can_be_taken_back(anna):
    event = make.published()
    claim = make.claim(event, "killed", number=5)
    reviewed = curate.publish_claim(claim, by_label="Dossier editors", reason="reviewed")
    curate.undo(reviewed.group, by=anna)
    claim.refresh_from_db()
    assert claim.standing == Standing.PROPOSED


@pytest.mark.parametrize("group", ["", "no such decision"])
def test_what_is_in_no_history_is_not_taken_back(anna, group):
    make.event()
    with pytest.raises(CurateError, match="nothing to take back"):
        curate.undo(group, by=anna)


def test_twice_is_told(anna):
    event = proposal()
    group = curate.publish(event, by=anna).group
    curate.undo(group, by=anna)
    with pytest.raises(CurateError, match="taken back already"):
        curate.undo(group, by=anna)


def test_a_published_event_keeps_evidence_that_supports_it(anna, ben):
    event = make.published()
    first = event.evidence.get()
    second = make.cited(event, "https://example.org/b")
    accepted = curate.publish_evidence(second, by=anna)
    curate.reject_evidence(first, by=ben, reason="another attack")
    with pytest.raises(CurateError, match="at least one published piece of evidence"):
        curate.undo(accepted.group, by=anna)
    second.refresh_from_db()
    assert second.standing == Standing.PUBLISHED


def test_a_contradiction_alone_does_not_keep_an_event(anna, ben):
    event = make.published()
    make.cited(event, "https://example.org/no", stance="contradicts", standing=Standing.PUBLISHED)
    second = make.cited(event, "https://example.org/b")
    accepted = curate.publish_evidence(second, by=anna)
    curate.reject_evidence(event.evidence.order_by("pk").first(), by=ben, reason="another attack")
    with pytest.raises(CurateError, match="rests on this evidence alone"):
        curate.undo(accepted.group, by=anna)


@pytest.mark.parametrize("role", [ANALYSTS, OPERATORS])
def test_who_may_not_decide_may_not_take_back(anna, role):
    group = curate.publish_claim(make.claim(make.published(), "occurrence"), by=anna).group
    with pytest.raises(PermissionDenied):
        curate.undo(group, by=person(role))


def test_an_editor_takes_back_what_an_editor_may_do_and_no_publication(anna):
    editor = person(EDITORS)
    event = proposal()
    group = curate.publish(event, by=anna).group
    with pytest.raises(PermissionDenied, match="senior editor"):
        curate.undo(group, by=editor)
    event.refresh_from_db()
    assert event.status == Event.Status.PUBLISHED
    group = curate.publish_claim(make.claim(event, "occurrence"), by=anna).group
    assert curate.undo(group, by=editor)


def test_each_table_asks_for_its_own_right(anna):
    operator, editor = person(OPERATORS), person(EDITORS)
    with transaction.atomic(), history.noted(user=operator) as of_source:
        Source.objects.create(slug="s", name="S")
    with transaction.atomic(), history.noted(user=anna) as of_merge:
        make.actor("iran", merged_into=make.actor("iran-gov"))
    Actor.objects.filter(slug="iran").update(merged_into=None)
    with transaction.atomic(), history.noted(user=anna) as of_merge:
        Actor.objects.filter(slug="iran").update(merged_into=Actor.objects.get(slug="iran-gov"))
    with pytest.raises(PermissionDenied, match="sources"):
        curate.undo(of_source, by=editor)
    with pytest.raises(PermissionDenied, match="actors"):
        curate.undo(of_merge, by=editor)
    curate.undo(of_source, by=operator)
    curate.undo(of_merge, by=anna)
    assert not Source.objects.exists()
    assert Actor.objects.get(slug="iran").merged_into is None


# --- one change ----------------------------------------------------------------------------------


def edit(event, by, **fields):
    with transaction.atomic(), history.noted(user=by):
        Event.objects.filter(pk=event.pk).update(**fields)
    return Change.objects.first()


def test_one_change_is_taken_back_alone(anna):
    event = make.published(title="Rockets hit")
    change = edit(event, anna, title="Drones hit")
    edit(event, anna, summary="A summary")
    (decision,) = curate.take_back(change, by=anna, reason="rockets it was")
    event.refresh_from_db()
    assert (event.title, event.summary) == ("Rockets hit", "A summary")
    assert (decision.action, decision.undoes, decision.reason) == ("undo", "", "rockets it was")


def test_a_change_of_a_claim_brings_its_event_along(anna):
    event = make.published()
    claim = make.claim(event, "killed", number=3, standing=Standing.PUBLISHED)
    with transaction.atomic(), history.noted(user=anna):
        Claim.objects.update(number=7)
    curate.take_back(Change.objects.first(), by=anna)
    event.refresh_from_db()
    claim.refresh_from_db()
    assert (claim.number, event.killed) == (3, 3)


def test_status_and_what_was_merged_are_taken_back_with_the_whole_decision_only(anna):
    event = proposal()
    curate.publish(event, by=anna)
    status = Change.objects.filter(table="events_event", after__has_key="status").first()
    with pytest.raises(CurateError, match="whole decision"):
        curate.take_back(status, by=anna)
    with pytest.raises(CurateError, match="whole decision"):
        curate.take_back(Change.objects.get(table="events_event", op="I"), by=anna)


def test_one_change_of_somebody_who_may_not_is_refused(anna):
    change = edit(make.published(), anna, title="Drones hit")
    with pytest.raises(PermissionDenied):
        curate.take_back(change, by=person(ANALYSTS))


# --- which stand, and the desk's key -------------------------------------------------------------


def test_an_undone_decision_that_was_restored_stands_again(anna):
    first = curate.publish(proposal(), by=anna).group
    assert undoing.undone([first, ""]) == set()
    second = curate.undo(first, by=anna)[0].group
    assert undoing.undone([first, second]) == {first}
    third = curate.undo(second, by=anna)[0].group
    assert undoing.undone([first, second, third]) == {second}


def test_the_public_history_marks_what_was_taken_back(client, anna):
    event = make.published()
    claim = make.claim(event, "killed", number=5)
    group = curate.publish_claim(claim, by=anna, reason="the ministry said so").group
    assert not any(row.undone for row in history_of(event))
    second = curate.undo(group, by=anna, reason="misread")[0].group
    assert [row.undone for row in history_of(event)] == [False, True]
    assert [row.undone for row in history_of(event, moment=timezone.now())] == [False, True]
    before = Decision.objects.get(group=group).at
    assert [row.undone for row in history_of(event, moment=before)] == [False]
    page = client.get(event.get_absolute_url()).content.decode()
    assert page.count('<span class="tag">taken back</span>') == 1
    curate.undo(second, by=anna, reason="right after all")
    assert [row.undone for row in history_of(event)] == [False, True, False]


def test_the_key_takes_back_the_users_own_last_decision_then_the_one_before(anna, ben):
    one, two = proposal(), proposal()
    first, second = curate.publish(one, by=anna), curate.publish(two, by=anna)
    curate.publish(proposal(), by=ben)
    assert curate.last_undoable(anna) == second
    curate.undo(second.group, by=anna)
    assert curate.last_undoable(anna) == first
    curate.undo(first.group, by=anna)
    assert curate.last_undoable(anna) is None


def test_the_key_does_not_reach_back_for_days(anna):
    event = proposal()
    at = timezone.now() - undoing.KEY_REACHES - timedelta(minutes=1)
    Decision.objects.create(event=event, action="edit", by=anna, group="g", at=at)
    assert curate.last_undoable(anna) is None
