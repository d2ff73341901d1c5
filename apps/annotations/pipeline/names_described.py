"""Persons described rather than named: "a senior Iranian general", "an adviser to Iran's top leader"."""

from collections import defaultdict
from typing import TYPE_CHECKING

from apps.annotations.pipeline.names_context import words_of
from apps.annotations.pipeline.names_trie import Entry
from apps.annotations.pipeline.names_words import Document, Named, Words
from apps.annotations.pipeline.types import Span

if TYPE_CHECKING:
    from apps.annotations.pipeline.names_index import NameIndex

SHORT_TITLES = {"general": {"gen"}, "senator": {"sen"}, "commander": {"cmdr"}}


class People:
    """The lexicon's persons whom a text names, with the words of their mentions; gathered once a text."""

    def __init__(self, document: Document, index: "NameIndex") -> None:
        self._day = document.published
        spoken: dict[str, set[str]] = defaultdict(set)
        for named in document.named:
            if named.actor:
                spoken[named.actor].update(named.words.folds[named.first : named.last + 1])
        self._spoken = {
            actor: words for actor, words in spoken.items() if index.actors[actor].kind == "person"
        }
        self._actors = index.actors

    def titled(self, office: str, country: str) -> set[str]:
        """Persons of the country whom the text calls by that title and who hold an office on the day."""
        titles = SHORT_TITLES.get(office, set()) | {office}
        return {
            person
            for person, words in self._spoken.items()
            if self._actors[person].country == country and words & titles and self._serves(person)
        }

    def _serves(self, person: str) -> bool:
        roles = self._actors[person].roles
        day = self._day
        return not roles or any(day is None or r.until is None or r.until >= day for r in roles)

    def holder(self, office: str, country: str) -> str | None:
        """The one person of the country who holds an office of that word on the day, if there is one."""
        found = {
            person
            for person in self._spoken
            if self._actors[person].country == country
            for role in self._actors[person].roles
            if office in role.title.lower().replace("advisor", "adviser")
            and (role.until is None or self._day is None or role.until >= self._day)
        }
        return found.pop() if len(found) == 1 else None


def is_person(named: Named, index: "NameIndex") -> bool:
    """A person of the lexicon, or an unknown name that is no organisation's."""
    actor = index.actors.get(named.actor or "")
    if actor is not None:
        return actor.kind == "person"
    return named.entry.how == "unknown" and named.words.folds[named.last] not in words_of(
        "organisation"
    )


def reference(words: Words, first: int, last: int, actor: str, index: "NameIndex") -> Named:
    """The words `first` to `last` as a reference to an actor."""
    span = Span(words.tokens[first].start, words.tokens[last].end)
    entry = Entry(actor, "coreference", (), index.actors[actor].country)
    return Named(words, first, last, span, (entry,))


def appositions(words: Words, index: "NameIndex") -> None:
    """ "Iran's supreme general, Qassim Soleimani": the words before the comma are the person."""
    for person in [n for n in words.named if n.actor and is_person(n, index)]:
        last = person.first - 1
        if words.gap_before(person.first).strip() != "," or words.fold_at(last) not in words_of(
            "person_office"
        ):
            continue
        state = next((n for n in words.named if n.last < last <= n.last + 4), None)
        if state is None or state.entry.how not in ("country", "demonym"):
            continue
        between = words.text[state.span.end : words.tokens[last].start]
        if between.islower() or between in (" ", "'s ", "’s "):
            words.named.remove(state)
            words.named.append(reference(words, state.first, last, person.actor or "", index))


def offices(words: Words, people: "People", index: "NameIndex") -> None:
    """ "a senior Iranian general": the one general of that country whom the text names."""
    for named in list(words.named):
        if named.entry.how != "demonym" or words.fold_at(named.last + 1) not in words_of(
            "person_office"
        ):
            continue
        office = words.fold_at(named.last + 1)
        first = named.first
        while first > 0 and not words.gap_before(first).strip(" ") and named.first - first < 3:
            first -= 1
            if words.folds[first] in ("a", "an", "the", "one", "another"):
                break
        else:
            continue
        if words.folds[first] not in ("a", "an", "the"):
            continue
        holders = people.titled(office, named.entry.country)
        if len(holders) == 1 and not _name_follows(words, named.last + 1):
            (actor,) = holders
            words.named = [n for n in words.named if n is not named]
            words.named.append(reference(words, first, named.last + 1, actor, index))


def _name_follows(words: Words, last: int) -> bool:
    return words.covering(last + 1) is not None and words.gap_before(last + 1) == " "


def delegates(words: Words, people: "People", index: "NameIndex") -> None:
    """ "an adviser to Iran's top leader": the adviser whom the text names, or the state, not the leader."""
    for named in list(words.named):
        at = named.first - 1
        if words.fold_at(at) == "the":
            at -= 1
        if words.fold_at(at) not in ("to", "of", "for") or words.fold_at(at - 1) not in words_of(
            "delegate"
        ):
            continue
        actor = index.actors.get(named.actor or "")
        if actor is None or actor.kind != "person":
            continue
        first = at - 1
        while first > 0 and words.folds[first - 1] in words_of("delegate") | {
            "a",
            "an",
            "the",
            "top",
            "senior",
            "military",
        }:
            first -= 1
        holder = people.holder(words.folds[at - 1], actor.country)
        entry = Entry(
            holder or index.governments.get(actor.country), "coreference", (), actor.country
        )
        span = Span(words.tokens[first].start, named.span.end)
        inside = [n for n in words.named if first <= n.first <= named.last]
        words.named = sorted(
            [n for n in words.named if n not in inside]
            + [Named(words, first, named.last, span, (entry,))],
            key=lambda n: n.span.start,
        )
