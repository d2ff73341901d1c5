"""Dates that an article gives indirectly: hours after a dated event, in answer to one, or as the day's news."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from apps.annotations.pipeline.types import Interval

if TYPE_CHECKING:
    from apps.annotations.pipeline.events import Coded
    from apps.annotations.pipeline.story import Cluster

_NEWS_TENSES = frozenset({"VBD", "VBZ", "VBP", "VBN", "VBG"})
_LEAD = 12  # sentences in which an undated happening is the news itself
_SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE"})


def share(clusters: list[Cluster], coded: list[Coded], published: date | None) -> None:
    """Date undated clusters from their neighbours in the text, and say so in `why`; no cluster loses a date."""
    by_token = {(c.sentence_index, c.group.main.token.i): c for c in coded}
    home = {id(member): cluster for cluster in clusters for member in cluster.seen}
    for cluster in clusters:
        if cluster.event.date is None:
            _hours_after(cluster, by_token, home)
    for before, cluster in zip(clusters, clusters[1:], strict=False):
        if cluster.event.date is None:
            _same_paragraph(cluster, before, published)
    for cluster in clusters:
        if cluster.event.date is None and published is not None:
            _as_news(cluster, published)


def _give(cluster: Cluster, when: Interval, how: str) -> None:
    cluster.event.date = when
    cluster.event.why = f"{cluster.event.why}; {how}"
    cluster.event.confidence = round(max(0.05, cluster.event.confidence - 0.05), 2)


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
        _give(cluster, when, "dated with the event told before it")


def _as_news(cluster: Cluster, published: date) -> None:
    """What a news article tells without a date in its plain past is of that day or the day before."""
    token = cluster.seen[0].group.main.token
    plain = token.tag_ in _NEWS_TENSES and not any(
        c.dep_ == "aux" and c.lower_ == "had" for c in token.children
    )
    if plain and cluster.first_sentence < _LEAD and cluster.event.type in _SPEECH:
        days = Interval(published - timedelta(days=1), published, "day")
        _give(
            cluster, days, "told as news without a date: the day of publication or the day before"
        )
