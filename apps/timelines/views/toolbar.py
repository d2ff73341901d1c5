"""What the toolbar, the chart's head, the overview and the list's heads need beside the view."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext

from apps.timelines import chart_words, ranges, wording
from apps.timelines.drawing.overview import Overview, overview
from apps.timelines.filters import LANES, Filters
from apps.timelines.queries import order
from apps.timelines.queries.index import index
from apps.timelines.queries.keeping import kept
from apps.timelines.queries.selection import Selection
from apps.timelines.queries.timeline import View

JUMP = "jump"
MOVES = ("first", "earlier", "later", "last", "today")
ZOOMS = ("wider", "closer")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to see the same: its name, label and address."""

    name: str
    label: str
    href: str
    now: bool


def context(chosen: Selection, view: View) -> dict[str, Any]:
    """Return the toolbar's context; three queries."""
    filters = view.filters
    jumps = ranges.jumps(filters, view.bounds, _known(chosen), _today(chosen))
    steps = {step.name: step for step in (*view.steps, *jumps)}
    return {
        "moves": [steps[name] for name in MOVES if name in steps],
        "zooms": [steps[name] for name in ZOOMS],
        "jump_fields": ranges.carried(filters, "from", "to", "page"),
        "lane_choices": _lanes(filters),
        "arcs_choice": filters.changed(arcs=not filters.arcs, page=filters.page).href,
        "columns": order.columns(filters),
        "overview": _overview(chosen, view),
    }


def _known(chosen: Selection) -> tuple[date, date] | None:
    """Return the first day of the first and the last day of the last event that answers to the filters."""
    bounds = chosen.bounds
    # Whatever days are shown.
    asked = chosen.filters.changed(start=bounds.start, end=bounds.end, lanes=LANES[0])
    found = kept(
        chosen.scope,
        asked,
        "known",
        lambda: chosen.on_any_day.aggregate(first=Min("start"), last=Max("end")),
    )
    return (found["first"], found["last"]) if found["first"] else None


def _today(chosen: Selection) -> date:
    """Return the day by which is known what is shown."""
    return chosen.as_of.day or timezone.now().astimezone(UTC).date()


def _lanes(filters: Filters) -> list[Choice]:
    return [
        Choice(
            name,
            str(label),
            filters.changed(lanes=name, page=filters.page).href,
            name == filters.lanes,
        )
        for name, label in chart_words.LANES.items()
    ]


def _overview(chosen: Selection, view: View) -> Overview:
    bounds = (view.bounds.start, view.bounds.end)
    whole = Filters(*bounds, as_of=view.filters.as_of)
    found, _ = index(chosen.scope, whole, chosen.as_of, chosen.actor_ids)
    return overview(bounds, (view.filters.start, view.filters.end), found)


def jumped(chosen: Selection, asked: str) -> str:
    """Return the address of the view with the day asked for in its middle; "" where it is none.

    Why not is added to the faults of `chosen`.
    """
    try:
        day = date.fromisoformat(asked.strip())
    except ValueError:
        chosen.faults.append(
            gettext("“%(asked)s” is not a day to jump to; write it as 2020-01-31.")
            % {"asked": asked[:40]}
        )
        return ""
    bounds, filters = chosen.bounds, chosen.filters
    if not bounds.start <= day <= bounds.end:
        chosen.faults.append(
            gettext("This timeline goes from %(start)s to %(end)s; %(day)s lies outside.")
            % {
                "start": wording.day(bounds.start),
                "end": wording.day(bounds.end),
                "day": wording.day(day),
            }
        )
        return ""
    start, end = ranges.around(filters, bounds, day)
    return filters.changed(start=start, end=end).href
