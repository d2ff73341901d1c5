"""The one shape of every stage: rows wait, are claimed by compare-and-set, and keep their outcome."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar, cast

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from apps.core.history import noted_transaction

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Seconds until the next try after the first, second, ... failure.
BACK_OFF = (30, 120, 600, 3600, 21600)
SWEEP_AT_ONCE = 1000
# How long a broker may take to confirm that it has a message; an editor may wait for the page that sends.
SEND_SECONDS = 5


class PostponedError(Exception):
    """The work cannot begin yet, through no fault of the row: it is put back until then, no attempt counted."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.until = until


class LostError(Exception):
    """The row was taken over by another worker meanwhile; what this one did is undone."""


class StageStatus(models.TextChoices):
    """Where a row stands in its stage."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed, will be tried again"
    QUARANTINED = "quarantined", "set aside after too many failures"


class StageRunQuerySet(models.QuerySet[Any]):
    """Rows of a stage.

    Where no time is given it is the database's, the one clock that all hosts share: a row that a host with a
    wrong clock wrote would wait for as long as that clock was wrong.
    """

    def due(self, now: datetime | None = None) -> Self:
        """Rows to work on at `now`: new ones, failed ones whose next try has come, runs whose worker died."""
        at = Now() if now is None else now
        lost = at - timedelta(seconds=settings.STAGE_LEASE_SECONDS)
        return self.filter(
            Q(status__in=[StageStatus.WAITING, StageStatus.FAILED], next_try_at__lte=at)
            | Q(
                status=StageStatus.RUNNING,
                started_at__lt=lost,
                attempts__lt=settings.STAGE_MAX_ATTEMPTS,
            )
        )

    def set_lost_aside(self, now: datetime | None = None) -> int:
        """Set aside the rows whose workers died again and again; return how many. Sweeps call this first."""
        at = Now() if now is None else now
        lost = at - timedelta(seconds=settings.STAGE_LEASE_SECONDS)
        return self.filter(
            status=StageStatus.RUNNING,
            started_at__lt=lost,
            attempts__gte=settings.STAGE_MAX_ATTEMPTS,
        ).update(
            status=StageStatus.QUARANTINED,
            error="The worker died or was stopped each time it worked on this.",
            finished_at=at,
        )

    def ended(self) -> Self:
        """Rows that nobody is at work on, or will be without being told."""
        return self.filter(
            status__in=[StageStatus.DONE, StageStatus.FAILED, StageStatus.QUARANTINED]
        )

    def release(self, now: datetime | None = None) -> int:
        """Let rows that ended, well or badly, be worked on again from the start; return how many."""
        at = Now() if now is None else now
        return self.ended().update(status=StageStatus.WAITING, attempts=0, next_try_at=at)

    def claim(self, pk: int, now: datetime | None = None) -> bool:
        """Take the row for this worker; False where another worker has it or nothing is left to do."""
        at = Now() if now is None else now
        taken = (
            self.due(now)
            .filter(pk=pk)
            .update(status=StageStatus.RUNNING, started_at=at, attempts=F("attempts") + 1, error="")
        )
        return taken == 1


class StageRun(models.Model):
    """The outcome columns of a row that waits for a stage."""

    status = models.CharField(
        max_length=12, choices=StageStatus.choices, default=StageStatus.WAITING, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    next_try_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = StageRunQuerySet.as_manager()

    # Columns that the work sets on the row for its success to write.
    outcome_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        # Sweeps and the Pipeline page ask for what is not done, among millions of rows that are.
        indexes = [
            models.Index(
                fields=["status", "next_try_at"],
                condition=~Q(status=StageStatus.DONE),
                name="%(app_label)s_%(class)s_open",
            )
        ]

    @classmethod
    def not_begun(cls) -> models.QuerySet[Any] | None:
        """Of the newest PIPELINE_NEWEST rows of the stage before, those without a row here; None: no such."""
        return None

    def _record(self, **values: Any) -> None:
        type(self)._default_manager.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)

    def record_done(self, now: datetime) -> None:
        """Write a success and what the work decided (`outcome_fields`; `error` tells why it was refused)."""
        decided = {name: getattr(self, name) for name in self.outcome_fields}
        self._record(status=StageStatus.DONE, finished_at=now, **decided)

    def record_postponed(self, until: datetime) -> None:
        """Put the row back as if it had not been taken, until then."""
        self._record(status=StageStatus.WAITING, attempts=self.attempts - 1, next_try_at=until)

    def record_failure(self, reason: str, now: datetime, *, pause: float = 0) -> None:
        """Write a failure with its reason; set the row aside once the attempts are used up.

        The next try waits as long as BACK_OFF says, and `pause` seconds at least.
        """
        spent = self.attempts >= settings.STAGE_MAX_ATTEMPTS
        wait = max(BACK_OFF[min(max(self.attempts, 1), len(BACK_OFF)) - 1], pause)
        self._record(
            status=StageStatus.QUARANTINED if spent else StageStatus.FAILED,
            error=reason[:4000],
            finished_at=now,
            next_try_at=now + timedelta(seconds=wait),
        )


def attempt(
    run: StageRun, work: Callable[..., T], *, outside: Callable[[], object] | None = None
) -> T | None:
    """Claim `run`, do `work` in one transaction and record how it ended; None where it was not ours or failed.

    What takes long and writes nothing (a fetch, a parser) goes into `outside`: it comes before the
    transaction, and `work` is given what it returns. A success is committed with the work; a failure is
    written after it was undone. An error's `retry_after` (seconds) is waited for.
    """
    return finish(run, work, outside) if begin(run) else None


def begin(run: StageRun) -> bool:
    """Claim `run` and read its row, of which only the pk is needed; False where it is not ours to work on."""
    if not type(run)._default_manager.claim(run.pk):  # type: ignore[attr-defined]
        return False
    run.refresh_from_db()
    return True


def finish(
    run: StageRun, work: Callable[..., T], outside: Callable[[], object] | None = None
) -> T | None:
    """Do the rest of an `attempt` at a run that was begun."""
    try:
        given = () if outside is None else (outside(),)
        with noted_transaction(who=f"stage: {run._meta.verbose_name}"):
            result = work(*given)
            _hold(run)
            run.record_done(database_now())
    except LostError:
        logger.warning("%s %s outlived its lease and was taken over", run._meta.label, run.pk)
        return None
    except PostponedError as later:
        if _ours(run).exists():
            run.record_postponed(later.until)
        return None
    except Exception as error:
        logger.exception("%s %s failed", run._meta.label, run.pk)
        pause = getattr(error, "retry_after", None) or 0
        if _ours(run).exists():
            run.record_failure(f"{type(error).__name__}: {error}", database_now(), pause=pause)
        return None
    return result


def _ours(run: StageRun) -> models.QuerySet[Any]:
    """The row, as long as nobody has taken it since this process did."""
    return type(run)._default_manager.filter(
        pk=run.pk,
        status=StageStatus.RUNNING,
        attempts=run.attempts,
        started_at=run.started_at,
    )


def _hold(run: StageRun) -> None:
    """Keep the row to the end of the transaction; LostError, which undoes the work, where another has it.

    A process that was stopped, cut off or misled by its clock for longer than the lease comes back to this.
    """
    if not _ours(run).select_for_update().exists():
        raise LostError


def database_now() -> datetime:
    """Return the time by the one clock that all hosts share: leases, pauses and turns are counted by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cast(datetime, cursor.fetchone()[0])


