"""Two real beats on one database: one sends, the other takes over when it dies or is cut off."""

import signal
import time
from dataclasses import replace

import psycopg
import pytest
from celery import current_app
from django.conf import settings

from apps.core import one_beat, queues
from apps.core.embedded import broker, processes

SWEEP = "1"


class Beats:
    """Real beats; what each sends is told by its log."""

    def __init__(self, tmp_path, environment):
        self.family = processes.Family(
            tmp_path / "logs", settings.BASE_DIR, environment | {"STAGE_SWEEP_SECONDS": SWEEP}
        )

    def start(self, name):
        self.family.start(replace(processes.beat(), name=name))

    def sent(self, name):
        return self.family.log_of(name).read_text().count("Sending due task events.keep_desk")

    def wait(self, name, more_than=0, seconds=40):
        deadline = time.monotonic() + seconds
        while self.sent(name) <= more_than:
            assert time.monotonic() < deadline, self.family.log_of(name).read_text()
            time.sleep(0.05)


@pytest.fixture
def beats(queue, other_process, tmp_path):
    beats = Beats(tmp_path, other_process)
    yield beats
    beats.family.stop()


def test_one_of_two_sends_and_the_other_takes_over_when_it_is_killed(beats):
    beats.start("first")
    beats.wait("first")
    beats.start("second")
    time.sleep(4 * one_beat.RETRY_SECONDS)
    assert beats.sent("second") == 0, "one of two sends"
    before = beats.sent("first")

    beats.family.members["first"].send_signal(signal.SIGKILL)
    killed = time.monotonic()
    beats.wait("second")
    assert time.monotonic() - killed < one_beat.RETRY_SECONDS * 2 + 2
    assert beats.sent("first") == before

    beats.start("third")
    time.sleep(2 * one_beat.RETRY_SECONDS)
    assert beats.sent("third") == 0, "one that comes later stands by"


def test_the_holder_whose_connection_is_cut_sends_nothing_until_it_holds_the_lock_again(beats):
    beats.start("first")
    beats.wait("first")
    beats.start("second")
    time.sleep(3 * one_beat.RETRY_SECONDS)
    with psycopg.connect(
        broker.connection_string(settings.DATABASES["default"]), autocommit=True
    ) as database:
        cut = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks "
            "WHERE locktype = 'advisory' AND objid = %s AND granted"
        )
        for number in range(3):
            sent = {name: beats.sent(name) for name in ("first", "second")}
            assert database.execute(cut, [one_beat.LOCK]).fetchone() == (1,), number
            time.sleep(3 * one_beat.RETRY_SECONDS)
            more = [name for name in sent if beats.sent(name) > sent[name]]
            assert more, "somebody goes on sending"
            holders = database.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted",
                [one_beat.LOCK],
            ).fetchone()
            assert holders == (1,)


def test_what_beat_sends_goes_to_the_bulk_queue_but_for_what_editors_wait_for():
    entries = current_app.conf.beat_schedule
    prompt = {name for name, entry in entries.items() if entry["options"]["queue"] == queues.NOW}
    assert prompt == {"timelines.refresh_waiting"}


def test_a_lock_is_held_once_and_free_when_its_holder_gave_it_back(transactional_db):
    conninfo = broker.connection_string(settings.DATABASES["default"])
    first, second = one_beat.Lock(conninfo), one_beat.Lock(conninfo)
    assert first.held()
    assert first.held()
    assert not second.held()
    first.give_back()
    # The server ends a closed connection's lock in its own time.
    deadline = time.monotonic() + 10
    while not second.held():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not first.held()
    second.give_back()


def test_a_database_that_does_not_answer_gives_no_lock():
    assert not one_beat.Lock("host=127.0.0.1 port=9 dbname=none user=nobody").held()
