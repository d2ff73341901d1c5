"""The queue in PostgreSQL: a task arrives, and none is lost when a process is killed."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from amqp.exceptions import PreconditionFailed
from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.articles.models import IntakeBatch, IntakeItem
from apps.core import queues, stages
from apps.core.embedded import broker, prompt_pgmq
from apps.core.stages import StageStatus
from config.celery import SWEEPS, schedule
from tests.conftest import KINDS, over
from tests.core import probe


def wait_for_lines(file: Path, count: int, seconds: float = 20) -> list[str]:
    deadline = time.monotonic() + seconds
    lines: list[str] = []
    while time.monotonic() < deadline:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) >= count:
            return lines
        time.sleep(0.05)
    pytest.fail(f"{file.name} holds {lines} after {seconds} s, expected {count} lines")


def queued() -> int:
    """How many messages wait in both queues."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(queue_length) FROM pgmq.metrics_all()")
        return int(cursor.fetchone()[0])


def test_a_task_goes_through_postgresql_to_a_worker_process_that_hears_of_it_at_once(
    start_worker, tmp_path
):
    start_worker("tests.core.probe")
    trace = tmp_path / "trace"
    probe.trace.delay(str(trace), "first")
    wait_for_lines(trace, 1)
    time.sleep(1)  # by now the worker sleeps until it is notified
    sent = time.monotonic()
    current_app.send_task("probe.trace", args=[str(trace), "by name"])
    assert wait_for_lines(trace, 2) == ["first", "by name"]
    assert time.monotonic() - sent < 2


def test_short_tasks_do_not_wait_for_the_rounds_of_the_queue(start_worker, tmp_path):
    """A pool of one process that looked for room at the end of each round would do one task a round."""
    start_worker("tests.core.probe")
    trace, many = tmp_path / "trace", 40
    for number in range(many):
        probe.trace.delay(str(trace), str(number))
    wait_for_lines(trace, 1)
    begun = time.monotonic()
    assert wait_for_lines(trace, many) == [str(number) for number in range(many)]
    assert time.monotonic() - begun < many * prompt_pgmq.LONGEST_ROUND / 2


@over(*KINDS)
def test_a_task_comes_back_when_its_pool_process_is_killed(start_worker, tmp_path):
    start_worker("tests.core.probe")
    trace = tmp_path / "trace"
    probe.sleep_once.delay(str(trace))
    pid = int(wait_for_lines(trace, 1)[0])
    os.kill(pid, signal.SIGKILL)
    assert wait_for_lines(trace, 2)[1] == "done"


def test_a_task_stays_queued_until_it_is_done(queue, tmp_path):
    probe.trace.delay(str(tmp_path / "trace"), "nobody listens")
    assert queued() == 1


def test_installing_the_queue_twice_keeps_what_waits(queue, tmp_path):
    probe.trace.delay(str(tmp_path / "trace"), "waits")
    broker.install(settings.DATABASES["default"])
    assert queued() == 1


def test_connection_string_holds_socket_folders_and_passwords_with_blanks():
    text = broker.connection_string(
        {
            "NAME": "news",
            "USER": "ed",
            "PASSWORD": "a b'c",
            "HOST": "/tmp/my run",
            "PORT": 5433,
            "OPTIONS": {"sslmode": "require", "pool": True},
        }
    )
    assert text == (
        r"dbname=news user=ed password='a b\'c' host='/tmp/my run' port=5433 sslmode=require"
    )


def test_a_task_is_cut_off_before_its_row_is_given_to_another_worker():
    limits = broker.celery_settings("", {"NAME": "x"}, 300)
    hidden = limits["broker_transport_options"]["visibility_timeout"]
    assert limits["task_soft_time_limit"] < limits["task_time_limit"] < 300 < hidden


def test_redis_hides_a_message_longer_than_its_task_may_take():
    given = broker.celery_settings("redis://host:6379/0", {}, 300)
    assert given["task_time_limit"] < 300 < given["broker_transport_options"]["visibility_timeout"]


