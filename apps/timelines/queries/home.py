"""What the home page shows of each dossier."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from apps.events.models import Event
from apps.timelines import tension
from apps.timelines.asof import NOW, AsOf
from apps.timelines.drawing.sparklines import Sparkline, sparkline
from apps.timelines.models import DayRollup, Timeline
from apps.timelines.queries import stored
from apps.timelines.queries.index import amounts_of_each
from apps.timelines.queries.readings import readings_of_each
from apps.timelines.queries.scope import members, read_scopes, then


@dataclass(frozen=True, slots=True)
class Dossier:
    """A timeline, how many public events it has, when one last changed, and its index in small.

    As of a day, `changed` is when the last of them was first reported.
    """

    timeline: Timeline
    events: int
    changed: datetime | None
    first: tension.Day
    last: tension.Day
    peak: tension.Day
    line: Sparkline


def dossiers(as_of: AsOf = NOW) -> list[Dossier]:
    """Return the published timelines by title; the number of queries does not grow with them.

    As of a day, those that had an event by then; their index ends with that day.
    """
    published = list(Timeline.objects.public().order_by("title"))
    if as_of.day:
        return _dossiers_as_of(published, as_of)
    counts = dict(
        DayRollup.objects.order_by().values_list("timeline").annotate(count=Sum("events"))
    )
    exact = stored.versions(published)
    made = amounts_of_each([timeline for timeline in published if timeline.pk in exact])
    rest = [timeline for timeline in published if timeline.pk not in made]
    live = readings_of_each([members(scope) for scope in read_scopes(rest)]) if rest else []
    for timeline, (found, changed) in zip(rest, live, strict=True):
        made[timeline.pk] = [tension.amounts(reading) for reading in found], changed
    return [_dossier(t, counts.get(t.pk, 0), *made[t.pk]) for t in published]


def _dossiers_as_of(published: list[Timeline], as_of: AsOf) -> list[Dossier]:
    """The stored day counts are those of now: here the events themselves are counted."""
    scopes = read_scopes(published, as_of.moment)
    otherwise = then.read(Event.objects.as_of(as_of.moment), as_of.moment).by_event
    read = readings_of_each([members(scope) for scope in scopes], otherwise, "first_public_at")
    return [
        _dossier(timeline, len(readings), [tension.amounts(r) for r in readings], told, as_of)
        for timeline, (readings, told) in zip(published, read, strict=True)
        if readings
    ]


def _dossier(
    timeline: Timeline,
    events: int,
    amounts: list[tension.Amounts],
    changed: datetime | None,
    as_of: AsOf = NOW,
) -> Dossier:
    end = as_of.until(timeline.focus_end or timeline.end)
    start = min(timeline.focus_start or timeline.start, end)
    index = tension.series_of(amounts, start, end)
    return Dossier(
        timeline=timeline,
        events=events,
        changed=changed,
        first=index[0],
        last=index[-1],
        peak=max(index, key=lambda day: day.value),
        line=sparkline([(day.low, day.value, day.high) for day in index]),
    )
