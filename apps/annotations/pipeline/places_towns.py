"""Towns of the gazetteer in a text: whether a name is one there, and which of the towns of that name it is."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log10

from apps.annotations.pipeline import gazetteer
from apps.annotations.pipeline.data_files import transliterated
from apps.annotations.pipeline.gazetteer import Town
from apps.annotations.pipeline.names_context import words_of as name_words
from apps.annotations.pipeline.names_forms import ARTICLES, Token
from apps.annotations.pipeline.places_world import Within, doubtful, postal, within_at, words_of
from apps.annotations.pipeline.types import Span

_SMALL = (
    15  # thousand inhabitants: below, a preposition that may stand before anything is too little
)
_LARGE = 200  # thousand inhabitants: such a town needs no word beside it that says so
# How surely the words around a name make it a town's; NAMED: it begins a longer name ("Houston Rockets").
_SURE, _LIKELY, _PLAIN, _NAMED, NEVER = 4, 3, 2, 1, 0
_SHORTEST = 3  # letters of a name that needs no word beside it
_ADJECTIVES = ("ian", "ish", "ese", "qi", "ani", "eni", "ern")
_DASHES = "-–—"
_SPOKEN = 0.7  # what a country that the text names is worth, in powers of ten of inhabitants
_SHARE = 2.0  # and what it is worth that all of the text's lands are that one
_DIVISION = 1.0  # the same for a state or province
_DIVIDED = frozenset(
    {"USA", "CAN", "AUS", "GBR"}
)  # a town of that name in another state is another town
_OTHER = 0.7  # what another spelling than the town's own costs


@dataclass(slots=True)
class Candidate:
    """A run of words that is a town's name."""

    span: Span
    key: str
    evidence: int
    within: Within | None


@dataclass(slots=True)
class Scene:
    """What a text says of where it plays: gathered sentence by sentence, then `settled`."""

    countries: Counter[str] = field(default_factory=Counter)
    divisions: set[Within] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)  # folded last names
    candidates: list[Candidate] = field(default_factory=list)

    def settled(self) -> Iterator[tuple[Span, Town]]:
        """Yield the names that are towns, each with its town; a name means one town in a text."""
        told: dict[str, Within] = {}
        seen: dict[str, Counter[int]] = defaultdict(Counter)
        for candidate in self.candidates:
            seen[candidate.key][candidate.evidence] += 1
            if candidate.within is not None:
                told.setdefault(candidate.key, candidate.within)
        towns: dict[tuple[str, Within | None], Town | None] = {}
        for candidate in self.candidates:
            if candidate.evidence == NEVER:
                continue
            key, within = candidate.key, candidate.within or told.get(candidate.key)
            if (key, within) not in towns:
                towns[key, within] = self._town(key, within)
            town = towns[key, within]
            if town is not None and self._is_meant(candidate, town, seen[key], key in told):
                yield candidate.span, town

    def _is_meant(self, candidate: Candidate, town: Town, seen: Counter[int], told: bool) -> bool:
        """Tell whether a mention is the town, by its own words and by those of the name's other mentions."""
        key = candidate.key
        is_doubtful = key in doubtful() or key in self.persons or len(key) < _SHORTEST
        if candidate.evidence == _NAMED:
            return seen[_SURE] > 0 and not is_doubtful
        if candidate.evidence == _SURE or told:
            return True
        if is_doubtful:
            return _mostly(seen, _SURE)
        if town.people >= _LARGE or (" " in key and not town.other):
            return True
        return _mostly(seen, _SURE if _is_like_a_word(town) else _LIKELY)

    def _town(self, key: str, within: Within | None) -> Town | None:
        towns = gazetteer.towns(key)
        if within is not None:
            towns = _within(towns, within)
        return max(towns, key=self._score, default=None)

    def _score(self, town: Town) -> float:
        score = log10(max(town.people, 1) * 1000) - _OTHER * town.other
        if self.countries[town.country]:
            score += _SPOKEN + _SHARE * self.countries[town.country] / self.countries.total()
        if Within(town.country, town.division) in self.divisions:
            score += _DIVISION
        return score


def _is_like_a_word(town: Town) -> bool:
    """A small town where names are words of English or its neighbours: "Change", "Hart", "College"."""
    return town.people < _SMALL and town.country not in transliterated()


def _mostly(seen: Counter[int], evidence: int) -> bool:
    """At least half of a name's mentions are told as a town's."""
    return 2 * sum(n for one, n in seen.items() if one >= evidence) >= seen.total()


