"""How many independent reports told of events at a moment: the kept count, but for those told of later, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from apps.events import lineages
from apps.events.models import Event, EventQuerySet, Evidence


@dataclass(frozen=True, slots=True)
class Told:
    """The independent reports of events of which more was told later, by event id; none as known now."""

    by_event: Mapping[int, int] = field(default_factory=dict)

    def at_least(self, least: int) -> Q:
        """A condition on events: at least so many independent reports told of them then."""
        enough = Q(reports__gte=least)
        if not self.by_event:
            return enough
        told = [pk for pk, reports in self.by_event.items() if reports >= least]
        return enough & ~Q(pk__in=list(self.by_event)) | Q(pk__in=told)


def read(events: EventQuerySet, moment: datetime | None) -> Told:
    """Return how often `events` (known at `moment`, aware) were told of then; None: now, without a query."""
    if moment is None:
        return Told()
    # What rests on no article version is known by its own time alone.
    versioned = Q(article_version__isnull=False)
    known = Evidence.objects.as_of(moment).filter(versioned).values("pk")
    unlike = Q(known_at__gt=moment) | versioned & ~Q(pk__in=known)
    later = Evidence.objects.public().filter(unlike, event=OuterRef("pk"))
    told_later = list(events.filter(Exists(later)).order_by().values_list("pk", flat=True))
    counts = lineages.counts(Event.objects.as_of(moment).filter(pk__in=told_later), moment)
    return Told({pk: counts[pk].reports if pk in counts else 0 for pk in told_later})
