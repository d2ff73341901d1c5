"""The whole reading of one article: from text to actors, places, dates, events, claims and distinct events."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from apps.annotations.pipeline import (
    claims,
    clean,
    dates,
    events,
    sentences,
    story,
)
from apps.annotations.pipeline.claims import Found
from apps.annotations.pipeline.events import Coded, Surroundings
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_places import PlaceEchoes
from apps.annotations.pipeline.names import ActorFinder
from apps.annotations.pipeline.parse import LONGEST, parse
from apps.annotations.pipeline.places import PlaceFinder
from apps.annotations.pipeline.sentence_filter import SentenceFilter
from apps.annotations.pipeline.story_anchors import Anchors
from apps.annotations.pipeline.story_kin import Kin
from apps.annotations.pipeline.types import (
    Annotations,
    ArticleInput,
    DateMention,
    Interval,
    Lexicon,
    Span,
)

LONGEST_TEXT = 1_000_000  # characters; a longer text is not an article
# Characters of sentences that a reading parses at most (some 250 sentences): one article cannot hold a worker.
_MOST_PARSED = 40_000


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
        dateline = next((r.span for r in frame.removed if r.why == "dateline"), None)
        where = self._places.survey(text, runs, found.actors, dateline)
        found.places, found.lands = where.places, where.lands
        found.dates = list(dates.find(text, runs, article.published, self._lexicon.anchors))
        self._read_events(text, article, found)
        return found

    def _read_events(self, text: str, article: ArticleInput, found: Annotations) -> None:
        kin = Kin(self._lexicon, article.published)
        places = [*found.places, *self._echoes.find(text, found.places)]
        around = Surroundings(found.dates, places, article.published)
        coded: list[Coded] = []
        said: list[Found] = []
        filter_ = SentenceFilter(text, found.sentences, found.actors, self._countries)
        chosen = _affordable(filter_.chosen(), found.sentences)
        before: tuple[int, str | None] = (-1, None)
        for index, parsed in zip(
            chosen, parse(text, [found.sentences[i] for i in chosen]), strict=True
        ):
            told = before[1] if before[0] == index - 1 else None
            cast = Cast.of(parsed, found.actors, kin.persons, places, told, self._countries)
            here = events.code(parsed, index, cast, around)
            coded += here
            dated = any(d.days and d.span.overlaps(parsed.sentence) for d in found.dates)
            made = claims.find(parsed, index, cast, here, dated=dated)
            said += claims.own_side(here, kin, made, index)
            before = (index, claims.subject_of(parsed, cast))
        found.events = [c.event for c in coded]
        read = [event.date for event in found.events]
        claims.settle(said)
        found.claims = [_placed(f, coded) for f in said]
        found.story_events = story.merge(coded, kin, self._anchors, article.published)
        found.dates = _recounted(found, read)


def _affordable(chosen: Sequence[int], runs: Sequence[Span]) -> list[int]:
    """The first of the chosen sentences, up to _MOST_PARSED characters."""
    lengths = accumulate(min(runs[i].end - runs[i].start, LONGEST) for i in chosen)
    return [i for i, sum_ in zip(chosen, lengths, strict=True) if sum_ <= _MOST_PARSED]


def _recounted(found: Annotations, read: Sequence[Interval | None]) -> list[DateMention]:
    """The time expressions, with other days where what they date is a known event that was on other days.

    "Two days after the election" may count from the vote or from the day that told its winner.
    """
    mentions = list(found.dates)
    for event, before in zip(found.events, read, strict=True):
        if before is None or event.date is None or event.date == before:
            continue
        for index, told in enumerate(mentions):
            if told.days == before and told.span.overlaps(event.sentence):
                mentions[index] = replace(told, value=event.date, likely=None)
    return mentions


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
