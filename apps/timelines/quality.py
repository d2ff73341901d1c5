"""What the methodology page says of the machine's suggestions and of how far editors agree, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from apps.events import acceptance, double_coding
from apps.events.acceptance import ACCEPTED, MERGED, REJECTED, WAITING, WITHDRAWN, Bin
from apps.events.agreement import Agreement

# Below this many, a share or an alpha says more about chance than about what is measured.
LEAST = 20
# Krippendorff, "Content Analysis" (2nd edition, 2004), p. 241: from 0.8 on conclusions may be drawn, from
# 0.667 on tentative ones.
_RELIABLE, _TENTATIVE = 0.8, 0.667
_KINDS = {
    "events": gettext_lazy("New events"),
    "evidence": gettext_lazy("Sentences attached to events"),
    "claims": gettext_lazy("Claims"),
}


@dataclass(frozen=True, slots=True)
class Shares:
    """One bin of confidence: how many were suggested, what became of them, and the share accepted.

    `rate` is 0 to 1, None where too few were decided.
    """

    confidence: str
    accepted: int
    merged: int
    rejected: int
    withdrawn: int
    waiting: int
    rate: float | None

    @property
    def percent(self) -> str:
        """The share in words."""
        if not self.accepted + self.merged + self.rejected:
            return gettext("none decided")
        return gettext("too few to say") if self.rate is None else f"{100 * self.rate:.0f} %"


@dataclass(frozen=True, slots=True)
class Suggestions:
    """One kind of suggestion, by confidence, the surest first, and all of them together."""

    name: str
    bins: tuple[Shares, ...]
    total: Shares


@dataclass(frozen=True, slots=True)
class FieldRow:
    """How far two codings agree about one field; `alpha` is None where there is none to be told."""

    words: str
    metric: str
    units: int
    percent: str
    alpha: float | None
    says: str

    @property
    def length(self) -> str:
        """Alpha as the length of a bar, 0 to 1."""
        return f"{max(self.alpha or 0.0, 0.0):.3f}"


@dataclass(frozen=True, slots=True)
class Quality:
    """Both tables, and when they were computed (aware)."""

    suggestions: tuple[Suggestions, ...]
    fields: tuple[FieldRow, ...]
    codings: int
    least: int
    computed_at: datetime


def report() -> Quality:
    """Compute both tables from what was decided and coded until now. Four queries."""
    found = double_coding.report()
    return Quality(
        suggestions=tuple(
            _suggestions(str(_KINDS[kind]), bins) for kind, bins in acceptance.report().items()
        ),
        fields=tuple(_field(name, measured) for name, measured in found.items()),
        codings=max((measured.units for measured in found.values()), default=0),
        least=LEAST,
        computed_at=timezone.now(),
    )


def _suggestions(name: str, bins: Sequence[Bin]) -> Suggestions:
    total = Bin(None, None)
    for row in bins:
        for became, count in row.counts.items():
            total.counts[became] = total.counts.get(became, 0) + count
    return Suggestions(
        name, tuple(_shares(row, _confidence(row)) for row in bins), _shares(total, gettext("all"))
    )


def _confidence(row: Bin) -> str:
    if row.low is None:
        return gettext("not known any more")
    if row.high is None:
        return gettext("%(low)s and more") % {"low": f"{row.low:g}"}
    return gettext("%(low)s to %(high)s") % {"low": f"{row.low:g}", "high": f"{row.high:g}"}


def _shares(row: Bin, confidence: str) -> Shares:
    return Shares(
        confidence=confidence,
        accepted=row.counts.get(ACCEPTED, 0),
        merged=row.counts.get(MERGED, 0),
        rejected=row.counts.get(REJECTED, 0),
        withdrawn=row.counts.get(WITHDRAWN, 0),
        waiting=row.counts.get(WAITING, 0),
        rate=row.rate if row.decided >= LEAST else None,
    )


def _field(name: str, found: Agreement) -> FieldRow:
    field = double_coding.FIELDS[name]
    enough = found.units >= LEAST
    return FieldRow(
        words=str(field.words),
        metric=str(field.metric_words),
        units=found.units,
        percent=f"{found.percent:.0f} %" if enough and found.percent is not None else "",
        alpha=found.alpha if enough else None,
        says=_says(found.alpha) if enough else gettext("too few to say"),
    )


def _says(alpha: float | None) -> str:
    if alpha is None:
        return gettext("one value only: undefined")
    if alpha >= _RELIABLE:
        return gettext("reliable")
    return gettext("tentative") if alpha >= _TENTATIVE else gettext("not reliable")