def candidate(
    listed: Sequence[Token], folds: Sequence[str], text: str, at: int
) -> tuple[Candidate, int] | None:
    """Return the town's name that begins at word `at`, with its last word."""
    hit = gazetteer.longest(listed, folds, text, at)
    if hit is None:
        return None
    key, last = hit
    if not listed[last].capital or key in name_words("not_a_name"):
        return None
    within = within_of(listed, folds, text, last)
    evidence = _SURE if within else _evidence(listed, folds, text, at, last)
    return Candidate(Span(_start(listed, text, at), listed[last].end), key, evidence, within), last


def _start(listed: Sequence[Token], text: str, at: int) -> int:
    """Where the name begins, with an article that belongs to it ("El Paso", "al-Bab")."""
    if at and listed[at - 1].fold in ARTICLES:
        gap = text[listed[at - 1].end : listed[at].start]
        if gap == "-" or (gap == " " and listed[at - 1].capital):
            return listed[at - 1].start
    return listed[at].start


def within_of(listed: Sequence[Token], folds: Sequence[str], text: str, last: int) -> Within | None:
    """What follows a comma after the name: "Austin, Texas", "Tripoli, Lebanon", "Austin, TX"."""
    first = last + 1
    if first >= len(listed) or not listed[first].capital:
        return None
    if text[listed[last].end : listed[first].start].strip() not in (",", "("):
        return None
    if listed[first].surface in postal():
        return postal()[listed[first].surface]
    return within_at(folds, first)


def _within(towns: tuple[Town, ...], within: Within) -> tuple[Town, ...]:
    """The towns of a country or division; where codes of divisions are little used, those of the country."""
    inside = tuple(t for t in towns if t.country == within.country)
    exact = tuple(t for t in inside if t.division == within.division)
    return exact or (() if within.division and within.country in _DIVIDED else inside)


def _evidence(
    listed: Sequence[Token], folds: Sequence[str], text: str, first: int, last: int
) -> int:
    """How surely the words around a name make it a town's."""
    after = _after(listed, folds, text, last)
    before = _before(listed, folds, text, first)
    if min(after, before) < _PLAIN:
        return min(after, before)
    if listed[first].surface.isupper() and len(listed[first].surface) > 1:
        return _SURE if first == 0 and _is_dateline(listed, text, last) else NEVER
    return max(after, before)


def _after(listed: Sequence[Token], folds: Sequence[str], text: str, last: int) -> int:
    if last + 1 >= len(listed):
        return _PLAIN
    gap, fold = text[listed[last].end : listed[last + 1].start], folds[last + 1]
    if gap == " " and fold in words_of("kind_after"):
        return _SURE
    if gap == " " and fold in words_of("not_there"):
        return NEVER
    if gap.strip() in _DASHES and gap.strip():
        if fold in words_of("tied_after"):
            return _SURE
        return NEVER if listed[last + 1].capital and gap in _DASHES else _PLAIN
    return _NAMED if gap == " " and listed[last + 1].capital else _PLAIN


def _before(listed: Sequence[Token], folds: Sequence[str], text: str, first: int) -> int:
    if first == 0:
        return _PLAIN
    if folds[first - 1] in ARTICLES and first > 1:
        first -= 1
    before, fold = listed[first - 1], folds[first - 1]
    gap = text[before.end : listed[first].start]
    if gap in _DASHES:
        return NEVER
    if gap != " ":
        return _PLAIN
    if fold in words_of("sure"):
        return _SURE
    if fold == "of" and first > 1 and folds[first - 2] in words_of("kind_before"):
        return _SURE
    if fold in words_of("kind_before") and not before.capital:
        return _SURE
    if fold in words_of("likely"):
        return _LIKELY
    if fold in ("and", "or") and first > 1 and listed[first - 2].capital:
        return _PLAIN
    return NEVER if before.capital and _may_be_first_name(before, first) else _PLAIN


def _may_be_first_name(before: Token, first: int) -> bool:
    """No acronym ("CBC Toronto"), no adjective of a land, no word that only begins its sentence."""
    if before.fold in name_words("not_a_name") or before.surface.endswith(_ADJECTIVES):
        return False
    return not before.surface.isupper() and not (
        first == 1 and before.fold in words_of("begins_a_sentence")
    )


def _is_dateline(listed: Sequence[Token], text: str, last: int) -> bool:
    """A dash or a bracket follows: "TORRINGTON - ", "MOSUL (Reuters)"."""
    if last + 1 >= len(listed):
        return False
    gap = text[listed[last].end : listed[last + 1].start].strip()
    return gap[:1] in (*_DASHES, "(") and bool(gap)
