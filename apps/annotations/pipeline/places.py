"""Places named in a text: of the dossier, then states, regions, waters and towns of the world."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.annotations.pipeline.names_context import words_of as name_words
from apps.annotations.pipeline.names_forms import ARTICLES, Token, folded, listed, tokens
from apps.annotations.pipeline.names_trie import Entry, Hit, Trie
from apps.annotations.pipeline.places_towns import NEVER, Candidate, Scene, candidate, within_of
from apps.annotations.pipeline.places_world import (
    Spot,
    demonyms,
    iso,
    withins,
    words_of,
    world,
)
from apps.annotations.pipeline.types import ActorMention, Lexicon, PlaceMention, Span

_MAY_BE_INSIDE = frozenset(
    {"site", "region"}
)  # kinds that an actor's name may overlap ("US Embassy in Baghdad")
_TOWNS = frozenset({"city", "capital"})


@dataclass(slots=True)
class PlacesFound:
    """The places of a text, and the lands that its actors' names say ("Turkish police", "Moscow said")."""

    places: list[PlaceMention] = field(default_factory=list)
    lands: list[PlaceMention] = field(default_factory=list)


class PlaceFinder:
    """Finds the places of a lexicon, and those of the world, in texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._trie = Trie()
        self._spots: dict[str, Spot] = {}
        taken: set[tuple[str, ...]] = set()
        for place in lexicon.places:
            spot = Spot(place.id, iso(place.country), place.lat, place.lon, place.kind)
            for name in (place.name, *place.aliases):
                self._add(name, spot)
                taken.add(folded(name))
        for name, spot in (*world(), *demonyms()):
            if folded(name) not in taken:
                self._add(name, spot)

    def _add(self, name: str, spot: Spot) -> None:
        key = f"{spot.place or ''}|{spot.lat}|{spot.lon}|{spot.kind}"
        self._spots[key] = spot
        words = tuple(token.surface for token in tokens(name) if token.fold not in ARTICLES)
        self._trie.add(folded(name), Entry(key, "alias", words))

    def find(
        self, text: str, sentences: Sequence[Span], actors: Sequence[ActorMention] = ()
    ) -> list[PlaceMention]:
        """Return the mentions in order; a name that means an actor here (`actors`) is no place.

        Sites ("US Embassy in Baghdad", "Green Zone") are places beside the actor named in them.
        """
        return self.survey(text, sentences, actors).places

    def survey(
        self,
        text: str,
        sentences: Sequence[Span],
        actors: Sequence[ActorMention] = (),
        dateline: Span | None = None,
    ) -> PlacesFound:
        """Return the mentions in order, and apart from them the lands of names that mean actors here.

        What a dateline names is not told, but says which country's towns a text means.
        """
        found, scene, inside = PlacesFound(), Scene(), _Spans(actors)
        scene.persons.update(_last_names(actors))
        if dateline is not None:
            self._read(_sentence(text, dateline, inside), PlacesFound(), scene)
            scene.candidates.clear()
        for sentence in sentences:
            self._read(_sentence(text, sentence, inside), found, scene)
        towns = [
            PlaceMention(span, span.of(text), None, town.country, town.lat, town.lon)
            for span, town in scene.settled()
        ]
        found.places = sorted(found.places + towns, key=lambda place: place.span.start)
        return found

    def _read(self, sentence: "_Sentence", found: PlacesFound, scene: Scene) -> None:
        """Add a sentence's places; what may be a town of the gazetteer goes to the scene, which decides."""
        at = 0
        while at < len(sentence.listed):
            hit = self._hit(sentence, at)
            town = sentence.town(at) if sentence.listed[at].capital else None
            if town is not None and (
                hit is None or town[1] > hit.last or hit.is_elsewhere(sentence)
            ):
                scene.candidates.append(town[0])
                at = town[1] + 1
            elif hit is not None:
                at += self._take(sentence, hit, found, scene)
            else:
                at += 1

    def _hit(self, sentence: "_Sentence", at: int) -> "_Hit | None":
        """The longest name of the lexicon's and the listed world's places at a word that may be meant."""
        if not self._trie.begins(sentence.folds[at]):
            return None
        for hit in self._trie.longest(sentence.listed, sentence.folds, sentence.text, at):
            run = sentence.listed[hit.first : hit.last + 1]
            entry = next((e for e in hit.entries if _capitals_agree(e, run)), None)
            if entry is None:
                continue
            spot = self._spots[entry.actor or ""]
            if spot.place or not _is_part_of_a_name(sentence, hit, spot):
                return _Hit(hit.first, hit.last, spot)
        return None

    def _take(self, sentence: "_Sentence", hit: "_Hit", found: PlacesFound, scene: Scene) -> int:
        """Add a name as a place, or as the land of an actor; return how many words are done with."""
        span, spot = Span(sentence.listed[hit.first].start, sentence.listed[hit.last].end), hit.spot
        mention = PlaceMention(
            span, span.of(sentence.text), spot.place, spot.country, spot.lat, spot.lon
        )
        kinds = sentence.inside.overlapping(span)
        if "unknown" in kinds and sentence.is_family_name(hit, span):
            return 1
        if spot.country:
            scene.countries[spot.country] += 1
            within = withins().get(tuple(sentence.folds[hit.first : hit.last + 1]))
            if within is not None and within.division:
                scene.divisions.add(within)
        if spot.kind != "demonym" and (not kinds or spot.kind in _MAY_BE_INSIDE):
            found.places.append(mention)
            if found.lands and found.lands[-1].span.overlaps(span):
                found.lands.pop()
            return hit.last - hit.first + 1
        if not found.lands or not found.lands[-1].span.overlaps(span):
            found.lands.append(mention)
        return 1  # a site's name may begin inside: "the US", "US embassy"


