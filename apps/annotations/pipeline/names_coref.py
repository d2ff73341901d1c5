"""References without a name: pronouns, "the group", a general described but not named, another's spokesman."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.names_context import words_of
from apps.annotations.pipeline.names_trie import Entry
from apps.annotations.pipeline.names_words import Document, Named, Words
from apps.annotations.pipeline.types import ActorEntry, Span

if TYPE_CHECKING:
    from apps.annotations.pipeline.names_index import NameIndex

_HE = frozenset({"he", "his", "him", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_REACH_PERSON = 2  # sentences back
_REACH_GROUP = 3
_REFERRED = ("alias", "surname", "unknown", "role", "acronym", "coreference")
_SHORT_TITLES = {"general": {"gen"}, "senator": {"sen"}, "commander": {"cmdr"}}


def resolve(document: Document, index: "NameIndex") -> None:
    """Add the references that can be resolved to the sentences' names."""
    for number, words in enumerate(document.sentences):
        _apposed(words, index)
        _described(words, document, index)
        found = [
            *_generic(words, number, document, index),
            *_pronouns(words, number, document, index),
        ]
        if found:
            words.named = sorted(words.named + found, key=lambda n: n.span.start)
        _delegates(words, index, document)


def _pronouns(words: Words, number: int, document: Document, index: "NameIndex") -> Iterator[Named]:
    for at, fold in enumerate(words.folds):
        if (fold not in _HE and fold not in _SHE) or words.covering(at) is not None:
            continue
        antecedent = _person_before(words, at, number, document, index)
        if antecedent is not None and antecedent.actor and _is_she(antecedent) == (fold in _SHE):
            yield _reference(words, at, at, antecedent.actor, index)


def _is_she(named: Named) -> bool:
    """A word of the mention says that it is a woman; the lexicon does not."""
    run = named.words.folds[named.first : named.last + 1]
    return not data_files.words("feminine_titles.txt").isdisjoint(run)


def _person_before(
    words: Words, at: int, number: int, document: Document, index: "NameIndex"
) -> Named | None:
    """The nearest person before in the sentence, else the first person of one of the sentences before."""
    here = [n for n in words.named if n.last < at and _is_person(n, index)]
    if here:
        return here[-1]
    for earlier in reversed(document.sentences[max(0, number - _REACH_PERSON) : number]):
        persons = [n for n in earlier.named if _is_person(n, index)]
        if persons:
            return persons[0]
    return None


def _is_person(named: Named, index: "NameIndex") -> bool:
    actor = index.actors.get(named.actor or "")
    if actor is not None:
        return actor.kind == "person"
    return named.entry.how == "unknown" and named.words.folds[named.last] not in words_of(
        "organisation"
    )


def _generic(words: Words, number: int, document: Document, index: "NameIndex") -> Iterator[Named]:
    """ "the group", "the ministry": the nearest actor of the kind, named before."""
    for at, fold in enumerate(words.folds[:-1]):
        if fold != "the":
            continue
        phrase, kinds = _longest_generic(words.folds[at : at + 3])
        last = at + len(phrase) - 1
        if (
            not phrase
            or any(words.covering(i) for i in range(at, last + 1))
            or _goes_on(words, last)
        ):
            continue
        antecedent = _nearest(_before(words, at, number, document), kinds, " ".join(phrase), index)
        if antecedent is not None:
            yield _reference(words, at, last, antecedent, index)


def _goes_on(words: Words, last: int) -> bool:
    """A name or "of" follows: the phrase begins a longer one."""
    following = last + 1
    if following >= len(words.tokens) or words.gap_before(following) != " ":
        return False
    return words.tokens[following].capital or words.folds[following] == "of"


def _before(words: Words, at: int, number: int, document: Document) -> Iterator[Named]:
    """Names before word `at`, the nearest first."""
    yield from (n for n in reversed(words.named) if n.last < at)
    for earlier in reversed(document.sentences[max(0, number - _REACH_GROUP) : number]):
        yield from reversed(earlier.named)