def sweep(
    runs: type[StageRun], waiting: models.QuerySet[Any], work: Callable[[int], object]
) -> int:
    """Do `work` on the pk of each waiting row, in its order, and set lost `runs` aside; return how many rows.

    It stops after a fifth of the lease and leaves the rest to the next sweep.
    """
    runs._default_manager.set_lost_aside()  # type: ignore[attr-defined]
    rows = list(waiting.values_list("pk", flat=True)[:SWEEP_AT_ONCE])
    done = 0
    for pk in in_time(rows):
        work(pk)
        done += 1
    return done


def in_time(pks: Iterable[int]) -> Iterator[int]:
    """Yield what may be begun with within a task: for a fifth of the lease.

    A task that outlives the lease is delivered a second time.
    """
    until = time.monotonic() + settings.STAGE_LEASE_SECONDS / 5
    for pk in pks:
        if time.monotonic() > until:
            return
        yield pk


def wake(task_name: str, *args: Any) -> None:
    """After commit, send the next stage's task by name; the sweep covers what a broken broker loses."""

    def send() -> None:
        try:
            current_app.send_task(task_name, args=args, confirm_timeout=SEND_SECONDS)
        except Exception:
            logger.exception("could not wake %s; the sweep will find the row", task_name)

    transaction.on_commit(send)


def release_all() -> None:
    """Let rows that a killed run left `running` be taken up again now; only where no worker can be at work."""
    for model in apps.get_models():
        if issubclass(model, StageRun):
            model._default_manager.filter(status=StageStatus.RUNNING).update(
                status=StageStatus.WAITING, next_try_at=Now()
            )
