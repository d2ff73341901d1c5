"""Places that an article names again by their kind only: "the zone", "the base" after Camp Taji."""

import re
from collections.abc import Sequence

from apps.annotations.pipeline.types import Lexicon, PlaceMention, Span

# The noun that stands for a place -> words that such a place has in one of its names.
_KINDS: dict[str, frozenset[str]] = {
    "zone": frozenset({"zone"}),
    "base": frozenset({"base", "camp"}),
    "camp": frozenset({"camp"}),
    "airport": frozenset({"airport"}),
    "embassy": frozenset({"embassy"}),
    "compound": frozenset({"compound"}),
    "crossing": frozenset({"crossing"}),
    "plant": frozenset({"plant", "complex"}),
}
_ECHO = re.compile(
    rf"\b(?:the|that|this)\s+({'|'.join(_KINDS)})\b(?!\s+(?:of|at|in)\s+[A-Z])", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+")
_WITHIN = 3_000  # characters back to the place's name


class PlaceEchoes:
    """The places of a lexicon by the words of their names."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = {
            place.id: frozenset(_WORD.findall(" ".join((place.name, *place.aliases)).lower()))
            for place in lexicon.places
        }

    def find(self, text: str, places: Sequence[PlaceMention]) -> list[PlaceMention]:
        """Return each echo as a mention of the place of that kind named last before it."""
        named = [place for place in places if place.place]
        found = []
        for hit in _ECHO.finditer(text):
            span = Span(hit.start(1), hit.end(1))
            if any(place.span.overlaps(span) for place in places):
                continue
            meant = self._last(named, _KINDS[hit.group(1).lower()], span.start)
            if meant is not None:
                found.append(
                    PlaceMention(
                        span, span.of(text), meant.place, meant.country, meant.lat, meant.lon
                    )
                )
        return found

    def _last(
        self, named: Sequence[PlaceMention], kind: frozenset[str], position: int
    ) -> PlaceMention | None:
        near = [p for p in named if position - _WITHIN <= p.span.start and p.span.end <= position]
        fitting = (p for p in reversed(near) if self._words.get(p.place or "", frozenset()) & kind)
        return next(fitting, None)
