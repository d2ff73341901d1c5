"""Places named in a text: of the dossier, then states, capitals and cities of the world, with coordinates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.countries import countries
from apps.annotations.pipeline.names_context import words_of
from apps.annotations.pipeline.names_forms import ARTICLES, Token, folded, tokens
from apps.annotations.pipeline.names_trie import Entry, Trie
from apps.annotations.pipeline.types import ActorMention, Lexicon, PlaceMention, Span

_MAY_BE_INSIDE = frozenset(
    {"site", "region"}
)  # kinds that an actor's name may overlap ("US Embassy in Baghdad")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a name lies."""

    place: str | None
    country: str | None
    lat: float
    lon: float
    kind: str


class PlaceFinder:
    """Finds the places of a lexicon, and the world's states and larger cities, in texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._trie = Trie()
        self._spots: dict[str, _Spot] = {}
        taken: set[tuple[str, ...]] = set()
        for place in lexicon.places:
            spot = _Spot(place.id, _iso(place.country), place.lat, place.lon, place.kind)
            for name in (place.name, *place.aliases):
                self._add(name, spot)
                taken.add(folded(name))
        for name, spot in _world():
            if folded(name) not in taken:
                self._add(name, spot)

    def _add(self, name: str, spot: _Spot) -> None:
        key = f"{spot.place or ''}|{spot.lat}|{spot.lon}"
        self._spots[key] = spot
        words = tuple(token.surface for token in tokens(name) if token.fold not in ARTICLES)
        self._trie.add(folded(name), Entry(key, "alias", words))

    def find(
        self, text: str, sentences: Sequence[Span], actors: Sequence[ActorMention] = ()
    ) -> list[PlaceMention]:
        """Return the mentions in order; a name that means an actor here (`actors`) is no place.

        Sites ("US Embassy in Baghdad", "Green Zone") are places beside the actor named in them.
        """
        inside = _Spans(actors)
        found: list[PlaceMention] = []
        for sentence in sentences:
            listed = [token for token in tokens(text, sentence.start, sentence.end) if token.fold]
            found.extend(self._in_sentence(text, listed, inside))
        return found

    def _in_sentence(
        self, text: str, listed: list[Token], inside: "_Spans"
    ) -> Iterator[PlaceMention]:
        folds = [token.fold for token in listed]
        at = 0
        while at < len(listed):
            step = 1
            for hit in self._trie.longest(listed, folds, text, at):
                span = Span(listed[hit.first].start, listed[hit.last].end)
                spot = self._spot(hit.entries, listed[hit.first : hit.last + 1])
                if spot is None or not _is_place(
                    spot, span, inside, listed, hit.first, hit.last, text
                ):
                    continue
                yield PlaceMention(
                    span, span.of(text), spot.place, spot.country, spot.lat, spot.lon
                )
                step = hit.last - hit.first + 1
                break
            at += step

    def _spot(self, entries: tuple[Entry, ...], run: list[Token]) -> _Spot | None:
        for entry in entries:
            if _capitals_agree(entry, run):
                return self._spots[entry.actor or ""]
        return None


class _Spans:
    """Runs of the actors' mentions, looked up by overlap."""

    def __init__(self, actors: Sequence[ActorMention]) -> None:
        self._runs = sorted((a.span.start, a.span.end, a.kind) for a in actors)
        self._at = 0

    def overlapping(self, span: Span) -> list[str]:
        """Kinds of the mentions that share a character with `span`; asked in the order of the text."""
        while self._at and self._runs[self._at - 1][1] > span.start:
            self._at -= 1
        while self._at < len(self._runs) and self._runs[self._at][1] <= span.start:
            self._at += 1
        kinds = []
        at = self._at
        while at < len(self._runs) and self._runs[at][0] < span.end:
            kinds.append(self._runs[at][2])
            at += 1
        return kinds


def _iso(country: str) -> str | None:
    return None if country in ("", "XXX") else country


def _world() -> Iterator[tuple[str, _Spot]]:
    """Names of states, capitals and cities with their spots."""
    for country in countries():
        land = _Spot(None, country.iso, country.lat, country.lon, "country")
        for name in country.names:
            yield name, land
        if country.capital:
            yield (
                country.capital,
                _Spot(None, country.iso, country.capital_lat, country.capital_lon, "city"),
            )
    for row in data_files.rows("cities.csv"):
        spot = _Spot(None, _iso(row["iso"]), float(row["lat"]), float(row["lon"]), "city")
        for name in (row["name"], *[alias for alias in row["aliases"].split("|") if alias]):
            yield name, spot


def _capitals_agree(entry: Entry, run: list[Token]) -> bool:
    """A name's capitals are in the text; of a site's common nouns ("green zone") the text may spare them."""
    own = [token for token in run if token.fold not in ARTICLES]
    if len(entry.words) > 1 and not any(token.capital for token in own):
        return not any(word.replace(".", "").isupper() for word in entry.words) and entry.words[
            -1
        ] in ("Zone",)
    for written, token in zip(entry.words, own, strict=False):
        if written.replace(".", "").isupper() and len(written) > 1 and not token.surface.isupper():
            return False
    return own[0].capital if entry.words[0][:1].isupper() else True


def _is_place(
    spot: _Spot, span: Span, inside: _Spans, listed: list[Token], first: int, last: int, text: str
) -> bool:
    kinds = inside.overlapping(span)
    if kinds and spot.kind not in _MAY_BE_INSIDE:
        return False
    return not (spot.place is None and _is_part_of_a_name(listed, first, last, text))


def _is_part_of_a_name(listed: list[Token], first: int, last: int, text: str) -> bool:
    """A capitalised word stands right before or after: "Michael Jordan", "Paris Hilton"."""
    if first:
        before = listed[first - 1]
        gap = text[before.end : listed[first].start]
        if (
            gap == " "
            and before.capital
            and before.fold not in words_of("not_a_name") | words_of("direction")
        ):
            return first > 1
    if last + 1 < len(listed):
        after = listed[last + 1]
        gap = text[listed[last].end : after.start]
        return gap == " " and after.fold in ("post", "times", "saint", "herald")
    return False
