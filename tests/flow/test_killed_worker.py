"""kill -9 of a whole worker pool in the middle of its work: over every broker nothing is lost or doubled."""

import os
import signal

from celery import current_app
from django.utils import timezone

from apps.articles.incoming import Incoming, enqueue
from apps.articles.models import ArticleVersion, IntakeItem
from apps.core.stages import StageStatus
from tests.conftest import KINDS, over
from tests.flow.test_feed_to_page import eventually

MANY = 60
LEASE = 10


def text(number: int) -> bytes:
    told = " ".join(f"Word{number}x{n}" for n in range(40))
    return f"Report number {number} of the day says {told}. Nobody was hurt.".encode()


def swept() -> bool:
    """Send the sweep as beat would, and tell whether every item has ended."""
    done = IntakeItem.objects.filter(status=StageStatus.DONE).count() == MANY
    if not done and IntakeItem.objects.due(timezone.now()).exists():
        current_app.send_task("articles.ingest_waiting", expires=2)
    return done


@over(*KINDS)
def test_what_a_killed_worker_had_taken_is_done_by_the_next(other_process, start_worker, settings):
    settings.STAGE_LEASE_SECONDS = LEASE
    other_process["STAGE_LEASE_SECONDS"] = str(LEASE)
    worker = start_worker()
    enqueue((Incoming(f"item {n}", text(n)) for n in range(MANY)), label="many")
    eventually(lambda: IntakeItem.objects.filter(status=StageStatus.DONE).count() >= 3)
    eventually(IntakeItem.objects.filter(status=StageStatus.RUNNING).exists)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert IntakeItem.objects.filter(status=StageStatus.DONE).count() < MANY
    start_worker()
    eventually(swept, 60 + LEASE)
    assert ArticleVersion.objects.count() == MANY
    assert ArticleVersion.objects.values("sha256").distinct().count() == MANY
    assert set(IntakeItem.objects.values_list("outcome", flat=True)) == {"new"}
