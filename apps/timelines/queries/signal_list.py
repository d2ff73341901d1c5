"""Single signals of a view, and what all of a timeline add up to."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.db import OperationalError
from django.utils.translation import gettext

from apps.core import plover
from apps.signals.models import Party, Signal, SignalSource
from apps.timelines import tension
from apps.timelines.drawing.behind import Column, columns
from apps.timelines.filters import Filters
from apps.timelines.queries.chart import parts_behind
from apps.timelines.queries.panel import Panel, read_panel
from apps.timelines.queries.selection import Selection
from apps.timelines.queries.signals import (
    Background,
    background,
    from_counts,
    known_later,
    limited,
    memory_from,
    remembered,
    rows_of,
    state_of,
    too_much,
)
from apps.timelines.signal_models import Dim, Grain

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal in the list; `href` is where to read it, empty where that is no address of the web."""

    signal: Signal
    href: str

    @property
    def quad(self) -> int:
        """Its quad class."""
        return plover.QUAD[self.signal.type]

    @property
    def by(self) -> str:
        """Who did it: the actor it means here, or as the source says."""
        return named(self.signal.initiator)

    @property
    def at(self) -> str:
        """To whom."""
        return named(self.signal.target)

    @property
    def arrow(self) -> str:
        """From who did it to whom; ACLED tells no direction."""
        return "–" if self.signal.source.kind == SignalSource.Kind.ACLED else "→"


@dataclass(frozen=True, slots=True)
class SignalsView:
    """The page of the signals behind a view."""

    panel: Panel
    background: Background | None
    columns: list[Column]
    rows: list[SignalRow]
    sources: list[SignalSource]
    words: str = ""  # why nothing is listed

    @property
    def total(self) -> int:
        """How many signals there are."""
        return self.background.total if self.background else 0


def named(party: Party | None) -> str:
    """Return the name of a party: of the actor it means here, or as the source has it; empty for none."""
    if party is None:
        return ""
    return party.actor.name if party.actor else party.name


def read_signals(chosen: Selection) -> SignalsView:
    """Read the page of signals of a view."""
    found = background(chosen)
    words, rows = (found.words if found else gettext("Nobody brought signals here yet.")), []
    if not words:
        try:
            rows = [SignalRow(signal, _href(signal)) for signal in loudest(chosen)]
        except OperationalError as fault:
            words = too_much(fault)
    return SignalsView(
        panel=read_panel(chosen, found.total if found else 0),
        background=found,
        columns=columns(parts_behind(found)),
        rows=rows,
        sources=list(SignalSource.objects.public()),
        words=words,
    )


def _href(signal: Signal) -> str:
    return signal.url if signal.url.lower().startswith(("http://", "https://")) else ""


def loudest(chosen: Selection, page: int = 1) -> list[Signal]:
    """Return the signals of a view that are most severe and most told of, PAGE_SIZE a page."""
    last = chosen.as_of.until(chosen.filters.end)
    rows = rows_of(chosen).filter(start__gte=chosen.filters.start, start__lte=last)
    begin = (page - 1) * PAGE_SIZE
    joined = rows.select_related("source", "initiator__actor", "target__actor", "spot__place")
    with limited():
        return list(joined.order_by("-salience", "-pk")[begin : begin + PAGE_SIZE])


def load(chosen: Selection) -> list[tuple[date, float]]:
    """Return what signals add up to by the index's memory, for each day.

    From counts alone: of everything in scope, whatever the filters. The scale K is not theirs.
    """
    state = state_of(chosen)
    first, last = chosen.filters.start, chosen.as_of.until(chosen.filters.end)
    if state is None or not state.exact or last < first:
        return []
    asked = replace(chosen, filters=Filters(first, last, as_of=chosen.filters.as_of))
    rows = from_counts(asked, state, (Dim.ALL, [0]), first, last, Grain.DAY)
    before = first - timedelta(days=1)
    # By the sign of what happened: the two are remembered for different times.
    amounts: dict[tuple[date, bool], float] = defaultdict(float)
    for day, _, _, _, severity in rows:
        amounts[day, severity >= 0] += severity
    for amount in remembered(asked, state, before):
        amounts[before, amount >= 0] += amount
    if asked.as_of.moment is not None:
        unknown = known_later(asked, memory_from(asked, before), last, Grain.DAY)
        for day, _, _, _, less in unknown:
            left = tension.decay(-less) ** max(0, (before - day).days)
            amounts[max(day, before), less <= 0] += less * left
    parts = ((day, amount) for (day, _), amount in amounts.items())
    loads = tension.loads_of(parts, first, last)
    return [(first + timedelta(days=n), load) for n, load in enumerate(loads)]
