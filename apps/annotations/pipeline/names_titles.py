"""Titles before a person's name, which belong to it: "Defense Secretary Mark Esper"."""

from collections.abc import Mapping

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.names_words import Named, Words
from apps.annotations.pipeline.names_world import is_world
from apps.annotations.pipeline.types import ActorEntry, Span

_MOST_TITLES = 7  # words of title before a name


def join(words: Words, actors: Mapping[str, ActorEntry]) -> None:
    """Let a person's name begin with the titles before it, and drop what was found inside them."""
    for named in list(words.named):
        actor = actors.get(named.actor or "")
        if named not in words.named or named.entry.how not in ("alias", "surname"):
            continue
        if actor is None or actor.kind != "person" or is_world(actor.id):
            continue  # whom the lexicon lacks is told by the bare name
        first, inside = _titles_before(words, named.first)
        if first < named.first and not _only_country(inside, first):
            named.first = first
            named.span = Span(words.tokens[first].start, named.span.end)
            words.named = [n for n in words.named if n not in inside]


def _titles_before(words: Words, at: int) -> tuple[int, list[Named]]:
    """The first word of the titles that end before word `at`, and the names inside them."""
    first, inside = at, []
    while first > 0 and at - first < _MOST_TITLES and not words.gap_before(first).strip(" .-"):
        other = words.ending_at(first - 1)
        if other is not None and other.entry.how in ("role", "demonym", "country", "weak"):
            inside.append(other)
            first = other.first
        elif other is None and words.covering(first - 1) is None and _is_title(words, first - 1):
            first -= 1
        else:
            break
    return first, inside


def _is_title(words: Words, at: int) -> bool:
    """A title's word, or the "of" inside one: "secretary of state"."""
    titles = data_files.title_words()
    if words.folds[at] in ("of", "for") and words.fold_at(at + 1) in titles:
        return words.fold_at(at - 1) in titles
    return words.folds[at] in titles


def _only_country(inside: list[Named], first: int) -> bool:
    """Nothing but a country stands before the name: "Iran Zarif" is no title."""
    return len(inside) == 1 and inside[0].entry.how == "country" and inside[0].first == first
