"""Where a batch of intake stands on its way through ingest, annotation and matching."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)

from apps.annotations import pipeline
from apps.annotations.models import Annotation
from apps.articles.models import IntakeBatch, IntakeItem
from apps.core.stages import StageRun, StageStatus
from apps.events.models import Assembly

STAGES = ("ingested", "annotated", "matched")
# A second failure waits for minutes and more: following does not.
_PATIENCE = 2
_ANNOTATION, _ASSEMBLY = "read", "read__assembly"


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


@dataclass(slots=True)
class Totals:
    """What became of a batch: items by outcome ("" for those under way), failures, what was found in them."""

    outcomes: dict[str, int] = field(default_factory=dict)
    failed: int = 0
    attached: int = 0
    proposed: int = 0

    @property
    def items(self) -> int:
        """All items."""
        return sum(self.outcomes.values())


def progress(batch: IntakeBatch) -> Progress:
    """Count how far the items of a batch are; one query, whatever its size."""
    counts = _standing(batch).aggregate(
        items=Count("pk"),
        ingested=Count("pk", filter=Q(passed__gt=0)),
        annotated=Count("pk", filter=Q(passed__gt=1)),
        matched=Count("pk", filter=Q(passed__gt=2)),
    )
    passed = (counts["ingested"], counts["annotated"], counts["matched"])
    return Progress(counts["items"], passed)


def totals(batch: IntakeBatch) -> Totals:
    """Count what became of the items of a batch; one query, whatever its size."""
    rows = (
        _standing(batch)
        .values("outcome")
        .annotate(
            items=Count("pk"),
            failed=Count("pk", filter=Q(passed=len(STAGES)) & ~Q(stopped=None)),
            attached=Sum(f"{_ASSEMBLY}__attached", default=0),
            proposed=Sum(f"{_ASSEMBLY}__proposed", default=0),
        )
    )
    found = Totals()
    for row in rows.order_by("outcome"):
        found.outcomes[row["outcome"]] = row["items"]
        found.failed += row["failed"]
        found.attached += row["attached"]
        found.proposed += row["proposed"]
    return found


def reports(batch: IntakeBatch, *, failed: bool = False) -> Iterator[ItemReport]:
    """Yield where each item of a batch stands, in the order it came in; only the `failed` ones if asked.

    One query, whatever its size, and the rows come piece by piece.
    """
    rows = _standing(batch).filter(~Q(stopped=None)) if failed else _standing(batch)
    columns = ["id", "label", "outcome", "error", "article_id", "passed", "stopped", "why"]
    told = rows.values(
        *columns, attached=F(f"{_ASSEMBLY}__attached"), proposed=F(f"{_ASSEMBLY}__proposed")
    )
    for row in told.order_by("id").iterator(chunk_size=2000):
        yield _report(row)


def _standing(batch: IntakeBatch) -> QuerySet[Any]:
    """Items with the stages behind each (`passed`), the stage that stopped it (`stopped`) and `why`.

    An item that stopped has passed all: nothing of it is under way any more.
    """
    decided_against = Q(outcome__in=[IntakeItem.Outcome.REFUSED, IntakeItem.Outcome.GONE])
    runs = ("", f"{_ANNOTATION}__", f"{_ASSEMBLY}__")
    steps, reasons, passed = [], [], [When(decided_against, then=Value(len(STAGES)))]
    for number, run in enumerate(runs):
        stopped = _stopped(run)
        steps.append(When(stopped, then=Value(number)))
        reasons.append(When(stopped, then=F(f"{run}error")))
        passed += [
            When(stopped, then=Value(len(STAGES))),
            When(
                ~Q(**{f"{run}status": StageStatus.DONE}) | Q(**{f"{run}status": None}),
                then=Value(number),
            ),
        ]
    # What the matching reads is this program's own reading, not that of an earlier version.
    return (
        IntakeItem.objects.filter(batch=batch)
        .annotate(
            read=FilteredRelation(
                "version__annotations",
                condition=Q(version__annotations__pipeline_version=pipeline.VERSION),
            )
        )
        .annotate(
            stopped=Case(
                When(decided_against, then=Value(0)),
                *steps,
                default=None,
                output_field=IntegerField(),
            ),
            why=Case(
                When(decided_against, then=F("error")),
                *reasons,
                default=Value(""),
                output_field=TextField(),
            ),
            passed=Case(*passed, default=Value(len(STAGES)), output_field=IntegerField()),
        )
    )


def _stopped(run: str) -> Q:
    """A failure that will not be mended within a minute."""
    failed = Q(**{f"{run}status": StageStatus.FAILED, f"{run}attempts__gte": _PATIENCE})
    return failed | Q(**{f"{run}status": StageStatus.QUARANTINED})


def workers_seen(since: datetime) -> bool:
    """Tell whether any worker has begun with anything, of this batch or another, since then."""
    stages: tuple[type[StageRun], ...] = (IntakeItem, Annotation, Assembly)
    return any(stage._default_manager.filter(started_at__gte=since).exists() for stage in stages)


def _report(row: Mapping[str, Any]) -> ItemReport:
    error = row["why"] if row["stopped"] is not None else ""
    if error and row["outcome"] not in (IntakeItem.Outcome.REFUSED, IntakeItem.Outcome.GONE):
        error = f"Not {STAGES[row['stopped']]}: {error}"
    return ItemReport(
        id=row["id"],
        label=row["label"],
        outcome=row["outcome"],
        error=error,
        article=row["article_id"],
        attached=row["attached"] or 0,
        proposed=row["proposed"] or 0,
        passed=row["passed"],
    )
