"""What a name means here: actor or place, whose surname, which of several holders, which of two groups."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.names_forms import folded
from apps.annotations.pipeline.names_trie import Entry
from apps.annotations.pipeline.names_words import Document, Named, Words
from apps.annotations.pipeline.names_world import is_world
from apps.annotations.pipeline.places_world import is_named_with_its_land

if TYPE_CHECKING:
    from apps.annotations.pipeline.names_index import NameIndex

_RANK = {
    "alias": 0,
    "acronym": 0,
    "role": 1,
    "metonym": 2,
    "country": 2,
    "demonym": 2,
    "capital": 2,
    "surname": 3,
}
_NEAR = 2  # sentences for which a country stays spoken of


@dataclass
class _Facts:
    """What the whole text says, gathered before names are settled."""

    persons: set[str] = field(default_factory=set)  # persons named by more than a surname
    actors: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    other_bearers: set[str] = field(
        default_factory=set
    )  # folded words that follow another first name
    spoken: dict[str, int] = field(
        default_factory=dict
    )  # country -> last sentence that spoke of it
    mentioned: dict[str, int] = field(
        default_factory=dict
    )  # actor -> last sentence, while settling


def words_of(group: str) -> frozenset[str]:
    """A word list of `data/context_words.yaml`."""
    return data_files.groups("context_words.yaml")[group]


def settle(document: Document, index: "NameIndex") -> None:
    """Keep of each sentence's names those that name an actor here, each with its one meaning."""
    facts = _facts(document, index)
    for number, words in enumerate(document.sentences):
        kept = []
        for named in words.named:
            chosen = _chosen(named, facts, number)
            if chosen.how in ("country", "demonym", "capital", "metonym"):
                facts.spoken[chosen.country] = number
            if _is_meant(named, chosen, facts, number, index):
                named.entries = (chosen,)
                kept.append(named)
                if chosen.actor:
                    facts.mentioned[chosen.actor] = number
                    facts.spoken[chosen.country] = number
        words.named = kept
    _settle_short_names(document, index, facts)


def _facts(document: Document, index: "NameIndex") -> _Facts:
    facts = _Facts()
    for words in document.sentences:
        for named in words.named:
            for entry in named.entries:
                actor = index.actors.get(entry.actor or "")
                if entry.how in ("country", "demonym", "capital"):
                    facts.countries.add(entry.country)
                elif entry.how in ("alias", "acronym") and actor:
                    if not is_world(actor.id):
                        facts.actors.add(actor.id)
                    if actor.kind == "person" and (
                        named.last > named.first or not _has_first_name(named)
                    ):
                        facts.persons.add(actor.id)
            if named.first == named.last and _has_first_name(named):
                facts.other_bearers.add(words.folds[named.first])
    return facts


def _has_first_name(named: Named) -> bool:
    """Another capitalised word stands right before the name, neither a title nor a name of its own."""
    words, before = named.words, named.first - 1
    if before < 0 or words.gap_before(named.first).strip(" ") or not words.tokens[before].capital:
        return False
    fold = words.folds[before]
    if fold in data_files.title_words() or fold in words_of("not_a_name") or words.covering(before):
        return False
    return fold != "s" and fold not in words_of("direction")


def _chosen(named: Named, facts: _Facts, number: int) -> Entry:
    """The form that fits best: by kind of form, named in this text, its country spoken of lately."""

    def rank(entry: Entry) -> tuple[bool, int, int, bool, str]:
        near = number - facts.spoken.get(entry.country, -99) <= _NEAR
        seen = facts.mentioned.get(entry.actor or "", -1)
        return (entry.actor is None, _RANK.get(entry.how, 4), -seen, not near, entry.actor or "")

    return min(named.entries, key=rank)


def _is_meant(named: Named, entry: Entry, facts: _Facts, number: int, index: "NameIndex") -> bool:
    """Tell whether the name names an actor here."""
    match entry.how:
        case "country":
            return _country_acts(named, entry)
        case "demonym":
            named.kind = "demonym"
            return True
        case "capital":
            return _capital_acts(named)
        case "metonym":
            return named.words.fold_at(_before(named)) not in words_of("locative")
        case "surname":
            return _surname_is_meant(named, entry, facts, index)
        case "role" if entry.needs_country:
            return _office_is_meant(named, entry, facts, number)
        case "acronym":
            return not _runs_on(named)
    if entry.needs_country and number - facts.spoken.get(entry.country, -99) > _NEAR:
        return False
    if named.first == named.last and entry.how == "alias" and _is_person(entry, index):
        return not _has_first_name(named)
    return True


def _before(named: Named) -> int:
    """The word before the name and before its article."""
    at = named.first - 1
    return at - 1 if named.words.fold_at(at) in ("the", "al") else at


def _is_person(entry: Entry, index: "NameIndex") -> bool:
    actor = index.actors.get(entry.actor or "")
    return actor is not None and actor.kind == "person"


def _runs_on(named: Named) -> bool:
    """The acronym is the head of a designation ("AK-47")."""
    text, end = named.words.text, named.span.end
    return text[end : end + 1] in "-‐‑" and text[end + 1 : end + 2].isdigit()


