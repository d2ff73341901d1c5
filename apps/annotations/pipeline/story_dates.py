"""Dates that an article gives indirectly: hours after a dated event, in answer to one, or as the day's news."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING

from apps.annotations.pipeline.types import Interval, KnownEvent

if TYPE_CHECKING:
    from spacy.tokens import Token

    from apps.annotations.pipeline.events import Coded
    from apps.annotations.pipeline.story import Cluster
    from apps.annotations.pipeline.story_anchors import Anchors

_HOURS = frozenset({"midnight", "dawn", "noon", "dusk", "daybreak", "overnight"})
_LEAD = 3  # sentences in which an undated happening is the news itself
_SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE"})


def share(
    clusters: list[Cluster], coded: list[Coded], anchors: Anchors, published: date | None
) -> None:
    """Date undated clusters from their neighbours in the text, and say so in `why`; no cluster loses a date."""
    by_token = {(c.sentence_index, c.group.main.token.i): c for c in coded}
    home = {id(member): cluster for cluster in clusters for member in cluster.seen}
    for cluster in clusters:
        if cluster.event.date is None:
            _hours_after(cluster, by_token, home)
    for cluster in clusters:
        _by_name(cluster, anchors, published)
    for before, cluster in itertools.pairwise(clusters):
        if cluster.event.date is None:
            _same_paragraph(cluster, before, published)
    for cluster in clusters:
        if cluster.event.date is None:
            _same_speaker(cluster, clusters)
        if cluster.event.date is None and published is not None:
            _reaction(cluster, clusters, published)
        if cluster.event.date is None and published is not None:
            _as_news(cluster, published)


def _give(cluster: Cluster, when: Interval, how: str) -> None:
    cluster.event.date = when
    cluster.event.why = f"{cluster.event.why}; {how}"


def _by_name(cluster: Cluster, anchors: Anchors, published: date | None) -> None:
    """A happening with the name of a dated event of the dossier takes its days, and its doer if it has none."""
    when = cluster.event.date
    known = anchors.named_by(cluster.seen, published)
    if known is None or not _could_be(cluster, when, known):
        return
    cluster.is_named = True
    if when is None or when.start != when.end or when.start != known.start:
        days = Interval(known.start, known.end, "day")
        how = f"named like the known event {known.id}"
        _give(cluster, days, how)
        if when is not None:
            _recount(cluster, when, days, how)
    if known.initiators and not cluster.event.initiators:
        cluster.event.initiators = list(known.initiators)
        cluster.event.why += f"; done by those of the known event {known.id}"


def _recount(cluster: Cluster, counted: Interval, days: Interval, how: str) -> None:
    """Give the mentions that were counted from another event the days of the known one, too."""
    if counted.start != counted.end:
        return  # a wider wording stays what was said
    for member in cluster.seen:
        if member.event.date == counted and member.event is not cluster.event:
            member.event.date = days
            member.event.why += f"; {how}"


def _could_be(cluster: Cluster, when: Interval | None, known: KnownEvent) -> bool:
    """No days, days that hold the known ones, or a count from another event that misses them by little.

    "Two days after the election" may count from the vote or from the day it was called: the name is surer.
    """
    if when is None or (when.start <= known.end and known.start <= when.end):
        return True
    if when.precision == "month" and when.start.month == known.start.month:
        return abs(when.start.year - known.start.year) <= 1  # a bare "in January"
    counted = any(f" {word} " in cluster.event.why for word in ("after", "before"))
    return counted and abs((when.start - known.start).days) <= 7


def _hours_after(
    cluster: Cluster, by_token: dict[tuple[int, int], Coded], home: dict[int, Cluster]
) -> None:
    for member in cluster.seen:
        if member.after is None:
            continue
        earlier = by_token.get((member.sentence_index, member.after))
        source = home.get(id(earlier)) if earlier is not None else None
        when = source.event.date if source is not None else None
        if when is not None:
            _give(
                cluster, when, f'hours after "{earlier.group.main.token.text}"' if earlier else ""
            )
            return


def _same_paragraph(cluster: Cluster, before: Cluster, published: date | None) -> None:
    """Answers to an event that is dated only to a year or month lie in the same span of time."""
    when = before.event.date
    near = 0 <= cluster.first_sentence - before.first_sentence <= 1
    if (
        when is None
        or not near
        or cluster.event.type != "ASSAULT"
        or before.event.type != "ASSAULT"
    ):
        return
    old = (
        published is None
        or when.end < published - timedelta(days=8)
        or (when.end - when.start).days > 31
    )
    if old:
        end = when.start + timedelta(days=31) if (when.end - when.start).days <= 7 else when.end
        last = end if published is None else min(end, published)
        _give(cluster, Interval(when.start, last, "month"), "dated with the event told before it")


def _same_speaker(cluster: Cluster, clusters: list[Cluster]) -> None:
    """Who speaks in two sentences that follow each other spoke on one occasion."""
    if cluster.event.type not in _SPEECH:
        return
    for other in clusters:
        near = 0 <= other.first_sentence - cluster.last_sentence <= 1
        shared = set(cluster.event.initiators) & set(other.event.initiators)
        if near and shared and other.event.date is not None and other.event.type in _SPEECH:
            _give(cluster, other.event.date, "dated with the next words of the same speaker")
            return


def _reaction(cluster: Cluster, clusters: list[Cluster], published: date) -> None:
    """Denials and comments that follow the report of an attack belong to its days."""
    if cluster.event.type not in _SPEECH:
        return
    for other in reversed(clusters):
        when = other.event.date
        near = 0 < cluster.first_sentence - other.last_sentence <= 2 or (
            cluster.first_sentence - other.first_sentence >= 0
            and cluster.first_sentence == other.last_sentence
        )
        fresh = when is not None and published - timedelta(days=8) <= when.end <= published
        if when is not None and near and fresh and other.event.type == "ASSAULT":
            _give(cluster, when, "dated with the attack it answers")
            return


def _as_news(cluster: Cluster, published: date) -> None:
    """What news tells without a date is new: the perfect tense of the week, the plain past of the day.

    The plain past counts for words (they are quoted because they are new) and for happenings in the lead.
    """
    if cluster.seen[0].is_definite or cluster.seen[0].is_collective:
        return  # "the truce": known to the reader, so not new; "attacks": on no one day
    token = _finite(cluster.seen[0].group.main.token)
    auxiliaries = {c.lower_ for c in token.children if c.dep_ in {"aux", "auxpass"}}
    if "had" in auxiliaries or _looks_back(token):
        return
    event = cluster.event
    if auxiliaries & {"has", "have", "'ve"}:
        days = Interval(published - timedelta(days=7), published, "week")
        _give(cluster, days, "told in the perfect tense: the week before publication")
    elif token.tag_ in {"VBD", "VBZ", "VBN"} and (
        event.type in _SPEECH
        or event.modality == "future"
        or cluster.first_sentence < _LEAD
        or _tells_hour(cluster)
    ):
        days = Interval(published - timedelta(days=1), published, "day")
        _give(
            cluster, days, "told as news without a date: the day of publication or the day before"
        )


def _tells_hour(cluster: Cluster) -> bool:
    """ "Shortly before midnight rockets landed": an hour without a day is of the day."""
    doc = cluster.seen[0].parsed.doc
    counted = any(t.lower_ in {"hour", "hours"} and _is_count(t) for t in doc)
    return counted or any(t.lower_ in _HOURS for t in doc)


def _is_count(hours: Token) -> bool:
    """ "Hours before the tweet", "an hour later": near to something of the day."""
    after = hours.i + 1
    return after < len(hours.doc) and hours.doc[after].lower_ in {
        "before",
        "after",
        "later",
        "earlier",
    }


def _finite(token: Token) -> Token:
    """The verb whose tense an event noun or participle shares."""
    for _ in range(6):
        if (token.pos_ in {"VERB", "AUX"} and token.tag_ != "VBG") or token.head.i == token.i:
            break
        token = token.head
    return token


def _looks_back(token: Token) -> bool:
    return any(
        c.lower_ in {"previously", "once", "earlier", "before", "long"} and c.dep_ == "advmod"
        for c in token.children
    )
