"""Single signals of a view, and what all of a timeline add up to."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Final

from apps.signals.models import Signal
from apps.timelines import tension
from apps.timelines.filters import Filters
from apps.timelines.queries.selection import Selection
from apps.timelines.queries.signals import from_counts, limited, rows_of, state_of
from apps.timelines.signal_models import Dim, Grain

PAGE_SIZE: Final = 50


def loudest(chosen: Selection, page: int = 1) -> list[Signal]:
    """Return the signals of a view that are most severe and most told of, PAGE_SIZE a page."""
    last = chosen.as_of.until(chosen.filters.end)
    rows = rows_of(chosen).filter(start__gte=chosen.filters.start, start__lte=last)
    begin = (page - 1) * PAGE_SIZE
    joined = rows.select_related("source", "initiator__actor", "target__actor", "spot__place")
    with limited():
        return list(joined.order_by("-salience", "-pk")[begin : begin + PAGE_SIZE])


def load(chosen: Selection) -> list[tension.Day]:
    """Return what signals add up to by the index's memory, a day each; only its `load` is to be shown.

    From counts alone: of everything in scope, whatever the filters. The scale K is not theirs.
    """
    state = state_of(chosen)
    first, last = chosen.bounds.start, chosen.as_of.until(chosen.filters.end)
    if state is None or not state.exact or last < first:
        return []
    asked = replace(chosen, filters=Filters(first, last, as_of=chosen.filters.as_of))
    rows = from_counts(asked, state, (Dim.ALL, [0]), first, last, Grain.DAY)
    amounts: dict[tuple[date, bool], float] = defaultdict(float)
    for day, _, _, _, severity in rows:
        amounts[day, severity >= 0] += severity
    told = [
        tension.Amounts(day, day, True, total, total, total) for (day, _), total in amounts.items()
    ]
    return tension.series_of(told, chosen.filters.start, last)
