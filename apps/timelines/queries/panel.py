"""What every page of a view shows beside its own picture: filters with their counts, chips, ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from apps.timelines.filters import Bounds, Chip, Filters, cleared
from apps.timelines.queries.facets import Facets, facets
from apps.timelines.queries.narrowing import matching
from apps.timelines.queries.scope import Scope
from apps.timelines.queries.selection import Selection, named_chips


class Addresses:
    """Other views that a view leads to, as addresses relative to its page."""

    filters: Filters
    bounds: Bounds

    @property
    def cleared_href(self) -> str:
        """The same days without other filters."""
        return cleared(self.filters).href

    @property
    def closed_href(self) -> str:
        """The same view without an open event."""
        return replace(self.filters, event="").href

    @property
    def now_href(self) -> str:
        """The same view as known now."""
        return replace(self.filters, as_of=None).href

    @property
    def whole_href(self) -> str:
        """All days of the timeline with the same filters."""
        return self.filters.changed(start=self.bounds.start, end=self.bounds.end).href


@dataclass(frozen=True)
class Panel(Addresses):
    """The filters of a view with what is in force, and what to do where nothing answers to them."""

    filters: Filters
    bounds: Bounds
    faults: list[str]
    facets: Facets
    chips: list[Chip]
    drops: list[tuple[Chip, int]]  # where nothing matches: what leaving one filter out would show
    total: int

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The view without its clock, for the form that sets the clock."""
        return parse_qsl(replace(self.filters, as_of=None, page=1).query())


def read_panel(chosen: Selection, total: int, faults: Sequence[str] = ()) -> Panel:
    """Read the panel of a view in which `total` events answer; `faults` are the page's own."""
    found = named_chips(chosen, chosen.filters)
    return Panel(
        filters=chosen.filters,
        bounds=chosen.bounds,
        faults=[*chosen.faults, *faults],
        facets=facets(chosen.scope, chosen.filters, chosen.actors),
        chips=found,
        drops=[] if total else drops(chosen.scope, found, chosen.actor_ids),
        total=total,
    )


def drops(scope: Scope, found: Sequence[Chip], ids: Mapping[str, int]) -> list[tuple[Chip, int]]:
    """Return the filters whose leaving would show something, with how much."""
    counts = [(c, matching(scope, c.without, actor_ids=ids).count()) for c in found]
    return [(chip, count) for chip, count in counts if count]


def address(page: str, chosen: Selection, filters: Filters | None = None, **more: Any) -> str:
    """Return the address of a view on a page of its timeline ("timeline", "map", "network").

    `more` is what only that page understands.
    """
    query = (filters or chosen.filters).query()
    extra = urlencode({name: value for name, value in more.items() if value})
    both = "&".join(part for part in (query, extra) if part)
    path = reverse(page, args=[chosen.timeline.slug])
    return f"{path}?{both}" if both else path