def _nearest(
    names: Iterable[Named], kinds: frozenset[str], office: str, index: "NameIndex"
) -> str | None:
    """The nearest actor of one of the kinds; a person only where the text or a role calls him by the office."""
    for named in names:
        actor = index.actors.get(named.actor or "")
        if (
            actor is None
            or actor.kind.replace(" ", "_") not in kinds
            or named.entry.how not in _REFERRED
        ):
            continue
        if actor.kind == "person" and not _is_called(named, actor, office):
            continue
        return actor.id
    return None


def _is_called(named: Named, actor: ActorEntry, office: str) -> bool:
    """A title in the mention or a role of the lexicon says the office's last word."""
    word = office.split()[-1]
    spoken = set(named.words.folds[named.first : named.last + 1])
    if spoken & (_SHORT_TITLES.get(word, set()) | {word}):
        return True
    return any(word in role.title.lower().split() for role in actor.roles)


@cache
def _phrases() -> dict[tuple[str, ...], frozenset[str]]:
    rows = data_files.rows("generic_groups.csv")
    return {tuple(row["phrase"].split()): frozenset(row["kinds"].split()) for row in rows}


def _longest_generic(folds: list[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    for length in range(len(folds), 1, -1):
        key = tuple(folds[:length])
        if key in _phrases():
            return key, _phrases()[key]
    return (), frozenset()


def _reference(words: Words, first: int, last: int, actor: str, index: "NameIndex") -> Named:
    span = Span(words.tokens[first].start, words.tokens[last].end)
    entry = Entry(actor, "coreference", (), index.actors[actor].country)
    return Named(words, first, last, span, (entry,))


def _apposed(words: Words, index: "NameIndex") -> None:
    """ "Iran's supreme general, Qassim Soleimani": the words before the comma are the person."""
    for person in [n for n in words.named if n.actor and _is_person(n, index)]:
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
            words.named.append(_reference(words, state.first, last, person.actor or "", index))


def _described(words: Words, document: Document, index: "NameIndex") -> None:
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
        holders = _titled(document, office, named.entry.country, index)
        if len(holders) == 1 and not _name_follows(words, named.last + 1):
            (actor,) = holders
            words.named = [n for n in words.named if n is not named]
            words.named.append(_reference(words, first, named.last + 1, actor, index))


def _name_follows(words: Words, last: int) -> bool:
    return words.covering(last + 1) is not None and words.gap_before(last + 1) == " "


def _titled(document: Document, office: str, country: str, index: "NameIndex") -> set[str]:
    """Persons of the country whom the text names with that title and who are in office on the day."""
    short = _SHORT_TITLES.get(office, set()) | {office}
    found = set()
    for named in document.named:
        actor = index.actors.get(named.actor or "")
        if actor is None or actor.kind != "person" or actor.country != country:
            continue
        has_title = not short.isdisjoint(named.words.folds[named.first : named.last + 1])
        day = document.published
        in_office = not actor.roles or any(
            day is None or r.until is None or r.until >= day for r in actor.roles
        )
        if has_title and in_office:
            found.add(actor.id)
    return found


def _delegates(words: Words, index: "NameIndex", document: Document) -> None:
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
        holder = _holder(words.folds[at - 1], actor.country, document, index)
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


def _holder(office: str, country: str, document: Document, index: "NameIndex") -> str | None:
    """The one person of the text who holds such an office on the day."""
    named = {n.actor for n in document.named if n.actor}
    found = {
        actor.id
        for actor in index.actors.values()
        if actor.id in named and actor.country == country
        for role in actor.roles
        if office in role.title.lower().replace("advisor", "adviser")
        and (role.until is None or document.published is None or role.until >= document.published)
    }
    return found.pop() if len(found) == 1 else None
