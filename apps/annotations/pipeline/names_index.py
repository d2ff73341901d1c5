"""The names of a lexicon and of the world's states as two trees of words: as written, and as transliterated."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from apps.annotations.pipeline import data_files, names_roles, names_world
from apps.annotations.pipeline.countries import Country, countries
from apps.annotations.pipeline.names_forms import ARTICLES, folded, skeleton, tokens
from apps.annotations.pipeline.names_trie import Entry, How, Trie
from apps.annotations.pipeline.types import ActorEntry, Lexicon

_COMPOUND = frozenset(
    {"abdul", "abdel", "abd", "abu", "bin", "ibn", "bint", "van", "von", "de", "di", "da"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SOUNDED_KINDS = frozenset({"person", "armed group", "armed_group"})
_SHORTEST_SOUND = 5  # letters of a single word's skeleton; shorter ones meet other names by chance
_BRACKETED = re.compile(r"\s*\([^)]*\)")


class NameIndex:
    """Every form of every actor, ready to be looked up."""

    def __init__(self, lexicon: Lexicon) -> None:
        actors = sorted(lexicon.actors, key=lambda actor: actor.id)
        self.actors: dict[str, ActorEntry] = {actor.id: actor for actor in actors}
        self.exact = Trie()
        self.sounded = Trie()
        self.governments = _governments(actors)
        self._given = _given_names(actors)
        self._functions = _bodies_of(actors, self.governments)
        for actor in actors:
            self._add_actor(actor)
        for country in countries():
            self._add_country(country)
        self._add_roles(actors)
        self._add_metonyms()
        self._add_administrations(actors)
        self._add_world(names_world.beside(actors))

    def body(self, country: str, function: str) -> str | None:
        """The actor that stands for a state's forces, parliament and so on, or else its government."""
        if function in ("militias", "population"):
            return self._functions.get((country, function))
        return self._functions.get((country, function)) or self.governments.get(country)

    def _add_actor(self, actor: ActorEntry) -> None:
        for name in _names(actor):
            how, needs_country = _how(name, actor)
            entry = _entry(actor.id, how, name, actor.country, needs_country=needs_country)
            self._add(folded(name), entry, sounded=_is_sounded(actor))
            for other in _in_other_words(name, actor.country):
                self._add(folded(other), _entry(actor.id, how, other, actor.country))
        if actor.kind == "person":
            for name in {surname(name) for name in _names(actor)} - {""}:
                if folded(name)[0] not in self._given:
                    entry = _entry(actor.id, "surname", name, actor.country)
                    self._add(folded(name), entry, sounded=_is_sounded(actor))

    def _add(self, keys: tuple[str, ...], entry: Entry, sounded: bool = False) -> None:
        self.exact.add(keys, entry)
        if not sounded or entry.how not in ("alias", "surname"):
            return
        sounds = tuple(skeleton(key) for key in keys)
        shortest = _SHORTEST_SOUND - (entry.how == "surname")
        if len(keys) > 1 or len(sounds[0]) >= shortest:
            self.sounded.add(sounds, entry)

    def _add_country(self, country: Country) -> None:
        actor = self.governments.get(country.iso)
        for name in country.names:
            self._add(folded(name), _entry(actor, "country", name, country.iso))
        for name in country.demonyms:
            self._add(folded(name), _entry(actor, "demonym", name, country.iso))
        if country.capital:
            self._add(
                folded(country.capital), _entry(actor, "capital", country.capital, country.iso)
            )
        if not actor:
            return
        for row in data_files.rows("state_bodies.csv"):
            body = self.body(country.iso, row["function"])
            if body is None:
                continue
            for form in country_forms(country):
                for phrase in row["phrases"].split("|"):
                    words = f"{form} {phrase}"
                    self._add(folded(words), _entry(body, "role", words, country.iso))

    def _add_roles(self, actors: Iterable[ActorEntry]) -> None:
        for phrase in names_roles.phrases(
            actors, {country.iso: country_forms(country) for country in countries()}
        ):
            self._add(folded(phrase.words), phrase.entry())

    def _add_administrations(self, actors: Iterable[ActorEntry]) -> None:
        """ "The Biden administration": the government while its head holds office, before that himself."""
        for person in actors:
            name = surname(person.name)
            for role in person.roles if person.kind == "person" and name else ():
                found = names_roles.office(role.title)
                if found is None or found[1][0] not in ("president", "president elect"):
                    continue
                rules = found[1][0] == "president"
                actor = self.governments.get(person.country, person.id) if rules else person.id
                words = (name, "administration")
                entry = Entry(actor, "metonym", words, person.country, role.since, role.until)
                self._add(folded(" ".join(words)), entry)

    def _add_world(self, actors: tuple[ActorEntry, ...]) -> None:
        """Well-known actors beyond the lexicon; of the states that it knows, it says whom an office means."""
        given = self._given | _given_names(actors)
        for actor in actors:
            self.actors[actor.id] = actor
            for name in _names(actor):
                how: How = "acronym" if _is_acronym(name) else "alias"
                self._add(folded(name), _entry(actor.id, how, name, actor.country))
            last = surname(actor.name) if actor.kind == "person" else ""
            if last and folded(last)[0] not in given:
                self._add(folded(last), _entry(actor.id, "surname", last, actor.country))
        forms = {
            country.iso: country_forms(country)
            for country in countries()
            if country.iso not in self.governments
        }
        for phrase in names_roles.phrases(actors, forms):
            if not phrase.needs_country:
                self._add(folded(phrase.words), phrase.entry())

    def _add_metonyms(self) -> None:
        for row in data_files.rows("metonyms.csv"):
            actor = self.body(row["iso"], row["function"])
            self._add(folded(row["phrase"]), _entry(actor, "metonym", row["phrase"], row["iso"]))