def _country_acts(named: Named, entry: Entry) -> bool:
    """A country's name as an actor, unless the words around it make it a place or part of a name."""
    words, before = named.words, _before(named)
    fold = words.fold_at(before)
    if fold in words_of("locative") or words.fold_at(named.first - 1) in words_of("direction"):
        return False
    if words.gap_before(named.first).strip() == "," and _is_city(words, named.first - 1):
        return False
    if entry.actor is None and named.first == named.last and _has_first_name(named):
        return False
    if words.gap_before(named.last + 1) == " " and (
        words.fold_at(named.last + 1) in words_of("place_noun")
    ):
        return False
    if _qualifies(named):
        named.kind = "demonym"
    return True


def _qualifies(named: Named) -> bool:
    """The name qualifies somebody or something else: "Iran-backed", "the Iran deal"."""
    following = named.words.fold_at(named.last + 1)
    gap = named.words.gap_before(named.last + 1)
    if following in words_of("modifier") and gap == " ":
        return True
    hyphen = not gap.strip(" -‐‑–") and bool(gap.strip())
    return following in words_of("backed") and hyphen


def _is_city(words: Words, at: int) -> bool:
    """The word before the comma is a name after a preposition or nothing: "in Erbil, Iraq"."""
    return words.tokens[at].capital and words.fold_at(at - 1) in words_of("locative") | {
        "of",
        "to",
        "from",
        "",
    }


def _capital_acts(named: Named) -> bool:
    """A capital's name means its government where it acts, is acted with, or owns what a government owns."""
    words, before = named.words, words_before(named)
    if before in words_of("locative") | words_of("locative_capital"):
        return False
    following = words.fold_at(named.last + 1)
    gap = words.gap_before(named.last + 1)
    if following in words_of("place_noun") or (
        gap.strip() == "," and is_named_with_its_land(words.folds, named.first, named.last)
    ):
        return False
    if following == "s" and len(gap) == 1:
        return words.fold_at(named.last + 2) not in words_of("place_noun") and not _owned_is_a_name(
            named
        )
    if following in words_of("backed") and gap.strip(" -‐‑–") == "":
        named.kind = "demonym"
        return True
    return (following in words_of("capital_acts") and gap == " ") or before in words_of(
        "capital_with"
    )


def words_before(named: Named) -> str:
    """The folded word before a name and its article."""
    return named.words.fold_at(_before(named))


def _owned_is_a_name(named: Named) -> bool:
    """ "Baghdad's Green Zone": what is owned is itself a place's name."""
    at = named.last + 2
    return at < len(named.words.tokens) and named.words.tokens[at].capital


def _surname_is_meant(named: Named, entry: Entry, facts: _Facts, index: "NameIndex") -> bool:
    """A surname alone: after the full name, after a title, or where nobody else in the text bears it."""
    words = named.words
    following = named.last + 1
    if _has_first_name(named):
        return False
    if (
        following < len(words.tokens)
        and words.gap_before(following) == " "
        and words.tokens[following].capital
    ):
        return entry.actor in facts.persons and words.covering(following) is not None
    if entry.actor in facts.persons:
        return True
    if (
        words.fold_at(named.first - 1) in data_files.title_words()
        and words.tokens[named.first - 1].capital
    ):
        return True
    if is_world(entry.actor):
        return False
    bearers = {e.actor for e in named.entries if e.how == "surname"}
    is_own = words.folds[named.first] not in facts.other_bearers and len(bearers) == 1
    return named.exact and is_own and entry.country in facts.countries


def _office_is_meant(named: Named, entry: Entry, facts: _Facts, number: int) -> bool:
    """An office without its country: of somebody named before, or of the one holder in the country."""
    words, before = named.words, named.words.fold_at(named.first - 1)
    if before in words_of("not_the_holder"):
        return False
    following = named.last + 1
    goes_on = following < len(words.tokens) and words.gap_before(following) == " "
    if goes_on and (words.tokens[following].capital or words.folds[following] in ("of", "for")):
        return False
    if entry.actor in facts.mentioned:
        return before in ("the", "his", "her", "their", "s", "its")
    holders = {e.actor for e in named.entries if e.how == "role"}
    return len(holders) == 1 and number - facts.spoken.get(entry.country, -99) <= _NEAR


def _settle_short_names(document: Document, index: "NameIndex", facts: _Facts) -> None:
    """A name that ends another group's longer name means that group, unless its own country is spoken of.

    "Hezbollah" in a text about Kataib Hezbollah that never speaks of Lebanon.
    """
    longer = _longer_names(facts, index)
    countries = Counter(index.actors[actor].country for actor in facts.actors)
    for named in document.named:
        entry = named.entry
        if entry.how != "alias" or named.first != named.last or entry.country in facts.countries:
            continue
        others = longer[named.words.folds[named.last]] - {entry.actor or ""}
        alone = countries[entry.country] <= (entry.actor in facts.actors)
        if len(others) == 1 and alone:
            (actor,) = others
            named.entries = (Entry(actor, "alias", entry.words, index.actors[actor].country),)
            named.kind = "coreference"


def _longer_names(facts: _Facts, index: "NameIndex") -> dict[str, set[str]]:
    """Last word -> the armed groups of the text that bear a name of several words ending in it."""
    found: dict[str, set[str]] = defaultdict(set)
    for actor in (index.actors[a] for a in facts.actors):
        if actor.kind not in ("armed group", "armed_group"):
            continue
        for words in (folded(name) for name in (actor.name, *actor.aliases)):
            if len(words) > 1:
                found[words[-1]].add(actor.id)
    return found
