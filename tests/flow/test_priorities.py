"""What an editor decides does not wait behind an import: real workers, thousands of queued tasks."""

import statistics
import time

from celery import current_app
from django.conf import settings

from apps.accounts.models import User
from apps.core import queues
from apps.core.embedded import processes
from apps.events import curate
from apps.events.models import Event
from tests.conftest import over
from tests.core import probe
from tests.factories import make_event

MANY = 5000
NAP = 0.05
DECISIONS = 7
PROMISED = 2.0


def queue_many() -> None:
    """Fill the bulk queue with tasks that each take a process for a while."""
    with current_app.producer_or_acquire() as producer:
        for _ in range(MANY):
            probe.nap.apply_async([NAP], queue=queues.BULK, producer=producer)


def waiting() -> int:
    with current_app.connection_for_write() as link:
        found = link.default_channel.queue_declare(queues.BULK, passive=True)
        return found.message_count


def seconds_of_a_decision(event: Event, editor: User) -> float:
    """From the editor's click to day counts and severities that know of it."""
    began = time.monotonic()
    curate.reject(event, by=editor, reason="not what was said")
    while Event.objects.filter(pk=event.pk, stale=True).exists():
        assert time.monotonic() - began < 30, "the refresh does not come"
        time.sleep(0.01)
    return time.monotonic() - began


@over("pgmq", "rabbitmq")
def test_a_decision_is_seen_to_within_two_seconds_beside_5000_queued_tasks(
    start_worker, record_property
):
    memory = settings.WORKER_MAX_MEMORY_MB
    bulk = processes.worker(1, memory, (queues.BULK,))
    start_worker("tests.core.probe", program=bulk)
    start_worker("tests.core.probe", program=processes.prompt(memory))
    editor = User.objects.create_superuser("editor")
    events = [make_event(f"EV-20200103-{n}", status="proposed") for n in range(DECISIONS)]
    queue_many()
    took = [seconds_of_a_decision(event, editor) for event in events]
    left = waiting()
    told = f"median {statistics.median(took):.3f} s, longest {max(took):.3f} s, {left} still queued"
    record_property("decisions", told)
    assert left > MANY / 2, "the import is still queued when the last decision is seen to"
    assert max(took) < PROMISED, told
