"""The pages of one timeline, as the switch in the head of all of them shows them."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext

from apps.timelines.queries.panel import address
from apps.timelines.queries.selection import Selection
from apps.timelines.queries.signals import signals_kept


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the timeline in the present view."""

    name: str
    label: str
    href: str
    now: bool


def sections(chosen: Selection, now: str) -> list[Section]:
    """Return the timeline's pages with the view kept; `now` is the name of the present one's address."""
    labels = {
        "timeline": gettext("Timeline"),
        "map": gettext("Map"),
        "network": gettext("Network"),
        "index": gettext("Index"),
        "changes": gettext("What changed"),
        "compare": gettext("Compare"),
    }
    if now == "signals" or signals_kept():
        labels["signals"] = gettext("Signals")
    # Which event or day is open belongs to the timeline's page; a comparison has filters of its own.
    view = replace(chosen.filters, event="", day=None, page=1)
    return [
        Section(
            name,
            label,
            chosen.as_of.link(reverse(name, args=[chosen.timeline.slug]))
            if name == "compare"
            else address(name, chosen, view),
            name == now,
        )
        for name, label in labels.items()
    ]
