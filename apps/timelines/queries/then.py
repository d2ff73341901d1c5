"""Events as they read at a moment: tolls, contested, denied and severity from the claims known by then.

Where all claims of an event were known by the moment, its columns stand as they are; only the others are
derived again, all in a few queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from apps.events.derived import columns, headlines
from apps.events.models import Claim, Event, EventQuerySet, Evidence
from apps.timelines.queries.readings import FIELDS, Otherwise, reading, severity


@dataclass(frozen=True, slots=True)
class Then:
    """The derived columns of events that read otherwise then, by event id; none as known now."""

    by_event: Otherwise = field(default_factory=dict)

    def onto(self, events: Iterable[Event]) -> None:
        """Make loaded events read as they did then. They are for showing: never save them."""
        for event in events:
            for name, value in self.by_event.get(event.pk, {}).items():
                setattr(event, name, value)

    @property
    def contested(self) -> Q:
        """A condition on events: contested then."""
        if not self.by_event:
            return Q(contested=True)
        contested = [pk for pk, values in self.by_event.items() if values["contested"]]
        return Q(contested=True) & ~Q(pk__in=list(self.by_event)) | Q(pk__in=contested)

    def severe(self, least: int) -> Q:
        """A condition on events: at least so severe then, towards conflict or towards cooperation."""
        enough = Q(severity__gte=least) | Q(severity__lte=-least)
        if not self.by_event:
            return enough
        severe = [pk for pk, then in self.by_event.items() if abs(then["severity"]) >= least]
        return enough & ~Q(pk__in=list(self.by_event)) | Q(pk__in=severe)


def read(events: EventQuerySet, moment: datetime | None) -> Then:
    """Return how `events` (known at `moment`, aware) read then; None: now, without a query."""
    if moment is None:
        return Then()
    # What rests on no article version is known by its own time alone.
    versioned = Q(evidence__article_version__isnull=False)
    known = Claim.objects.as_of(moment).filter(versioned).values("pk")
    later_word = Q(known_at__gt=moment) | Q(evidence__known_at__gt=moment)
    unlike = later_word | versioned & ~Q(pk__in=known)
    later = Claim.objects.public().filter(unlike, event=OuterRef("pk"))
    rows = list(events.filter(Exists(later)).order_by().values(*FIELDS))
    heads = headlines(Event.objects.filter(pk__in=[row["pk"] for row in rows]), moment)
    return Then({row["pk"]: _columns(row, columns(heads[row["pk"]])) for row in rows})


def hindsight(moment: datetime) -> Q:
    """A condition on events: something became known of them after the moment; their summary may tell of it."""
    of = {"event": OuterRef("pk")}
    evidence, claims = Evidence.objects.public(), Claim.objects.public()
    known = Evidence.objects.as_of(moment).values("pk"), Claim.objects.as_of(moment).values("pk")
    return Q(Exists(evidence.filter(**of).exclude(pk__in=known[0]))) | Q(
        Exists(claims.filter(**of).exclude(pk__in=known[1]))
    )


def _columns(row: dict[str, Any], derived: dict[str, Any]) -> dict[str, Any]:
    return {**derived, "severity": severity(reading({**row, **derived}))}
