"""Which sentence tells best what happened on a day, and which articles bear it out."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log, log1p, sqrt
from typing import Any

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.timeline_reading import DatedArticle, words
from apps.annotations.pipeline.types import Interval

# How much a sentence is worth by why it speaks of the day.
_NAMES_IT = 1.0
_ANNOUNCES_IT = 0.3  # in an article from before the day
_NAMES_OTHERS = 0.9  # for each other day that it names, too
_LEADS = 0.7  # at the head of an article of that day
_LEADS_AFTER = 0.5  # of the day after, when papers print it
_HEAD = 4  # sentences
_SHORTEST, _LONGEST = 8, 50  # words
# What is left of a sentence's worth.
_LEANS, _QUOTED, _ASKS, _CUT, _UNFIT, _FURNITURE = 0.5, 0.6, 0.3, 0.4, 0.3, 0.5
_TOKEN = re.compile(r"[^\W_][\w'’.,-]*")
_FIRST = re.compile(r"[A-Za-z']+")
_OPENING = re.compile(r"^(?:[\"“«`'‘]|[a-z,;)]|-RRB-)")
# What a page says of itself and of its pictures: "Last updated at 10:05 GMT", "Report abuse", "12 comments".
_OF_THE_PAGE = re.compile(
    r"(?i)\b(?:(?:last )?updated?\b.{0,12}\d|report abuse|e-?mail this|read more|click here|comments?\b)| \| "
    r"|/(?:AP|AFP|Reuters|Getty|EPA)\b|\b(?:Getty|AP) (?:Images|Photo)\b|pic\.twitter"
)
_PIVOT = 1.0  # keeps sentences of hardly a telling word from being most like all
_MOST = 400  # candidates of one day; more of them do not change which is central


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence, word for word, and the ids of the articles that speak of the day."""

    summary: str
    articles: list[Any]


@dataclass(frozen=True, slots=True)
class _Candidate:
    article: int
    sentence: int
    worth: float
    names: bool  # the day itself


class Teller:
    """Finds the sentences that speak of a day and chooses the one most like all of them."""

    def __init__(self, articles: Sequence[DatedArticle]) -> None:
        self._articles = articles
        self._naming: defaultdict[Interval, list[_Candidate]] = defaultdict(list)
        self._printed: defaultdict[Any, list[int]] = defaultdict(list)
        for number, article in enumerate(articles):
            named = Counter(n.sentence for n in dict.fromkeys(article.namings))
            for naming in article.namings:
                ahead = article.published is not None and naming.value.start > article.published
                worth = _ANNOUNCES_IT if ahead else _NAMES_IT
                worth *= _NAMES_OTHERS ** (named[naming.sentence] - 1)
                self._naming[naming.value].append(
                    _Candidate(number, naming.sentence, worth, names=True)
                )
            self._printed[article.published].append(number)
        spread = Counter(word for article in articles for word in article.words)
        self._topic = {w: log1p(n) / log1p(len(articles)) for w, n in spread.items()}
        self._used: set[str] = set()

    def of(self, day: Interval) -> Telling | None:
        """Return what tells of a day best; None where no sentence does that has not told another day."""
        candidates = self._candidates(day)[:_MOST]
        if not candidates:
            return None
        vectors = [self._vector(c) for c in candidates]
        middle: defaultdict[str, float] = defaultdict(float)
        for candidate, vector in zip(candidates, vectors, strict=True):
            for word, weight in vector.items():
                middle[word] += candidate.worth * weight
        order = sorted(
            range(len(candidates)),
            key=lambda i: (-self._worth(candidates[i], vectors[i], middle), i),
        )
        for chosen in (candidates[i] for i in order):
            summary = self._articles[chosen.article].sentence(chosen.sentence)
            if summary not in self._used:
                self._used.add(summary)
                return Telling(summary, self._bearing(chosen, candidates))
        return None

    def _candidates(self, day: Interval) -> list[_Candidate]:
        """Sentences that name the day, then heads of what came out then or the day after."""
        found = list(dict.fromkeys(self._naming.get(day, [])))
        if day.precision != "day":
            return found
        for later, worth in ((0, _LEADS), (1, _LEADS_AFTER)):
            for number in self._printed.get(day.start + timedelta(later), []):
                named = {n.sentence for n in self._articles[number].namings}
                head = range(min(_HEAD, len(self._articles[number].sentences)))
                found += [_Candidate(number, i, worth, names=False) for i in head if i not in named]
        return found

    def _bearing(self, chosen: _Candidate, candidates: Sequence[_Candidate]) -> list[Any]:
        """The chosen sentence's article, then the others that name the day; if none does, those of the day."""
        named = [c.article for c in candidates if c.names]
        numbers = dict.fromkeys([chosen.article, *(named or [c.article for c in candidates])])
        return [self._articles[number].id for number in numbers]

    def _vector(self, candidate: _Candidate) -> dict[str, float]:
        said = Counter(words(self._articles[candidate.article].sentence(candidate.sentence)))
        weighed = {w: (1 + log(n)) * self._topic.get(w, 0.1) for w, n in said.items()}
        length = sqrt(sum(v * v for v in weighed.values()) + _PIVOT)
        return {w: v / length for w, v in weighed.items()}

    def _worth(
        self, candidate: _Candidate, vector: dict[str, float], middle: dict[str, float]
    ) -> float:
        article = self._articles[candidate.article]
        central = sum(weight * middle[word] for word, weight in vector.items())
        return central * candidate.worth * fitness(article.sentence(candidate.sentence))


def fitness(sentence: str) -> float:
    """How fit a sentence is to stand alone: 1, less for fragments, questions, quotes, what leans on others."""
    first = _FIRST.search(sentence)
    leaning = data_files.groups("timeline_words.yaml")["leaning"]
    count = len(_TOKEN.findall(sentence))
    fit = 1.0
    if count < _SHORTEST:
        fit *= _UNFIT * count / _SHORTEST
    elif count > _LONGEST:
        fit *= _LONGEST / count * 0.8
    if first and first[0].lower() in leaning:
        fit *= _LEANS
    if _OPENING.match(sentence) or _is_half_quoted(sentence):
        fit *= _QUOTED
    if _OF_THE_PAGE.search(sentence):
        fit *= _FURNITURE
    closing = sentence.rstrip("\"”’»')] ")
    if closing.endswith("?"):
        fit *= _ASKS
    elif not closing.endswith((".", "!")):
        fit *= _CUT
    return fit


def _is_half_quoted(sentence: str) -> bool:
    """A quote that begins or ends elsewhere."""
    if sentence.count('"') % 2:
        return True
    return any(sentence.count(a) != sentence.count(b) for a, b in (("“", "”"), ("``", "''")))
