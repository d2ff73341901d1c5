"""The whole reading of one article: from text to actors, places, dates, events, claims and distinct events."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from apps.annotations.pipeline import claims, clean, dates, events, sentences, story, triggers
from apps.annotations.pipeline.claims import Found
from apps.annotations.pipeline.events import Coded, Surroundings
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_places import PlaceEchoes
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.names import ActorFinder
from apps.annotations.pipeline.parse import parse
from apps.annotations.pipeline.places import PlaceFinder
from apps.annotations.pipeline.story_anchors import Anchors
from apps.annotations.pipeline.story_kin import Kin
from apps.annotations.pipeline.types import (
    ActorMention,
    Annotations,
    ArticleInput,
    Lexicon,
    PlaceMention,
    Span,
)

LONGEST_TEXT = 1_000_000  # characters; a longer text is not an article
_MOST_PARSED = 400  # sentences a reading parses at most, so that one article cannot hold a worker
_SHORT = 12  # sentences of a text that is read whole, whoever it names
_SIDES = 2  # countries whose actors an article of the dossier's field names
_WORD = re.compile(r"[a-z]+")


class TextTooLongError(ValueError):
    """The text is longer than LONGEST_TEXT."""


class Reader:
    """Reads articles with one lexicon; keeps nothing of an article after reading it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._actors = ActorFinder(lexicon)
        self._places = PlaceFinder(lexicon)
        self._echoes = PlaceEchoes(lexicon)
        self._anchors = Anchors(lexicon.anchors)
        self._countries = {actor.id: actor.country for actor in lexicon.actors}

    def read(self, article: ArticleInput) -> Annotations:
        """Return everything that is read in one article; TextTooLongError for a text over LONGEST_TEXT."""
        text = article.text
        if len(text) > LONGEST_TEXT:
            raise TextTooLongError(
                f"The text has {len(text)} characters; at most {LONGEST_TEXT} are read."
            )
        frame = clean.structure(text, article.title)
        runs = sentences.split(text, frame.removed)
        found = Annotations(frame.agency, frame.dateline, list(frame.removed), runs)
        found.actors = list(self._actors.find(text, runs, article.published))
        found.places = list(self._places.find(text, runs, found.actors))
        found.dates = list(dates.find(text, runs, article.published, self._lexicon.anchors))
        self._read_events(text, article, found)
        return found

    def _read_events(self, text: str, article: ArticleInput, found: Annotations) -> None:
        kin = Kin(self._lexicon, article.published)
        places = [*found.places, *self._echoes.find(text, found.places)]
        around = Surroundings(found.dates, places, article.published)
        coded: list[Coded] = []
        said: list[Found] = []
        matters = _Matters(text, found.sentences, found.actors, places, self._countries)
        chosen = matters.chosen(found.sentences)[:_MOST_PARSED]
        before: tuple[int, str | None] = (-1, None)
        for index, parsed in zip(
            chosen, parse(text, [found.sentences[i] for i in chosen]), strict=True
        ):
            told = before[1] if before[0] == index - 1 else None
            cast = Cast.of(parsed, found.actors, kin.persons, places, told)
            here = events.code(parsed, index, cast, around)
            coded += here
            dated = any(d.days and d.span.overlaps(parsed.sentence) for d in found.dates)
            made = claims.find(parsed, index, cast, here, dated=dated)
            said += claims.own_side(here, kin, made, index)
            before = (index, claims.subject_of(parsed, cast))
        found.events = [c.event for c in coded]
        claims.settle(said)
        found.claims = [_placed(f, coded) for f in said]
        found.story_events = story.merge(coded, kin, self._anchors, article.published)


class _Matters:
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

    def chosen(self, sentences: Sequence[Span]) -> list[int]:
        """Return which sentences are worth a parse."""
        found = []
        near = self._short  # the sentence before names somebody known, or goes on about him
        for index, run in enumerate(sentences):
            known = _has(self._known, run)
            if self._test(run, known=known, near=near):
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
        plain = _WORD.findall(sentence.lower())
        violent = not self._violence.isdisjoint(plain)
        if not (known or violent or (near and self._refers(run)) or (named and near)):
            return False
        return triggers.may_hold(sentence) or not words("light_casualty").isdisjoint(plain)

    def _refers(self, run: Span) -> bool:
        return not words("pronouns").isdisjoint(_WORD.findall(run.of(self._text).lower()))


def _has(starts: list[int], run: Span) -> bool:
    at = bisect_left(starts, run.start)
    return at < len(starts) and starts[at] < run.end


def _placed(found: Found, coded: list[Coded]) -> claims.CodedClaim:
    """Give the claim the index of its event: in its sentence, else the last one told of that kind."""
    claim = found.claim
    if found.about is not None:
        claim.event = next(i for i, c in enumerate(coded) if c is found.about)
    elif found.last_of is not None:
        claim.event = _last_told(found, coded)
    return claim


def _last_told(found: Found, coded: list[Coded]) -> int | None:
    earlier = [
        i
        for i, c in enumerate(coded)
        if c.sentence_index <= found.sentence_index
        and c.event.modality == "actual"
        and found.last_of in {c.event.type, c.event.mode}
    ]
    # Of one sentence the first: what it goes on to name is mostly the cause of it.
    last = coded[earlier[-1]].sentence_index if earlier else None
    return next((i for i in earlier if coded[i].sentence_index == last), None)
