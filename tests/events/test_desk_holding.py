"""Who works on what: two editors never work on one item; what is left lies free again after ten minutes."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.events import curate, desk
from apps.events.curate import CurateError
from apps.events.desk import Filters, TakenError
from apps.events.models import DeskItem
from tests.events import make

NOW = timezone.now()
ALL = Filters()


def waiting(**fields):
    event = make.event(**fields)
    make.cited(event)
    desk.refresh([event.pk])
    return event.desk_item


@pytest.fixture
def ana(db):
    return make.editor("ana")


@pytest.fixture
def ben(db):
    return make.editor("ben")


def test_an_item_is_held_by_one(ana, ben):
    item = waiting()
    assert desk.take(item, ana, NOW)
    assert not desk.take(item, ben, NOW + timedelta(minutes=9))
    assert desk.take(item, ana, NOW + timedelta(minutes=9))
    assert not desk.take(item, ben, NOW + timedelta(minutes=11))
    assert desk.take(item, ben, NOW + timedelta(minutes=20))


def test_who_holds_it_is_told_until_the_lease_ends(ana):
    item = waiting()
    assert desk.holder(item, NOW) == ""
    desk.take(item, ana, NOW)
    assert desk.holder(item, NOW) == f"taken by ana until {NOW + desk.LEASE:%H:%M} UTC"
    assert desk.holder(item, NOW + desk.LEASE) == ""


def test_only_its_holder_lets_it_go(ana, ben):
    item = waiting()
    desk.take(item, ana, NOW)
    assert not desk.release(item, ben)
    assert not desk.take(item, ben, NOW)
    assert desk.release(item, ana)
    assert desk.take(item, ben, NOW)


def test_leaving_lets_go_of_everything_but_what_is_kept(ana, ben):
    kept, left, others = waiting(), waiting(), waiting()
    for item in (kept, left):
        desk.take(item, ana, NOW)
    desk.take(others, ben, NOW)
    assert desk.release_all(ana, but=[kept]) == 1
    assert not desk.take(kept, ben, NOW)
    assert desk.take(left, ben, NOW)
    assert desk.release_all(ana) == 1


def test_nobody_decides_about_what_another_holds(ana, ben):
    item = waiting()
    desk.take(item, ana, NOW)
    with pytest.raises(TakenError, match=f"{item.event.public_id} is taken by ana until"):
        desk.hold(item.event, ben, NOW)
    desk.hold(item.event, ana, NOW)
    curate.publish(item.event, by=ana)
    desk.hold(item.event, ben, NOW)  # nothing waits on it any more


def test_the_next_item_is_the_first_that_is_free_and_it_is_held(ana, ben):
    talks, attack = waiting(type="CONSULT"), waiting()
    assert desk.next_item(ALL, ana, NOW) == attack
    assert desk.next_item(ALL, ben, NOW) == talks
    assert desk.next_item(ALL, make.editor("cem"), NOW) is None
    assert desk.next_item(ALL, ana, NOW) == attack


@pytest.mark.parametrize("order", ["salience", "age"])
def test_after_an_item_comes_the_one_behind_it_and_the_first_after_the_last(ana, order):
    for type_ in ("ASSAULT", "ASSAULT", "CONSULT", "SANCTION"):
        waiting(type=type_)
    filters = Filters(order=order)
    queue = list(desk.items(filters, ana, NOW))
    gone = [desk.next_item(filters, ana, NOW, after=item) for item in queue]
    assert gone == [*queue[1:], queue[0]]


def test_after_an_item_that_was_decided_comes_the_one_behind_it(ana):
    items = [waiting(type=type_) for type_ in ("ASSAULT", "SANCTION", "CONSULT")]
    decided = items[1]
    curate.publish(decided.event, by=ana)
    assert desk.next_item(ALL, ana, NOW, after=decided) == items[2]


def test_the_last_item_has_none_after_it(ana):
    item = waiting()
    assert desk.next_item(ALL, ana, NOW, after=item) is None


def test_snoozing_lets_go_and_takes_a_day_to_come(ana, ben):
    item = waiting()
    desk.take(item, ana, NOW)
    for day in (NOW.date(), NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=400)):
        with pytest.raises(CurateError, match="within a year"):
            desk.snooze(item, day, ana, now=NOW)
    desk.snooze(item, NOW.date() + timedelta(days=1), ana, "no word yet", now=NOW)
    assert desk.next_item(ALL, ben, NOW) is None
    assert desk.next_item(ALL, ben, NOW + timedelta(days=1, seconds=1)) == item


def test_only_a_proposal_is_recommended(ana):
    item = waiting()
    desk.recommend(item.event, ana)
    assert DeskItem.objects.get().recommended_by == ana
    curate.publish(item.event, by=ana)
    with pytest.raises(CurateError, match="no proposal any more"):
        desk.recommend(item.event, ana)


def test_a_recommendation_is_taken_back_by_who_gave_it(ana, ben):
    item = waiting()
    item = desk.recommend(item.event, ana)
    with pytest.raises(CurateError, match="nothing to take back"):
        desk.take_recommendation_back(item, ben)
    desk.take_recommendation_back(item, ana)
    assert DeskItem.objects.get().recommended_by is None


def test_who_may_not_curate_may_neither_snooze_nor_recommend(ana):
    item, stranger = waiting(), User.objects.create_user("stranger", is_staff=True)
    with pytest.raises(PermissionDenied):
        desk.recommend(item.event, stranger)
    with pytest.raises(PermissionDenied):
        desk.snooze(item, NOW.date() + timedelta(days=1), stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        desk.wake_up(item, stranger)


@pytest.mark.parametrize("name", ["logout", "admin:logout"])
def test_logging_out_lets_go(client, ana, ben, name):
    item = waiting()
    client.force_login(ana, backend="apps.accounts.backends.RolesBackend")
    desk.take(item, ana, NOW)
    client.get(reverse(name))
    assert not desk.take(item, ben, NOW)
    client.post(reverse(name))
    assert "_auth_user_id" not in client.session
    assert desk.take(item, ben, NOW)


def both(work, first, second):
    """Do `work` for two editors at the same moment, each on a connection of their own; return what came."""
    start, found, failed = threading.Barrier(2), {}, []

    def run(editor):
        try:
            start.wait(10)
            found[editor.username] = work(editor)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(editor,)) for editor in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    return found


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reach_for_one_item_at_once_one_gets_it():
    ana, ben = make.editor("ana"), make.editor("ben")
    for _ in range(10):
        item = waiting()
        taken = both(lambda who: desk.take(DeskItem.objects.get(pk=item.pk), who, NOW), ana, ben)  # noqa: B023
        assert sorted(taken.values()) == [False, True]
        item.delete()


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_next_at_once_work_through_the_queue_without_meeting():
    ana, ben = make.editor("ana"), make.editor("ben")
    items = [waiting() for _ in range(20)]

    def empty_the_queue(editor):
        mine = []
        while (item := desk.next_item(ALL, editor, timezone.now())) is not None:
            mine.append(item.pk)
            curate.publish(item.event, by=editor)
        return mine

    done = both(empty_the_queue, ana, ben)
    assert sorted(done["ana"] + done["ben"]) == sorted(item.pk for item in items)
    assert done["ana"]
    assert done["ben"]


@pytest.mark.django_db(transaction=True)
def test_what_another_is_taking_at_this_moment_is_stepped_over_without_waiting():
    ana, ben = make.editor("ana"), make.editor("ben")
    first, second = waiting(), waiting(type="CONSULT")
    locked, done = threading.Event(), threading.Event()

    def take_slowly():
        with transaction.atomic():
            desk.take(first, ana, NOW)
            locked.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=take_slowly)
    thread.start()
    assert locked.wait(10)
    try:
        assert desk.next_item(ALL, ben, NOW) == second
    finally:
        done.set()
        thread.join(10)
    first.refresh_from_db()
    assert first.claimed_by == ana


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_one_event_at_once_the_second_is_told():
    ana, ben = make.editor("ana"), make.editor("ben")
    event = waiting().event

    def publish(editor):
        try:
            curate.publish(event, by=editor)
        except CurateError as refusal:
            return str(refusal)
        return "done"

    told = both(publish, ana, ben)
    assert sorted(told.values(), key=len)[0] == "done"
    assert "only a proposal can be published" in sorted(told.values(), key=len)[1]
    assert not DeskItem.objects.exists()
