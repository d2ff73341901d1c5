"""The links between the events of a chart, drawn as arcs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import F, Q
from django.db.models.functions import Abs, Greatest

from apps.events.models import Event, Link
from apps.timelines.drawing.chart_frame import Arc

MOST: Final = 150


def arcs(shown: Sequence[Event], every: bool, selected: str, moment: datetime | None) -> list[Arc]:
    """Return the public links among the events shown, the most severe first, 150 at most; one query.

    Every link where so asked, else those of the event selected (by public id); none without one. Those known at
    `moment` (aware); None: now. From the earlier event to the later, whichever of them the link starts at.
    """
    drawn = {event.pk: event for event in shown}
    chosen = next((event.pk for event in shown if event.public_id == selected), None)
    if not drawn or (chosen is None and not every):
        return []
    links = Link.objects.as_of(moment).filter(source__in=drawn, target__in=drawn)
    if not every:
        links = links.filter(Q(source=chosen) | Q(target=chosen))
    worst = Greatest(Abs(F("source__severity")), Abs(F("target__severity")))
    links = links.annotate(worst=worst).order_by("-worst", "pk")[:MOST]
    return [_arc(link, drawn[link.source_id], drawn[link.target_id]) for link in links]


def _arc(link: Link, one: Event, other: Event) -> Arc:
    ends = sorted((one, other), key=lambda event: (event.start, event.end))
    backward = link.source_id == ends[1].pk
    return Arc(ends[0].public_id, ends[1].public_id, link.get_kind_display(), backward)