@pytest.mark.parametrize("url", ["", "amqp://host//", "redis://host/0"])
def test_tasks_are_acknowledged_late_and_given_back_when_their_process_dies(url):
    given = broker.celery_settings(url, {"NAME": "x"}, 300)
    assert given["task_acks_late"]
    assert given["task_reject_on_worker_lost"]


@over("rabbitmq")
def test_rabbitmq_holds_quorum_queues_with_a_limit_of_deliveries_and_confirms(start_worker):
    """Declaring them again otherwise is refused by RabbitMQ, which tells what they are."""
    start_worker()
    wanted = {"x-queue-type": "quorum", "x-delivery-limit": queues.DELIVERY_LIMIT}
    for name in queues.ALL:
        with current_app.connection_for_write() as link:
            link.default_channel.queue_declare(
                name, durable=True, arguments=wanted, auto_delete=False
            )
        with current_app.connection_for_write() as link, pytest.raises(PreconditionFailed):
            link.default_channel.queue_declare(name, durable=True, auto_delete=False)
    with current_app.connection_for_write() as link:
        assert link.connection.confirm_publish


@over(*KINDS)
def test_a_task_that_kills_its_process_each_time_does_not_go_round_for_ever(start_worker, tmp_path):
    start_worker("tests.core.probe")
    trace = tmp_path / "trace"
    probe.die.delay(str(trace))
    wait_for_lines(trace, 2)
    probe.trace.delay(str(trace), "the next is served")
    wait_for_lines(trace, 3)
    time.sleep(1)
    assert trace.read_text().splitlines() == ["died", "died", "the next is served"]


@over(*KINDS)
def test_a_row_that_kills_its_worker_each_time_is_set_aside(
    start_worker, other_process, settings, tmp_path
):
    """Time is told to pass by moving the row's own back; each try is the sweep's."""
    tries = settings.STAGE_MAX_ATTEMPTS = 2
    other_process["STAGE_MAX_ATTEMPTS"] = str(tries)
    start_worker("tests.core.probe")
    trace, item = tmp_path / "trace", make_item()
    for number in range(tries):
        probe.die_of_item.delay(item.pk, str(trace))
        wait_for_lines(trace, number + 1)
        expire(item)
    assert not IntakeItem.objects.due(timezone.now()).exists()
    IntakeItem.objects.set_lost_aside(timezone.now())
    item.refresh_from_db()
    assert (item.status, item.attempts) == (StageStatus.QUARANTINED, tries)
    assert "worker died" in item.error
    probe.die_of_item.delay(item.pk, str(trace))
    probe.trace.delay(str(trace), "served")
    assert wait_for_lines(trace, tries + 1)[-1] == "served", "a row set aside is not worked on"


def make_item() -> IntakeItem:
    batch = IntakeBatch.objects.create(label="poison")
    return IntakeItem.objects.create(batch=batch, label="poison", raw=b"x")


def expire(item: IntakeItem) -> None:
    """Let the lease of the try that died be over."""
    lost = timezone.now() - timedelta(seconds=settings.STAGE_LEASE_SECONDS + 1)
    assert IntakeItem.objects.filter(pk=item.pk, status="running").update(started_at=lost) == 1


@over(*KINDS)
def test_what_a_task_sends_goes_where_the_task_came_from(start_worker, tmp_path):
    start_worker("tests.core.probe")
    now, imported = tmp_path / "now", tmp_path / "imported"
    stages.wake("probe.send_on", str(now))
    with queues.bulk():
        stages.wake("probe.send_on", str(imported))
    assert (wait_for_lines(now, 1), wait_for_lines(imported, 1)) == (["now"], ["bulk"])


def test_a_broker_that_does_not_answer_is_told_in_a_sentence():
    with pytest.raises(broker.BrokerError, match="CELERY_BROKER_URL names a broker that does not"):
        broker.prepare("amqp://guest:guest@127.0.0.1:1//", {})


def test_every_scheduled_task_is_registered():
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in schedule(30).values()} <= set(current_app.tasks)


def test_an_old_sweep_gives_way_to_the_next():
    entries = schedule(30)
    assert all(entries[sweep]["options"]["expires"] == 30 for sweep in SWEEPS)


def test_no_pickle_is_accepted():
    assert current_app.conf.accept_content == ["json"]
