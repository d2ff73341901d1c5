"""Role phrases: the words by which a lexicon's persons are called for the office they hold on a day."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.names_forms import folded, tokens
from apps.annotations.pipeline.names_trie import Entry
from apps.annotations.pipeline.names_world import is_world
from apps.annotations.pipeline.types import ActorEntry, RoleEntry

_LESSER = (
    "deputy",
    "vice",
    "former",
    "adviser",
    "advisor",
    "assistant",
)  # another office than the one named
_BRACKETED = re.compile(r"\s*\([^)]*\)")
_MOST_ORGANISATION_NAMES = 12  # forms of one organisation that are combined with its head's titles


@dataclass(frozen=True, slots=True)
class RolePhrase:
    """A phrase that means a person from a day to a day."""

    words: str
    actor: str
    country: str
    since: date | None
    until: date | None
    needs_country: bool = False

    def entry(self) -> Entry:
        """The phrase as an entry of the tree of names."""
        written = tuple(token.surface for token in tokens(self.words))
        return Entry(
            self.actor, "role", written, self.country, self.since, self.until, self.needs_country
        )


def phrases(
    actors: Iterable[ActorEntry], forms: Mapping[str, tuple[str, ...]]
) -> Iterator[RolePhrase]:
    """Every role phrase of every person; `forms` gives the words that say "of this country" before a noun."""
    by_id = {actor.id: actor for actor in actors}
    for person in by_id.values():
        if person.kind != "person":
            continue
        for role in person.roles:
            for words, needs_country in _wordings(person, role, by_id, forms):
                yield RolePhrase(
                    words, person.id, person.country, role.since, role.until, needs_country
                )


def _wordings(
    person: ActorEntry,
    role: RoleEntry,
    by_id: Mapping[str, ActorEntry],
    forms: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[str, bool]]:
    """The role's own title, and its office in the usual other words."""
    title = _BRACKETED.sub("", role.title).replace(",", " ")
    if len(folded(title)) > 2:
        yield title, False
    world = is_world(person.id)
    found = office(title, "organisation" if world and role.organisation else "")
    if found is None:
        return
    scope, names = found
    if world and scope == "country" and " ".join(folded(title)) not in names:
        return  # of a part of the country: "president of the Kurdistan Region"
    if scope == "country":
        yield from _of_country(names, forms.get(person.country, ()))
        return
    organisation = _organisation(person, role, title, by_id)
    if organisation is not None:
        yield from _of_organisation(names, organisation)


def office(title: str, of_scope: str = "") -> tuple[str, tuple[str, ...]] | None:
    """The scope (country, organisation; the one asked for) and the usual names of the office in a title."""
    words = f" {' '.join(folded(title)).split(' to ')[0]} "
    best: tuple[int, str, tuple[str, ...]] | None = None
    for row in data_files.rows("roles.csv"):
        if of_scope not in ("", row["scope"]):
            continue
        names = tuple(row["phrases"].split("|"))
        longest = max((len(name) for name in names if f" {name} " in words), default=0)
        if longest and (best is None or longest > best[0]):
            best = longest, row["scope"], names
    if best is None or any(f" {word} " in words and not _says(best[2], word) for word in _LESSER):
        return None
    return best[1:]


def _says(names: tuple[str, ...], word: str) -> bool:
    """The office itself is one of that rank: "deputy commander"."""
    return any(word in name.split() for name in names)


def _of_country(names: tuple[str, ...], forms: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    for name in names:
        yield name, True
        for form in forms:
            yield f"{form} {name}", False
            if not form.endswith("'s"):
                yield f"{name} of {form}", False
                yield f"{name} of the {form}", False


def _organisation(
    person: ActorEntry, role: RoleEntry, title: str, by_id: Mapping[str, ActorEntry]
) -> ActorEntry | None:
    """The organisation of a role: as given, as named in the title, or the one that the person commands."""
    if role.organisation in by_id:
        return by_id[role.organisation or ""]
    words = " ".join(folded(title))
    commanded = [
        by_id[r.target]
        for r in person.relations
        if r.kind in ("commands", "member_of") and r.target in by_id
    ]
    for actor in commanded:
        if any(" ".join(folded(name)) in words for name in (actor.name, *actor.aliases)):
            return actor
    led = [by_id[r.target] for r in person.relations if r.kind == "commands" and r.target in by_id]
    return next((actor for actor in led if actor.kind != "government"), None)


def _of_organisation(
    names: tuple[str, ...], organisation: ActorEntry
) -> Iterator[tuple[str, bool]]:
    listed = [_BRACKETED.sub("", name) for name in (organisation.name, *organisation.aliases)]
    for other in [name for name in listed if name[:1].isupper()][:_MOST_ORGANISATION_NAMES]:
        for name in names:
            yield f"{other} {name}", False
            yield f"{other}'s {name}", False
            yield f"{name} of {other}", False
            yield f"{name} of the {other}", False
