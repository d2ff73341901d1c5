"""What the chart of a view is drawn from: marks or folds in lanes, arcs, coverage and the index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final

import orjson
from django.db.models import Count, F, Sum
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from apps.core import plover
from apps.events.models import Event, EventQuerySet
from apps.timelines.drawing import charts
from apps.timelines.drawing.chart_frame import Behind, Chart
from apps.timelines.drawing.packing import DayCount, Fold, Mark, fold
from apps.timelines.drawing.still import still
from apps.timelines.filters import Filters
from apps.timelines.queries import stored
from apps.timelines.queries.arcs import arcs
from apps.timelines.queries.coverage import Coverage, coverage
from apps.timelines.queries.index import index
from apps.timelines.queries.keeping import kept
from apps.timelines.queries.lanes import Lanes
from apps.timelines.queries.scope import Scope
from apps.timelines.queries.selection import Selection
from apps.timelines.queries.signals import Background

_SAFE_IN_BLOCK: Final = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}


def total_of(events: EventQuerySet, scope: Scope, filters: Filters) -> int:
    """Count the events of a view."""
    return kept(scope, filters, "total", events.count)


def chart_of(
    chosen: Selection,
    filters: Filters,
    lanes: Lanes,
    events: EventQuerySet,
    shown: Sequence[Event],
    covered: Coverage,
    behind: Background | None = None,
) -> Chart:
    """Return the chart of a view: the events `shown` as marks, or where there are none, all of them folded."""
    scope = chosen.scope
    marks, folds = _marks(shown), []
    if not shown:
        folds = kept(scope, filters, "folds", lambda: _folds(events, scope, filters, lanes))
    used = {mark.lane for mark in marks} | {fold.lane for fold in folds}
    line, part = index(scope, filters, chosen.as_of, chosen.actor_ids)
    today = _today()
    return Chart(
        start=filters.start,
        end=filters.end,
        index=line,
        lanes=lanes.shown(used, filters.dyads),
        marks=marks,
        folds=folds,
        part=part,
        selected=filters.event,
        arcs=arcs(shown, filters.arcs, filters.event, scope.moment),
        coverage=covered.parts,
        behind=parts_behind(behind),
        opened=filters.day if filters.day and filters.start <= filters.day <= filters.end else None,
        today=today if filters.as_of is None and filters.start <= today <= filters.end else None,
    )


def parts_behind(found: Background | None) -> list[Behind]:
    """Return signals as they are drawn: by which way they point."""
    return [
        Behind(bucket.start, bucket.end, sum(bucket.counts[2:]), sum(bucket.counts[:2]))
        for bucket in (found.buckets if found else ())
    ]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart: as JSON for plotly.js, and as the markup of an SVG that is seen until that is here.

    The JSON has no character that could end the data block of a page in which it stands.
    """

    figure: str
    still: str


def drawn_of(chart: Chart) -> Drawn:
    """Draw a chart; as long as it shows the same it is drawn once for each language."""
    shown = orjson.dumps(chart, default=str).decode()
    return stored.kept(f"drawn {get_language()}", shown, lambda: _drawn(chart))


def _drawn(chart: Chart) -> Drawn:
    figure = charts.figure(chart)
    block = charts.as_json(figure)
    for sign, escaped in _SAFE_IN_BLOCK.items():
        block = block.replace(sign, escaped)
    return Drawn(block, still(figure))


def coverage_of(chosen: Selection) -> Coverage:
    """Return what was read on the days shown, as far as they have come and are known."""
    filters, as_of = chosen.filters, chosen.as_of
    end = as_of.until(min(filters.end, _today()))
    return coverage(chosen.timeline, filters.start, end, as_of.moment)


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _marks(shown: Sequence[Event]) -> list[Mark]:
    return [
        Mark(
            key=event.public_id,
            title=event.title,
            lane=event.drawn_in,  # type: ignore[attr-defined]  # Lanes.of_events()
            start=event.start,
            end=event.end,
            precision=event.precision,
            type=event.type,
            quad=event.quad,
            severity=event.severity,
            contested=event.contested,
            words=_toll(event),
        )
        for event in shown
    ]


def _toll(event: Event) -> str:
    killed, wounded = event.killed or 0, event.wounded or 0
    told = [
        ngettext("%(number)s killed", "%(number)s killed", killed) % {"number": f"{killed:,}"}
        if killed
        else "",
        ngettext("%(number)s wounded", "%(number)s wounded", wounded) % {"number": f"{wounded:,}"}
        if wounded
        else "",
    ]
    return ", ".join(filter(None, told))


def _folds(events: EventQuerySet, scope: Scope, filters: Filters, lanes: Lanes) -> list[Fold]:
    rows = (
        events.order_by()
        .values_list("drawn_in", "start", "type")  # type: ignore[misc]  # Lanes.of_events()
        .annotate(count=Count("pk"), total=Sum(F("severity")))
    )
    counts = [
        DayCount(lane, max(day, filters.start), plover.QUAD[type_], count, total)
        for lane, day, type_, count, total in [*rows, *_corrections(events, scope)]
    ]
    return fold(counts, filters.start, filters.end, len(lanes.shown({c.lane for c in counts})))


def _corrections(events: EventQuerySet, scope: Scope) -> list[tuple[str, date, str, int, float]]:
    """Return by how much the severity of each event that read otherwise then differed, as rows of `_folds`."""
    then = scope.then.by_event
    if not then:
        return []
    fields = ("drawn_in", "start", "type", "pk", "severity")
    rows = events.filter(pk__in=list(then)).values_list(*fields)
    return [
        (lane, day, type_, 0, then[pk]["severity"] - severity)
        for lane, day, type_, pk, severity in rows
    ]
