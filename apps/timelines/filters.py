"""What a timeline's address asks for, as a typed value. Plain: values in, values out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from apps.core import plover
from apps.timelines.wording import TYPE_WORDS, day

LONGEST_TEXT: Final = 200
OTHER_LANE: Final = "other"


class Query(Protocol):
    """A parsed query string, as Django's QueryDict is one."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of `key`."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be asked of one timeline: its days, the days shown first, its actors and lanes."""

    start: date
    end: date
    focus_start: date
    focus_end: date
    actors: Collection[str]
    dyads: Collection[str]


@dataclass(frozen=True, slots=True)
class Filters:
    """A view of a timeline: which events, which days, which event is open, which page of the list."""

    start: date
    end: date
    actors: tuple[str, ...] = ()
    dyads: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    text: str = ""
    contested: bool = False
    event: str = ""
    page: int = 1
    as_of: date | None = None  # known by the end of that day; None: now
    # The days that the address need not name.
    focus: tuple[date, date] | None = field(default=None, compare=False)

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the days is asked for."""
        return bool(self.actors or self.dyads or self.types or self.text or self.contested)

    @property
    def days(self) -> int:
        """Count the days shown."""
        return (self.end - self.start).days + 1

    def changed(self, **values: Any) -> "Filters":
        """Return this view with some values changed; the list starts again at its first page."""
        return replace(self, **{"page": 1, **values})

    def query(self) -> str:
        """Return the one query string of this view, without its question mark; empty for the first view."""
        pairs: list[tuple[str, str]] = [
            *(("actor", slug) for slug in self.actors),
            *(("dyad", slug) for slug in self.dyads),
            *(("type", type_) for type_ in self.types),
        ]
        if (self.start, self.end) != self.focus:
            pairs += [("from", self.start.isoformat()), ("to", self.end.isoformat())]
        if self.text:
            pairs.append(("q", self.text))
        if self.contested:
            pairs.append(("contested", "1"))
        if self.event:
            pairs.append(("event", self.event))
        if self.as_of:
            pairs.append(("as_of", self.as_of.isoformat()))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    @property
    def href(self) -> str:
        """Return the address of this view, relative to its timeline."""
        query = self.query()
        return f"?{query}" if query else "?"


def parse(query: Query, bounds: Bounds, as_of: date | None = None) -> tuple[Filters, list[str]]:
    """Read a query string; return the view, and a sentence for each value that had to be left out.

    `as_of` was read apart (see asof.py): it is no filter among others.
    """
    faults: list[str] = []
    start, end = _days(query, bounds, faults)
    return (
        Filters(
            start=start,
            end=end,
            actors=_known(query, "actor", bounds.actors, faults),
            dyads=_known(query, "dyad", {*bounds.dyads, OTHER_LANE}, faults),
            types=_known(query, "type", plover.TYPES, faults),
            text=_text(query, faults),
            contested=_last(query, "contested") in ("1", "on", "true"),
            event=_last(query, "event")[:40],
            page=_page(query, faults),
            as_of=as_of,
            focus=(bounds.focus_start, bounds.focus_end),
        ),
        faults,
    )


def _last(query: Query, key: str) -> str:
    values = query.getlist(key)
    return values[-1].replace("\0", "").strip() if values else ""


def _known(query: Query, key: str, known: Collection[str], faults: list[str]) -> tuple[str, ...]:
    asked = dict.fromkeys(value.strip() for value in query.getlist(key) if value.strip())
    faults += [
        f"This timeline has no {key} “{value[:60]}”; that filter was left out."
        for value in asked
        if value not in known
    ]
    return tuple(value for value in asked if value in known)


def _text(query: Query, faults: list[str]) -> str:
    text = " ".join(_last(query, "q").split())
    if len(text) > LONGEST_TEXT:
        faults.append(f"The search text was cut to its first {LONGEST_TEXT} characters.")
    return text[:LONGEST_TEXT].strip()


def _page(query: Query, faults: list[str]) -> int:
    asked = _last(query, "page")
    if asked in ("", "1"):
        return 1
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) < 100_000:
        return int(asked[:6])
    faults.append(f"There is no page “{asked[:20]}”; the first one is shown.")
    return 1


def _day(query: Query, key: str, faults: list[str]) -> date | None:
    asked = _last(query, key)
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        faults.append(f"“{asked[:40]}” is not a day; write it as 2020-01-31. It was left out.")
        return None


def _days(query: Query, bounds: Bounds, faults: list[str]) -> tuple[date, date]:
    """Return the days asked for, inside the timeline's; the focus where none are asked for."""
    first, last = _day(query, "from", faults), _day(query, "to", faults)
    if first is None and last is None:
        return bounds.focus_start, bounds.focus_end
    start, end = first or bounds.start, last or bounds.end
    if start > end:
        faults.append(f"{day(start)} is after {day(end)}; the days were left out.")
        return bounds.focus_start, bounds.focus_end
    if end < bounds.start or start > bounds.end:
        faults.append(
            f"This timeline goes from {day(bounds.start)} to {day(bounds.end)}; the days asked for lie outside."
        )
        return bounds.focus_start, bounds.focus_end
    return max(start, bounds.start), min(end, bounds.end)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, in words, and the view without it."""

    label: str
    without: Filters

    @property
    def href(self) -> str:
        """The address of the view without it."""
        return self.without.href


def chips(
    filters: Filters, actor_name: Callable[[str], str], dyad_label: Callable[[str], str]
) -> list[Chip]:
    """Return a chip for each filter in force, days apart."""
    without: list[tuple[str, Filters]] = []
    named: Sequence[tuple[str, Callable[[str], str]]] = (
        ("dyads", dyad_label),
        ("actors", actor_name),
        ("types", TYPE_WORDS.__getitem__),
    )
    for name, words in named:
        values: tuple[str, ...] = getattr(filters, name)
        without += [
            (words(v), filters.changed(**{name: tuple(o for o in values if o != v)}))
            for v in values
        ]
    if filters.text:
        without.append((f"“{filters.text}”", filters.changed(text="")))
    if filters.contested:
        without.append(("Contested only", filters.changed(contested=False)))
    return [Chip(label, rest) for label, rest in without]


def cleared(filters: Filters) -> Filters:
    """Return the same days, as of the same day, without any filter."""
    kept = {"start", "end", "event", "as_of", "focus"}
    return Filters(**{f.name: getattr(filters, f.name) for f in fields(filters) if f.name in kept})
