"""Which sentences of an article are parsed: parsing takes most of the time, and most of them cannot matter."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from apps.annotations.pipeline import claims_words, triggers
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.types import ActorMention, Span

_SHORT = 12  # sentences of a text that is read whole, whoever it names
_LEAD = 4  # sentences that tell what an article is about
_SIDES = (
    2  # actors that make a sentence, countries that make an article, one of the dossier's field
)
_WORD = re.compile(r"[a-z]+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")  # not the first word of a sentence
_DAY = re.compile(r"day\b|week|month|year|\b\d+ |\b20\d\d")
_GOING_ON = frozenset({"it", "they", "he", "she"})


class SentenceFilter:
    """Cheap test before the parser: the words of a trigger or a claim, and somebody whom the dossier knows.

    In a long article a sentence that names nobody of the dossier counts only where it tells of violence or
    goes on about who was just named ("It said ..."). A long article that does not name actors of two countries
    is news of something else: after its lead, sentences are read that name two actors, or one and violence.
    After the lead of an article of the field, a sentence that names one actor must tell more: a day, a number,
    violence, another name, or a claim.
    """

    def __init__(
        self,
        text: str,
        sentences: Sequence[Span],
        actors: Sequence[ActorMention],
        countries: Mapping[str, str],
    ) -> None:
        self._text = text
        self._sentences = sentences
        known = [(a.span.start, a.actor) for a in actors if a.actor and a.actor in countries]
        self._starts = [start for start, _ in known]
        self._actors = [actor for _, actor in known]
        self._is_short = len(sentences) <= _SHORT
        self._is_of_the_field = len({countries[actor] for actor in self._actors}) >= _SIDES
        self._violence = words("light_casualty") | words("arms")

    def chosen(self) -> list[int]:
        """Return the numbers of the sentences that are worth a parse."""
        found: list[int] = []
        before = 0
        for index, run in enumerate(self._sentences):
            sentence = run.of(self._text)
            plain = _WORD.findall(sentence.lower())
            named = self._named(run)
            goes_on = before > 0 and bool(plain) and plain[0] in _GOING_ON
            claims = claims_words.may_hold(sentence, set(plain))
            matters = goes_on or self._matters(index, named, plain, claims=claims)
            if matters and (claims or triggers.may_hold(sentence)):
                # Who "it" is stands in the sentence before.
                found += {index - 1}.difference(found[-1:]) if goes_on else ()
                found.append(index)
            before = named
        return found

    def _named(self, run: Span) -> int:
        """How many of the dossier's actors a sentence names."""
        first, last = (bisect_left(self._starts, at) for at in (run.start, run.end))
        return len(set(self._actors[first:last]))

    def _matters(self, index: int, named: int, plain: Sequence[str], *, claims: bool) -> bool:
        """The dossier's field is touched."""
        if self._is_short or named >= _SIDES:
            return True
        is_violent = not self._violence.isdisjoint(plain)
        if named == 0:
            return self._is_of_the_field and is_violent
        return (
            is_violent
            or index < _LEAD
            or (self._is_of_the_field and (claims or self._tells_more(index)))
        )

    def _tells_more(self, index: int) -> bool:
        sentence = self._sentences[index].of(self._text)
        return len(_NAME.findall(sentence)) >= _SIDES or _DAY.search(sentence) is not None
