"""What the home page shows of each dossier."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from apps.timelines import tension
from apps.timelines.models import DayRollup, Timeline
from apps.timelines.queries import members, read_scopes
from apps.timelines.readings import readings_of_each
from apps.timelines.sparklines import Sparkline, sparkline


@dataclass(frozen=True, slots=True)
class Dossier:
    """A timeline, how many public events it has, when one last changed, and its index in small."""

    timeline: Timeline
    events: int
    changed: datetime | None
    first: tension.Day
    last: tension.Day
    peak: tension.Day
    line: Sparkline


def dossiers() -> list[Dossier]:
    """Return the published timelines by title; the number of queries does not grow with them."""
    counts = dict(
        DayRollup.objects.order_by().values_list("timeline").annotate(count=Sum("events"))
    )
    published = list(Timeline.objects.public().order_by("title"))
    read = readings_of_each([members(scope) for scope in read_scopes(published)])
    return [
        _dossier(timeline, counts.get(timeline.pk, 0), *found)
        for timeline, found in zip(published, read, strict=True)
    ]


def _dossier(
    timeline: Timeline, events: int, readings: list[tension.Reading], changed: datetime | None
) -> Dossier:
    start, end = timeline.focus_start or timeline.start, timeline.focus_end or timeline.end
    index = tension.series(readings, start, end)
    return Dossier(
        timeline=timeline,
        events=events,
        changed=changed,
        first=index[0],
        last=index[-1],
        peak=max(index, key=lambda day: day.value),
        line=sparkline([(day.low, day.value, day.high) for day in index]),
    )