@dataclass(frozen=True, slots=True)
class _Hit:
    """A name of the lexicon's or the listed world's places in a sentence: its words, and where it lies."""

    first: int
    last: int
    spot: Spot

    def is_elsewhere(self, sentence: "_Sentence") -> bool:
        """Another country stands behind the name of a known town: "Paris, Texas"."""
        if self.spot.place or self.spot.kind not in _TOWNS:
            return False
        within = within_of(sentence.listed, sentence.folds, sentence.text, self.last)
        return within is not None and within.country != self.spot.country


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence's words, and the actors of the text."""

    text: str
    listed: list[Token]
    folds: list[str]
    inside: "_Spans"

    def town(self, at: int) -> tuple[Candidate, int] | None:
        """The town's name of the gazetteer that begins at a word; inside an actor's name it is none."""
        found = candidate(self.listed, self.folds, self.text, at)
        if found is not None and self.inside.overlapping(found[0].span):
            found[0].evidence = NEVER
        return found

    def is_family_name(self, hit: _Hit, span: Span) -> bool:
        """The hit ends a longer name, not behind an "of": "Adnan Amin", not "the Bank of Canada"."""
        before = self.folds[hit.first - 1] if hit.first else ""
        return self.inside.ends_with(span) and before not in ("of", "for", "in")


class _Spans:
    """Runs of the actors' mentions, looked up by overlap."""

    def __init__(self, actors: Sequence[ActorMention]) -> None:
        self._runs = sorted((a.span.start, a.span.end, a.kind) for a in actors)
        self._at = 0

    def ends_with(self, span: Span) -> bool:
        """Tell whether the mention met last by `overlapping` ends with `span`."""
        if self._at >= len(self._runs):
            return False
        start, end, _ = self._runs[self._at]
        return start <= span.start and end == span.end

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


def _sentence(text: str, span: Span, inside: _Spans) -> _Sentence:
    told = list(listed(text, span.start, span.end))
    return _Sentence(text, told, [token.fold for token in told], inside)


def _last_names(actors: Sequence[ActorMention]) -> list[str]:
    """Folded last words of the names that the lexicon does not know: "Jackson" after "Mary Jackson"."""
    words = (folded(a.surface) for a in actors if a.actor is None and a.kind == "unknown")
    return [run[-1] for run in words if run]


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


def _is_part_of_a_name(sentence: _Sentence, hit: Hit, spot: Spot) -> bool:
    """A capitalised word stands right before or after: "Michael Jordan", "Paris Hilton"."""
    listed, text = sentence.listed, sentence.text
    if hit.first:
        before = listed[hit.first - 1]
        gap = text[before.end : listed[hit.first].start]
        if (
            gap == " "
            and before.capital
            and not before.surface.isupper()
            and before.fold not in name_words("not_a_name")
            and before.fold not in name_words("direction")
        ):
            return hit.first > 1
    if hit.last + 1 < len(listed) and spot.kind != "demonym":
        after = listed[hit.last + 1]
        gap = text[listed[hit.last].end : after.start]
        return gap == " " and after.capital and after.fold in words_of("not_there")
    return False
