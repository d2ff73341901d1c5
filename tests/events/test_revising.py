"""Editing in place: validated, one decision, never over another editor's head; odd dates are asked about."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.events import curate
from apps.events.curate import CurateError, InvalidError, NeedsConfirmation, StaleError
from apps.events.models import Decision, Event, Participation, Standing
from apps.timelines.models import Membership
from tests.events import make
from tests.factories import make_timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make.editor()


def test_typed_values_are_written_as_one_decision(by):
    event = make.event(title="Rockets hit", initiators=("ir-gov",))
    claim = make.claim(event, number=3)
    taken = curate.revise(
        event,
        {
            "title": " Rockets hit the embassy ",
            "mode": "drone",
            "start": "2020-01-07",
            "end": "2020-01-08",
        },
        participants=[("target", make.actor("us-gov")), ("initiator", make.actor("ir-gov"))],
        claims={claim.pk: {"number": "5"}},
        by=by,
        reason="as the agency says",
    )
    assert (taken.action, taken.reason, taken.by) == ("edit", "as the agency says", by)
    assert (event.title, event.mode) == ("Rockets hit the embassy", "drone")
    assert (event.start, event.end, event.edtf) == (
        date(2020, 1, 7), date(2020, 1, 8), "2020-01-07/2020-01-08"
    )  # fmt: skip
    claim.refresh_from_db()
    assert claim.number == 5
    parts = [(p.role, p.actor.slug, p.position) for p in event.participations.order_by("position")]
    assert parts == [("target", "us-gov", 0), ("initiator", "ir-gov", 1)]


def test_a_participant_that_stays_is_the_same_row(by):
    event = make.event(initiators=("ir-gov", "irgc"))
    kept = Participation.objects.get(actor__slug="irgc")
    curate.revise(event, {}, participants=[("initiator", kept.actor)], by=by)
    assert event.participations.get().pk == kept.pk


def test_nothing_changed_is_no_decision(by):
    event = make.event(title="Rockets")
    assert curate.revise(event, {"title": "Rockets"}, by=by) is None
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "WAR"}, "type"),
        ({"mode": "visit"}, "mode"),
        ({"type": "CONSULT", "mode": "drone"}, "mode"),
        ({"start": "2020-02-30"}, "start"),
        ({"start": "2020-01-09"}, "end"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"precision": "hour"}, "precision"),
        ({"confidence": ""}, "confidence"),
    ],
)
def test_what_cannot_stand_is_refused_field_by_field_and_changes_nothing(by, changes, field):
    event = make.event()
    before = Event.objects.filter(pk=event.pk).values().get()
    with pytest.raises(InvalidError) as refusal:
        curate.revise(event, {"summary": "new"} | changes, by=by)
    assert list(refusal.value.fields) == [field]
    assert Event.objects.filter(pk=event.pk).values().get() == before


def test_standing_identity_and_what_is_derived_are_not_edited_here(by):
    event = make.event()
    for name in ("status", "public_id", "killed", "merged_into", "first_public_at"):
        with pytest.raises(CurateError, match=f"not edited here: {name}"):
            curate.revise(event, {name: "published"}, by=by)


def test_only_claims_of_the_event_and_only_their_values_are_changed(by):
    event, other = make.event(), make.claim(make.event(), number=1)
    mine = make.claim(event, number=1)
    with pytest.raises(CurateError, match=f"no claim {other.pk}"):
        curate.revise(event, {}, claims={other.pk: {"number": 2}}, by=by)
    with pytest.raises(CurateError, match=f"no claim {mine.pk}"):
        curate.revise(event, {}, claims={mine.pk: {"standing": "published"}}, by=by)
    with pytest.raises(InvalidError):
        curate.revise(event, {}, claims={mine.pk: {"number": None}}, by=by)


def test_the_second_editor_is_told_what_the_first_changed_and_may_then_save_on_top(by):
    event, ana = make.event(title="Rockets"), make.editor("ana")
    seen = curate.newest_change(event)
    curate.revise(event, {"title": "Two rockets"}, seen=seen, by=ana)
    with pytest.raises(StaleError, match="was changed by ana since you saw it") as told:
        curate.revise(event, {"title": "Three rockets"}, seen=seen, by=by)
    (change,) = told.value.changes
    assert "title changed from Rockets to Two rockets" in str(change)
    event.refresh_from_db()
    assert event.title == "Two rockets"
    curate.revise(event, {"title": "Three rockets"}, seen=told.value.newest, by=by)
    assert event.title == "Three rockets"


def test_who_took_part_counts_as_changed_and_one_s_own_changes_do_not(by):
    event, ana = make.event(), make.editor("ana")
    seen = curate.newest_change(event)
    curate.revise(event, {"title": "Mine"}, seen=seen, by=by)
    curate.revise(event, {"title": "Mine again"}, seen=seen, by=by)
    curate.revise(event, {}, participants=[("target", make.actor("us-gov"))], by=ana)
    with pytest.raises(StaleError):
        curate.revise(event, {"title": "Mine once more"}, seen=seen, by=by)


def test_what_the_machine_adds_meanwhile_is_in_nobody_s_way(by):
    event = make.event()
    seen = curate.newest_change(event)
    make.cited(event)
    make.claim(event, number=1)
    assert curate.revise(event, {"title": "Mine"}, seen=seen, by=by) is not None


def test_a_date_outside_the_dossier_is_asked_about_once(by):
    make_timeline(actors=[make.actor("us-gov")])
    event = make.event(targets=("us-gov",))
    with pytest.raises(NeedsConfirmation, match="2012-01-08 lies outside the dossier") as question:
        curate.revise(event, {"start": "2012-01-08", "end": "2012-01-08"}, by=by)
    assert "covers 2018-05-01 to 2020-12-31" in str(question.value)
    event.refresh_from_db()
    assert event.start == date(2020, 1, 8)
    curate.revise(event, {"start": "2012-01-08", "end": "2012-01-08"}, confirmed=True, by=by)
    assert event.start == date(2012, 1, 8)


def test_publishing_asks_too_and_no_dossier_no_question(by):
    dossier = make_timeline(actors=[make.actor("us-gov")])
    far = {"start": date(2012, 1, 8)}
    event, elsewhere = (
        make.event(targets=("us-gov",), **far),
        make.event(targets=("in-gov",), **far),
    )
    pinned = make.event(**far)
    Membership.objects.create(timeline=dossier, event=pinned, kind="pinned")
    for row in (event, elsewhere, pinned):
        make.cited(row)
    for asked in (event, pinned):
        with pytest.raises(NeedsConfirmation):
            curate.publish(asked, by=by)
    curate.publish(event, by=by, confirmed=True)
    curate.publish(elsewhere, by=by)
    assert Event.objects.filter(status="published").count() == 2


def test_days_that_lie_in_one_of_its_dossiers_are_not_asked_about(by):
    us = make.actor("us-gov")
    make_timeline(actors=[us])
    make_timeline("us-2012", actors=[us], start=date(2012, 1, 1), end=date(2012, 12, 31),
                  focus_start=None, focus_end=None)  # fmt: skip
    event = make.event(targets=("us-gov",))
    curate.revise(event, {"start": "2012-01-08", "end": "2012-01-08"}, by=by)
    assert event.start == date(2012, 1, 8)


def test_only_curators_edit():
    event = make.event()
    with pytest.raises(PermissionDenied):
        curate.revise(event, {"title": "x"}, by=User.objects.create_user("nobody", is_staff=True))


def test_a_published_event_stays_published_and_its_headline_is_derived_again(by):
    event = make.published()
    claim = make.claim(event, number=3, value="3", standing=Standing.PUBLISHED)
    curate.revise(event, {}, claims={claim.pk: {"number": 7}}, by=by)
    claim.refresh_from_db()
    assert (event.status, event.killed, claim.value) == ("published", 7, "7")
