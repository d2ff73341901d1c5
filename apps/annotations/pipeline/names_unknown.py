"""Names that the lexicon does not know: persons who speak or bear a title, organisations."""

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.names_context import words_of
from apps.annotations.pipeline.names_trie import Entry
from apps.annotations.pipeline.names_words import Document, Named, Words
from apps.annotations.pipeline.types import Span

_MOST_WORDS = 5
_LINKS = frozenset({"of", "al", "el", "bin", "ibn", "de", "van", "von", "for"})


def add(words: Words) -> None:
    """Add the sentence's unknown names to its names; kind "unknown", no actor."""
    at = 0
    taken = {i for named in words.named for i in range(named.first, named.last + 1)}
    found = []
    while at < len(words.tokens):
        last = _run(words, at, taken)
        if last > at and _is_name(words, at, last):
            found.append(_named(words, at, last))
        at = max(last, at) + 1
    words.named = sorted(words.named + found, key=lambda n: n.span.start)


def add_last_names(document: Document) -> None:
    """Add an unknown person's last name alone, where it stands after the full name."""
    bearers: set[str] = set()
    for words in document.sentences:
        taken = {i for named in words.named for i in range(named.first, named.last + 1)}
        found = [
            _named(words, at, at)
            for at, token in enumerate(words.tokens)
            if token.capital and at not in taken and words.folds[at] in bearers
        ]
        bearers |= {
            words.folds[n.last] for n in words.named if n.entry.how == "unknown" and is_person(n)
        }
        if found:
            words.named = sorted(words.named + found, key=lambda n: n.span.start)


def is_person(named: Named) -> bool:
    """An unknown name that is no organisation's by its last word or its first."""
    run = named.words.folds[named.first : named.last + 1]
    return words_of("organisation").isdisjoint({run[0], run[-1]})


def _run(words: Words, at: int, taken: set[int]) -> int:
    """The last word of the run of capitalised words that begins at `at`; `at` - 1 where none begins."""
    last = at - 1
    while last + 1 < len(words.tokens) and last + 1 - at < _MOST_WORDS:
        following = last + 1
        if following in taken or (following > at and words.gap_before(following).strip(" -.")):
            break
        token, fold = words.tokens[following], words.folds[following]
        if fold in _LINKS and last >= at and _continues(words, following, taken):
            last = following
            continue
        if (
            not token.capital
            or fold in words_of("not_a_name")
            or (token.surface.isupper() and len(fold) > 1)
        ):
            break
        if last < at and fold in data_files.title_words():
            break
        last = following
    return last


def _continues(words: Words, at: int, taken: set[int]) -> bool:
    following = at + 1
    return (
        following < len(words.tokens) and following not in taken and words.tokens[following].capital
    )


def _is_name(words: Words, first: int, last: int) -> bool:
    """A person who speaks or bears a title, or an organisation by its last or first word."""
    count = last - first + 1
    heads = words_of("organisation")
    if words.folds[last] in heads or (words.folds[first] in heads and count > 2):
        return True
    if count > 4 or any(fold in ("of", "for") for fold in words.folds[first : last + 1]):
        return False
    if words.fold_at(first - 1) in data_files.title_words() and not words.gap_before(first).strip(
        " ."
    ):
        return True
    around = {words.fold_at(first - 1), words.fold_at(last + 1)}
    return not around.isdisjoint(words_of("speech"))


def _named(words: Words, first: int, last: int) -> Named:
    span = Span(words.tokens[first].start, words.tokens[last].end)
    entry = Entry(None, "unknown", tuple(t.surface for t in words.tokens[first : last + 1]))
    return Named(words, first, last, span, (entry,))