def _is_sounded(actor: ActorEntry) -> bool:
    """The actor's names come through transliteration, so other spellings are to be expected."""
    return actor.kind in _SOUNDED_KINDS and actor.country in data_files.transliterated()


def _given_names(actors: Iterable[ActorEntry]) -> frozenset[str]:
    """First names of the lexicon's persons: as a last name alone they say nothing ("Ali")."""
    persons = [actor for actor in actors if actor.kind == "person"]
    full = [folded(name) for actor in persons for name in (actor.name, *actor.aliases)]
    titles = data_files.title_words()
    return frozenset(words[0] for words in full if len(words) > 1 and words[0] not in titles)


def _entry(
    actor: str | None, how: How, name: str, country: str, needs_country: bool = False
) -> Entry:
    words = tuple(token.surface for token in tokens(name) if token.fold not in ARTICLES)
    return Entry(actor, how, words, country, needs_country=needs_country)


def _names(actor: ActorEntry) -> Iterator[str]:
    """The actor's names and aliases, without what stands in brackets, and a group's name in the singular."""
    for name in dict.fromkeys((actor.name, *actor.aliases)):
        plain = _BRACKETED.sub("", name).strip()
        if plain:
            yield plain
        if (
            actor.kind in ("armed group", "armed_group")
            and " " not in plain
            and plain.endswith("s")
        ):
            yield plain[:-1]


def _how(name: str, actor: ActorEntry) -> tuple[How, bool]:
    """How a name names, and whether it does so only after its country was spoken of."""
    if folded(name) in _country_names():
        return "country", False
    if folded(name) in _capital_names():
        return "capital", False
    if folded(name) in _metonyms():
        return "metonym", False
    if _is_acronym(name):
        return "acronym", False
    if name.islower():
        has_country = actor.country != "XXX"
        is_weak = " " not in name or actor.kind in ("population", "placeholder")
        return ("weak" if is_weak else "alias"), has_country
    return "alias", False


