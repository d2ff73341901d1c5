"""Where a batch of intake stands on its way through ingest, annotation and matching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.annotations import pipeline
from apps.annotations.models import Annotation
from apps.articles.models import IntakeBatch, IntakeItem
from apps.core.stages import StageRun, StageStatus
from apps.events.models import Assembly

STAGES = ("ingested", "annotated", "matched")
# A second failure waits for minutes and more: following does not.
_PATIENCE = 2


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What became of one item so far."""

    id: int
    label: str
    outcome: str  # new, updated, unchanged, copy, gone, refused; "" while not decided
    error: str  # why it stopped; "" where it did not
    article: int | None
    attached: int
    proposed: int
    passed: int  # stages behind it, of three; an item that stopped has passed all


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items of a batch have passed each of the three stages."""

    items: int
    passed: tuple[int, int, int]

    @property
    def finished(self) -> bool:
        """Nothing of the batch is under way any more."""
        return self.passed[-1] == self.items


def progress(reports: Sequence[ItemReport]) -> Progress:
    """Sum up the reports of a batch."""
    ingested, annotated, matched = (
        sum(report.passed > stage for report in reports) for stage in range(3)
    )
    return Progress(len(reports), (ingested, annotated, matched))


def reports(batch: IntakeBatch) -> list[ItemReport]:
    """Return where each item of a batch stands, in the order it came in. Three queries, whatever its size."""
    items = IntakeItem.objects.filter(batch=batch).defer("raw").order_by("id")
    annotations = Annotation.objects.filter(
        article_version__in=items.values("version"), pipeline_version=pipeline.VERSION
    ).defer("removed")
    by_version = {row.article_version_id: row for row in annotations}
    assemblies = Assembly.objects.filter(annotation__in=annotations.values("pk"))
    by_annotation = {row.annotation_id: row for row in assemblies}
    found = []
    for item in items:
        annotation = by_version.get(item.version_id or 0)
        assembly = by_annotation.get(annotation.pk) if annotation else None
        found.append(_report(item, annotation, assembly))
    return found


def workers_seen(since: datetime) -> bool:
    """Tell whether any worker has begun with anything, of this batch or another, since then."""
    stages: tuple[type[StageRun], ...] = (IntakeItem, Annotation, Assembly)
    return any(stage._default_manager.filter(started_at__gte=since).exists() for stage in stages)


def _report(
    item: IntakeItem, annotation: Annotation | None, assembly: Assembly | None
) -> ItemReport:
    passed, error = _passed([item, annotation, assembly])
    if item.outcome in (IntakeItem.Outcome.REFUSED, IntakeItem.Outcome.GONE):
        passed, error = 3, item.error
    return ItemReport(
        id=item.pk,
        label=item.label,
        outcome=item.outcome,
        error=error,
        article=item.article_id,
        attached=assembly.attached if assembly else 0,
        proposed=assembly.proposed if assembly else 0,
        passed=passed,
    )


def _passed(runs: Sequence[StageRun | None]) -> tuple[int, str]:
    """Count the stages that are done; a failure that will not be mended within a minute ends them all."""
    for number, run in enumerate(runs):
        if run is None:
            return number, ""
        failed = run.status == StageStatus.FAILED and run.attempts >= _PATIENCE
        if failed or run.status == StageStatus.QUARANTINED:
            return len(runs), f"Not {STAGES[number]} ({run.get_status_display()}): {run.error}"
        if run.status != StageStatus.DONE:
            return number, ""
    return len(runs), ""
