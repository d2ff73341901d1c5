"""Which sentences of an article are parsed: parsing takes most of the time, and most of them cannot matter."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from apps.annotations.pipeline import claims_words, triggers
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.types import ActorMention, PlaceMention, Span

_SHORT = 12  # sentences of a text that is read whole, whoever it names
_SIDES = 2  # countries whose actors an article of the dossier's field names
_WORD = re.compile(r"[a-z]+")


class SentenceFilter:
    """Cheap test before the parser: the words of a trigger, and somebody or some place it could concern.

    Where a long article names nobody of the dossier beside a single country's, it is news of something else:
    of it only sentences that name somebody of the dossier are read.
    """

    def __init__(
        self,
        text: str,
        sentences: Sequence[Span],
        actors: Sequence[ActorMention],
        places: Sequence[PlaceMention],
        countries: dict[str, str],
    ) -> None:
        self._text = text
        self._sentences = sentences
        known = [actor for actor in actors if actor.actor in countries]
        told = {countries[actor.actor] for actor in known if actor.actor}
        self._short = len(sentences) <= _SHORT
        self._elsewhere = not self._short and len(told) < _SIDES
        others: list[ActorMention | PlaceMention] = []
        if not self._elsewhere:
            others = [*actors, *(p for p in places if p.place)]
        self._known = sorted(actor.span.start for actor in known)
        self._named = sorted(mention.span.start for mention in (*known, *others))
        self._violence = words("light_casualty") | words("arms")

    def chosen(self) -> list[int]:
        """Return the numbers of the sentences that are worth a parse."""
        found: list[int] = []
        near = self._short  # the sentence before names somebody known, or goes on about him
        for index, run in enumerate(self._sentences):
            known = _has(self._known, run)
            if self._test(run, known=known, near=near):
                if near and index and self._begins_with_who_was_named(run):
                    found += {index - 1}.difference(found[-1:])
                found.append(index)
            near = (
                self._short or known or (near and not _has(self._named, run) and self._refers(run))
            )
        return found

    def _test(self, run: Span, *, known: bool, near: bool) -> bool:
        named = known or _has(self._named, run)
        if self._elsewhere and not known:
            return False
        sentence = run.of(self._text)
        plain = set(_WORD.findall(sentence.lower()))
        violent = not self._violence.isdisjoint(plain)
        if not (known or violent or (near and self._refers(run)) or (named and near)):
            return False
        return triggers.may_hold(sentence) or claims_words.may_hold(sentence, plain)

    def _begins_with_who_was_named(self, run: Span) -> bool:
        """ "It said three had died": who it is stands in the sentence before."""
        first = _WORD.match(self._text[run.start : run.start + 5].lower())
        return first is not None and first[0] in {"it", "they", "he", "she"}

    def _refers(self, run: Span) -> bool:
        return not words("pronouns").isdisjoint(_WORD.findall(run.of(self._text).lower()))


def _has(starts: list[int], run: Span) -> bool:
    at = bisect_left(starts, run.start)
    return at < len(starts) and starts[at] < run.end