def _is_acronym(name: str) -> bool:
    bare = name.replace(".", "")
    return bare.isupper() and " " not in bare and len(bare) <= 8


@cache
def _country_names() -> frozenset[tuple[str, ...]]:
    return frozenset(folded(name) for country in countries() for name in country.names)


@cache
def _capital_names() -> frozenset[tuple[str, ...]]:
    return frozenset(folded(country.capital) for country in countries() if country.capital)


@cache
def _metonyms() -> frozenset[tuple[str, ...]]:
    return frozenset(folded(row["phrase"]) for row in data_files.rows("metonyms.csv"))


@cache
def _country_by_iso() -> dict[str, Country]:
    return {country.iso: country for country in countries()}


def country_forms(country: Country) -> tuple[str, ...]:
    """Words that say "of this country" before a noun: demonyms, the names, the names in the possessive."""
    names = tuple(name for name in country.names if not name.startswith("The "))
    return (*country.demonyms, *names, *(f"{name}'s" for name in names))


def _in_other_words(name: str, iso: str) -> Iterator[str]:
    """ "US troops" also as "American troops", "America's troops": the country's forms before the rest."""
    country = _country_by_iso().get(iso)
    if country is None:
        return
    forms = country_forms(country)
    low = name.lower().replace("’", "'")
    for form in sorted(forms, key=len, reverse=True):
        if low.startswith(form.lower() + " ") and len(name) > len(form) + 1:
            rest = name[len(form) :]
            yield from (other + rest for other in forms if other != form)
            return


def surname(name: str) -> str:
    """The family name of a person's full name; empty where the name is a single word."""
    words = [token.surface for token in tokens(name) if token.fold not in ARTICLES | _SUFFIXES]
    if len(words) < 2 or not words[-1][:1].isupper() or len(words[-1]) < 3:
        return ""
    if len(words) > 2 and words[-2].lower() in _COMPOUND:
        return " ".join(words[-2:])
    return words[-1] if words[-2].lower() not in _COMPOUND else " ".join(words)


def _governments(actors: Iterable[ActorEntry]) -> dict[str, str]:
    """Country -> its government in the lexicon (a state where there is no government)."""
    found: dict[str, str] = {}
    for kind in ("government", "state"):
        for actor in actors:
            if actor.kind == kind and actor.country != "XXX":
                found.setdefault(actor.country, actor.id)
    return found


def _bodies_of(
    actors: Iterable[ActorEntry], governments: dict[str, str]
) -> dict[tuple[str, str], str]:
    """(country, function) -> actor: the one whose names say so ("US troops")."""
    actors = tuple(actors)
    found: dict[tuple[str, str], str] = {}
    for actor in actors:
        if actor.kind == "person" or actor.id in governments.values():
            continue
        bodies = _bodies(actor.country)
        for name in _names(actor):
            if folded(name) in bodies:
                found.setdefault((actor.country, bodies[folded(name)]), actor.id)
        if actor.kind == "population":
            found.setdefault((actor.country, "population"), actor.id)
    found |= {(country, "militias"): actor for country, actor in _umbrellas(actors).items()}
    return found


@cache
def _bodies(iso: str) -> dict[tuple[str, ...], str]:
    """Folded words ("us troops", "iraqi army") -> the function of a state's body that they name."""
    country = _country_by_iso().get(iso)
    if country is None:
        return {}
    return {
        folded(f"{form} {phrase}"): row["function"]
        for row in data_files.rows("state_bodies.csv")
        for form in country_forms(country)
        for phrase in row["phrases"].split("|")
    }


def _umbrellas(actors: tuple[ActorEntry, ...]) -> dict[str, str]:
    """Country -> the force of which most of its armed groups are part."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for actor in actors:
        if actor.kind in ("armed group", "armed_group"):
            counts[actor.country].update(r.target for r in actor.relations if r.kind == "part_of")
    return {country: counter.most_common(1)[0][0] for country, counter in counts.items() if counter}
