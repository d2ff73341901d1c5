"""Every stage's rows: claimed once, outcome kept, tried again with growing pauses, set aside in the end."""

import time
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from apps.articles.models import IntakeBatch, IntakeItem
from apps.core.stages import (
    BACK_OFF,
    PostponedError,
    StageStatus,
    attempt,
    release_all,
    sweep,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> IntakeItem:
    batch = IntakeBatch.objects.create(label="a batch")
    return IntakeItem.objects.create(batch=batch, label="an item", raw=b"text")


def age(item: IntakeItem, **columns) -> None:
    IntakeItem.objects.filter(pk=item.pk).update(**columns)
    item.refresh_from_db()


def fail() -> None:
    raise ValueError("the reason")


def test_a_row_is_claimed_once(item):
    now = timezone.now()
    assert IntakeItem.objects.claim(item.pk, now)
    assert not IntakeItem.objects.claim(item.pk, now)


def test_a_success_is_kept_with_what_the_work_returned(item):
    assert attempt(item, lambda: "worked") == "worked"
    item.refresh_from_db()
    assert (item.status, item.attempts, item.error) == (StageStatus.DONE, 1, "")
    assert item.finished_at is not None
    assert attempt(item, lambda: "again") is None, "a second delivery finds nothing to do"


def test_a_failure_undoes_the_work_and_keeps_the_reason(item):
    def half_done() -> None:
        IntakeItem.objects.filter(pk=item.pk).update(title="half done")
        fail()

    assert attempt(item, half_done) is None
    item.refresh_from_db()
    assert item.title == ""
    assert (item.status, item.error) == (StageStatus.FAILED, "ValueError: the reason")


def test_what_takes_long_is_done_before_the_transaction_and_handed_to_the_work(item):
    depth = len(connection.savepoint_ids)
    seen = []

    def outside() -> str:
        seen.append(len(connection.savepoint_ids))
        return "a page"

    def work(page: str) -> str:
        seen.append(len(connection.savepoint_ids))
        return f"{page} stored"

    assert attempt(item, work, outside=outside) == "a page stored"
    assert seen[0] == depth < seen[1]


def test_a_postponed_row_waits_as_if_it_had_not_been_taken(item):
    until = timezone.now() + timedelta(minutes=3)

    def not_yet() -> None:
        raise PostponedError("It is not its turn.", until)

    assert attempt(item, lambda given: given, outside=not_yet) is None
    item.refresh_from_db()
    assert (item.status, item.attempts, item.error) == (StageStatus.WAITING, 0, "")
    assert item.next_try_at == until


def test_a_pause_that_is_asked_for_is_kept(item):
    class BusyError(Exception):
        retry_after = 7200.0

    def busy() -> None:
        raise BusyError

    before = timezone.now()
    attempt(item, busy)
    item.refresh_from_db()
    assert item.status == StageStatus.FAILED
    assert item.next_try_at >= before + timedelta(hours=2)


def test_pauses_grow_and_then_the_row_is_set_aside(item, settings):
    pauses = []
    for _ in range(settings.STAGE_MAX_ATTEMPTS):
        age(item, next_try_at=timezone.now())
        attempt(item, fail)
        item.refresh_from_db()
        pauses.append((item.next_try_at - item.finished_at).total_seconds())
    assert pauses == [pytest.approx(seconds) for seconds in BACK_OFF]
    assert item.status == StageStatus.QUARANTINED
    age(item, next_try_at=timezone.now())
    assert not IntakeItem.objects.due(timezone.now()).exists()


def test_a_failed_row_waits_for_its_time(item):
    attempt(item, fail)
    now = timezone.now()
    assert not IntakeItem.objects.due(now).exists()
    assert IntakeItem.objects.due(now + timedelta(seconds=BACK_OFF[0] + 1)).exists()


def test_a_row_whose_worker_died_comes_back_after_the_lease(item, settings):
    started = timezone.now()
    IntakeItem.objects.claim(item.pk, started)
    lease = timedelta(seconds=settings.STAGE_LEASE_SECONDS)
    assert not IntakeItem.objects.due(started + lease - timedelta(seconds=1)).exists()
    assert IntakeItem.objects.due(started + lease + timedelta(seconds=1)).exists()


def test_a_row_that_kills_its_workers_is_set_aside(item, settings):
    long_ago = timezone.now() - timedelta(seconds=settings.STAGE_LEASE_SECONDS + 1)
    age(
        item,
        status=StageStatus.RUNNING,
        started_at=long_ago,
        attempts=settings.STAGE_MAX_ATTEMPTS,
    )
    assert not IntakeItem.objects.due(timezone.now()).exists()
    assert IntakeItem.objects.set_lost_aside(timezone.now()) == 1
    item.refresh_from_db()
    assert item.status == StageStatus.QUARANTINED
    assert "worker died" in item.error


@pytest.mark.parametrize(
    ("status", "released"),
    [
        (StageStatus.QUARANTINED, 1),
        (StageStatus.FAILED, 1),
        (StageStatus.DONE, 1),
        (StageStatus.RUNNING, 0),
        (StageStatus.WAITING, 0),
    ],
)
def test_an_ended_row_can_be_done_again(item, status, released):
    age(item, status=status, attempts=5, started_at=timezone.now())
    assert IntakeItem.objects.release(timezone.now()) == released
    assert IntakeItem.objects.due(timezone.now()).exists() is (status != StageStatus.RUNNING)


def test_after_a_killed_run_its_rows_wait_again(item):
    IntakeItem.objects.claim(item.pk, timezone.now())
    release_all()
    assert IntakeItem.objects.due(timezone.now()).exists()


def test_a_sweep_works_on_every_waiting_row_in_order(item):
    other = IntakeItem.objects.create(batch=item.batch, label="other")
    worked = []
    waiting = IntakeItem.objects.due(timezone.now()).order_by("-id")
    assert sweep(IntakeItem, waiting, worked.append) == 2
    assert worked == [other.pk, item.pk]


def test_a_sweep_ends_long_before_the_lease_and_leaves_the_rest(item, settings):
    settings.STAGE_LEASE_SECONDS = 1
    for number in range(3):
        IntakeItem.objects.create(batch=item.batch, label=str(number))
    waiting = IntakeItem.objects.due(timezone.now()).order_by("id")
    assert sweep(IntakeItem, waiting, lambda pk: time.sleep(0.21)) == 1


@pytest.mark.parametrize(
    ("group", "allowed"), [("Operators", True), ("Editors", False), ("Analysts", False)]
)
def test_an_editor_does_a_row_again_in_the_admin(item, client, django_user_model, group, allowed):
    user = django_user_model.objects.create_user("somebody", is_staff=True)
    user.groups.add(user.groups.model.objects.get(name=group))
    client.force_login(user)
    age(item, status=StageStatus.QUARANTINED, attempts=5, error="broken")
    client.post(
        "/admin/articles/intakeitem/", {"action": "do_again", "_selected_action": [item.pk]}
    )
    item.refresh_from_db()
    assert (item.status == StageStatus.WAITING) is allowed
    logged = LogEntry.objects.filter(user=user, object_id=str(item.pk)).values_list(
        "change_message", flat=True
    )
    assert list(logged) == (["Done again from the start."] if allowed else [])


def test_work_that_outlived_its_lease_is_undone_where_another_took_the_row(item, caplog):
    """A process that was stopped or cut off comes back when another has the row: its writing is not kept."""

    def slow() -> None:
        IntakeItem.objects.filter(pk=item.pk).update(title="by the slow one")
        lost = timezone.now() - timedelta(days=1)
        IntakeItem.objects.filter(pk=item.pk).update(started_at=lost)
        assert IntakeItem.objects.claim(item.pk, timezone.now()), (
            "the lease is over: another takes it"
        )

    assert attempt(item, slow) is None
    item.refresh_from_db()
    assert item.title == ""
    assert "taken over" in caplog.text


def test_a_failure_of_who_lost_the_row_is_not_written_over_the_work_of_who_has_it(item):
    def overtaken() -> None:
        IntakeItem.objects.filter(pk=item.pk).update(
            started_at=timezone.now() - timedelta(days=1), attempts=7
        )
        raise ValueError("too late")

    attempt(item, work=lambda given: None, outside=overtaken)
    item.refresh_from_db()
    assert (item.status, item.attempts, item.error) == (StageStatus.RUNNING, 7, "")


def test_a_clock_that_is_ahead_takes_no_row_from_a_worker_at_work(item, monkeypatch):
    assert IntakeItem.objects.claim(item.pk, timezone.now())
    ahead = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    assert attempt(item, lambda: "doubled") is None
