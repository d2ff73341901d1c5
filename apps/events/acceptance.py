"""What editors made of the machine's suggestions, by how sure the machine was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from apps.events.models import Claim, Correction, Decision, Event, Evidence, Standing

# Lower bounds; a reading below the first proposes no event, but may support one.
BINS = (0.0, 0.3, 0.5, 0.7, 0.9)
ACCEPTED, MERGED, REJECTED, WITHDRAWN, WAITING = (
    "accepted",
    "merged",
    "rejected",
    "withdrawn",
    "waiting",
)


@dataclass(slots=True)
class Bin:
    """What became of the suggestions of one confidence, from `low` to below `high`; None: not known any more.

    `withdrawn` are those that the machine took back itself when their source changed: nobody judged them.
    """

    low: float | None
    high: float | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        """How many editors judged."""
        return sum(self.counts.get(name, 0) for name in (ACCEPTED, MERGED, REJECTED))

    @property
    def rate(self) -> float | None:
        """Share of the judged that was accepted, 0 to 1; what was merged was no new event: not accepted."""
        return self.counts.get(ACCEPTED, 0) / self.decided if self.decided else None


def report() -> dict[str, list[Bin]]:
    """Return the bins for events, evidence and claims, the surest first. Three queries."""
    return {
        "events": _binned(_events()),
        "evidence": _binned(_evidence()),
        "claims": _binned(_claims()),
    }


def _events() -> QuerySet[Event]:
    """By how sure the machine was when it proposed: its decision keeps that, whatever was moved since."""
    proposed = Decision.objects.filter(event=OuterRef("pk"), action=Decision.Action.PROPOSE)
    by_itself = Correction.objects.filter(event=OuterRef("pk"), quiet=True)
    rejected = Q(status=Event.Status.REJECTED)
    told = proposed.order_by("pk").annotate(sure=KeyTextTransform("sure", "after"))
    return Event.objects.filter(Exists(proposed)).annotate(
        sure=Cast(Subquery(told.values("sure")[:1]), FloatField()),
        became=_became(
            (Q(status=Event.Status.PUBLISHED), ACCEPTED),
            (Q(status=Event.Status.MERGED), MERGED),
            (rejected & Q(settled_at__isnull=True) & Exists(by_itself), WITHDRAWN),
            (rejected, REJECTED),
        ),
    )


def _evidence() -> QuerySet[Evidence]:
    by_itself = Correction.objects.filter(evidence=OuterRef("pk"), quiet=True)
    withdrawn = Q(Exists(by_itself.filter(outcome=Correction.Outcome.REMOVED)))
    return Evidence.objects.filter(origin=Evidence.Origin.MACHINE).annotate(
        sure=F("candidate__confidence"), became=_row_became(withdrawn)
    )


def _claims() -> QuerySet[Claim]:
    by_itself = Correction.objects.filter(claims=OuterRef("pk"), quiet=True)
    withdrawn = Q(Exists(by_itself))
    return Claim.objects.filter(origin=Evidence.Origin.MACHINE).annotate(
        sure=Coalesce(
            "candidate__candidate__confidence",
            "evidence__candidate__confidence",
            output_field=FloatField(),
        ),
        became=_row_became(withdrawn),
    )


def _row_became(withdrawn: Q) -> Case:
    """Of what hangs on an event: rejected with it, too, and accepted only where it is public."""
    rejected = Q(standing=Standing.REJECTED)
    return _became(
        (rejected & withdrawn, WITHDRAWN),
        (rejected | Q(event__status=Event.Status.REJECTED), REJECTED),
        (Q(standing=Standing.PUBLISHED, event__status=Event.Status.PUBLISHED), ACCEPTED),
    )


def _became(*cases: tuple[Any, str]) -> Case:
    whens = [When(condition, then=Value(name)) for condition, name in cases]
    return Case(*whens, default=Value(WAITING), output_field=CharField())


def _binned(rows: QuerySet[Any]) -> list[Bin]:
    """Count by confidence and outcome in the database."""
    step = Case(
        *(When(sure__gte=low, then=Value(low)) for low in reversed(BINS)),
        default=Value(None),
        output_field=FloatField(),
    )
    counted = (
        rows.annotate(bin=step).order_by().values_list("bin", "became").annotate(count=Count("pk"))
    )
    bins = _empty()
    for low, became, count in counted:
        bins[low].counts[became] = count
    return [row for row in bins.values() if row.low is not None or row.counts]


def _empty() -> dict[float | None, Bin]:
    highs: Sequence[float | None] = (*BINS[1:], None)
    ladder = list(zip(BINS, highs, strict=True))
    return {low: Bin(low, high) for low, high in reversed(ladder)} | {None: Bin(None, None)}
