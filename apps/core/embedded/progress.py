"""How far the stages are, counted from their rows; each stage's rows are the next one's work."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, Q

from apps.core.stages import StageStatus

# Verb, the stage's model, and the rows it has to handle: (model, status they must have or None for any).
STAGES = (
    ("taken in", "articles.IntakeItem", ("articles.IntakeItem", None)),
    ("annotated", "annotations.Annotation", ("articles.ArticleVersion", None)),
    ("matched", "events.Assembly", ("annotations.Annotation", StageStatus.DONE)),
)


@dataclass(frozen=True)
class Progress:
    """One stage: rows to handle, rows handled well, rows that failed (for now or for good)."""

    verb: str
    total: int
    done: int
    failed: int

    @property
    def settled(self) -> bool:
        """Whether nothing is left that a worker would take up now."""
        return self.done + self.failed >= self.total

    def __str__(self) -> str:
        failed = f", {self.failed} failed (see the admin)" if self.failed else ""
        return f"{self.done} of {self.total} {self.verb}{failed}"


def measure(stage: int) -> Progress:
    """Count the rows of the stage with this place in STAGES."""
    return _measure(*STAGES[stage])


def _measure(verb: str, model: str, work: tuple[str, StageStatus | None]) -> Progress:
    worked_on, status = work
    waiting_for = apps.get_model(worked_on)._default_manager.all()
    total = (waiting_for.filter(status=status) if status else waiting_for).count()
    counts = apps.get_model(model)._default_manager.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(status=StageStatus.DONE)),
        failed=Count("pk", filter=Q(status__in=[StageStatus.FAILED, StageStatus.QUARANTINED])),
    )
    return Progress(verb, max(total, counts["all"]), counts["done"], counts["failed"])
