"""Many items at once: shown before it is done, done as one group, and one refusal holds up nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import Change
from apps.events import curate, desk
from apps.events.curate import CurateError
from apps.events.models import Decision, DeskItem, Event, Evidence, Standing
from tests.events import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def by():
    return make.editor()


def waiting(url="https://example.org/report", **fields):
    event = make.event(**fields)
    make.cited(event, url)
    desk.refresh([event.pk])
    return event


def state():
    return (
        sorted(Event.objects.values_list("pk", "status", "title", "first_public_at")),
        sorted(Evidence.objects.values_list("pk", "standing", "event_id")),
        sorted(DeskItem.objects.values_list("event_id", "claimed_by", "snoozed_until")),
        Decision.objects.count(),
        Change.objects.count(),
    )


def test_a_preview_says_what_will_change_and_writes_nothing(by):
    good, bare = waiting(), make.event()
    desk.refresh([bare.pk])
    before = state()
    preview = desk.bulk_preview("publish", [good.pk, bare.pk, 10**9], by=by, now=NOW)
    assert state() == before
    told, refused, gone = preview.outcomes
    assert ("status", "proposed", "published") in told.changes
    assert told.made_public == ["“https://example.org/report”"]
    assert "has no evidence that supports it" in refused.refusal
    assert gone.refusal == "There is no such event any more."
    assert (preview.done, preview.refused) == ([told], [refused, gone])
    assert preview.group == ""


def test_it_then_does_what_the_preview_said_and_one_refusal_keeps_nothing_back(by):
    events = [waiting(), make.event(), waiting()]
    desk.refresh([event.pk for event in events])
    ids = [event.pk for event in events]
    preview = desk.bulk_preview("publish", ids, by=by, now=NOW)
    done = desk.bulk("publish", ids, by=by, now=NOW)
    assert [(o.event_id, o.refusal, o.made_public) for o in done.outcomes] == [
        (o.event_id, o.refusal, o.made_public) for o in preview.outcomes
    ]
    for event in events:
        event.refresh_from_db()
    assert [event.status for event in events] == ["published", "proposed", "published"]


def test_all_of_it_is_one_group_that_is_taken_back_together(by):
    events = [waiting(), waiting()]
    done = desk.bulk("publish", [event.pk for event in events], by=by, now=NOW)
    assert {row.group for row in Decision.objects.filter(action="publish")} == {done.group}
    curate.undo(done.group, by=User.objects.create_superuser("chief"))
    assert set(Event.objects.values_list("status", flat=True)) == {"proposed"}
    assert DeskItem.objects.count() == 2


def test_additions_are_published_and_rejected_without_touching_the_event(by):
    event = make.published()
    added = make.cited(event, "https://example.org/added")
    desk.refresh([event.pk])
    preview = desk.bulk_preview("publish", [event.pk], by=by, now=NOW)
    assert preview.outcomes[0].made_public == ["“https://example.org/added”"]
    desk.bulk("reject", [event.pk], by=by, now=NOW, reason="a copy")
    added.refresh_from_db()
    event.refresh_from_db()
    assert (added.standing, event.status) == (Standing.REJECTED, Event.Status.PUBLISHED)


def test_proposals_are_attached_to_a_known_event(by):
    known = make.published(targets=("us-gov",))
    first = waiting("https://example.org/1", initiators=("ir-gov",))
    second = waiting("https://example.org/2")
    done = desk.bulk("attach", [first.pk, second.pk], by=by, now=NOW, into=known)
    assert [o.made_public for o in done.outcomes] == [
        ["“https://example.org/1”"], ["“https://example.org/2”"]
    ]  # fmt: skip
    assert known.evidence.filter(standing=Standing.PUBLISHED).count() == 3
    assert [part.actor.slug for part in known.participations.all()] == ["us-gov"]


def test_fields_are_changed_and_a_value_that_cannot_stand_is_refused(by):
    events = [waiting(), waiting(type="ACCUSE")]
    ids = [event.pk for event in events]
    done = desk.bulk("revise", ids, by=by, now=NOW, changes={"mode": "drone"})
    assert ("mode", "", "drone") in done.outcomes[0].changes
    assert "no mode of ACCUSE" in done.outcomes[1].refusal
    assert not DeskItem.objects.filter(claimed_by=by).exists()


def test_many_are_snoozed_or_recommended(by):
    ids = [waiting().pk, waiting().pk]
    desk.bulk("recommend", ids, by=by, now=NOW)
    until = NOW.date() + timedelta(days=3)
    desk.bulk("snooze", ids, by=by, now=NOW, until=until, reason="after the holidays")
    assert set(DeskItem.objects.values_list("recommended_by", "snooze_reason")) == {
        (by.pk, "after the holidays")
    }


def test_what_another_editor_holds_is_left_alone(by):
    mine, theirs = waiting(), waiting()
    desk.take(theirs.desk_item, make.editor("ana"), NOW)
    done = desk.bulk("publish", [mine.pk, theirs.pk], by=by, now=NOW)
    assert [bool(outcome.refusal) for outcome in done.outcomes] == [False, True]
    assert "taken by ana" in done.outcomes[1].refusal


def test_what_the_database_refuses_is_refused_for_this_one_alone(by):
    good, doubled = waiting(), waiting("https://example.org/2")
    make.cited(doubled, "https://example.org/3")
    for event in (good, doubled):
        Event.objects.filter(pk=event.pk).update(first_public_at=None)
    Evidence.objects.filter(event=doubled).update(stance="mentions", known_at=NOW)
    done = desk.bulk(
        "revise", [good.pk, doubled.pk], by=by, now=NOW, changes={"rank": 1.5, "soil": 1}
    )
    assert done.refused == []
    done = desk.bulk("revise", [good.pk, doubled.pk], by=by, now=NOW, changes={"rank": 9})
    assert len(done.refused) == 2
    assert all(outcome.refusal for outcome in done.outcomes)
    assert Event.objects.get(pk=good.pk).rank == 1.5


def test_who_may_not_publish_is_told_for_each(by):
    junior = User.objects.create_user("junior", is_staff=True)
    junior.user_permissions.add(*by.user_permissions.filter(codename="curate_event"))
    event = waiting()
    done = desk.bulk("publish", [event.pk], by=junior, now=NOW)
    assert "recommend it to a senior editor" in done.outcomes[0].refusal
    with pytest.raises(PermissionDenied):
        desk.bulk("publish", [event.pk], by=User.objects.create_user("x"), now=NOW)


@pytest.mark.parametrize(
    ("action", "ids", "values", "told"),
    [
        ("burn", [1], {}, "Choose what to do"),
        ("publish", [], {}, "Choose 1 to 200"),
        ("publish", list(range(201)), {}, "201 are chosen"),
        ("reject", [1], {"reason": " "}, "Give a reason"),
        ("attach", [1], {}, "Name the event"),
        ("snooze", [1], {}, "until which day"),
        ("revise", [1], {}, "which values"),
    ],
)
def test_what_makes_no_sense_is_refused_as_a_whole(by, action, ids, values, told):
    for order in (desk.bulk, desk.bulk_preview):
        with pytest.raises(CurateError, match=told):
            order(action, ids, by=by, now=NOW, **values)
