"""Which clusters of mentions are events of the article, and which of them are its news."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from apps.annotations.pipeline.story_actors import UNKNOWN_DOER
from apps.annotations.pipeline.story_kin import Kin
from apps.annotations.pipeline.types import CodedEvent

if TYPE_CHECKING:
    from apps.annotations.pipeline.story import Cluster

FRESH = 8  # days before publication within which a happening is what the article reports as new
_LEAD = 4  # sentences that tell what the article is about
_SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE"})
# What is told of as to come counts where it is an act that governments announce.
_ANNOUNCED = frozenset({"RETREAT", "MOBILIZE", "COERCE", "SANCTION", "COOPERATE"})


def is_event(cluster: Cluster, kin: Kin, published: date | None) -> bool:
    """Tell whether a cluster has the parties, the day or the place that make it an event."""
    event = cluster.event
    if event.modality == "future" and not _is_announced(event, kin):
        return False
    if event.date is None and cluster.seen[0].is_collective:
        return False
    return _has_parties(event, kin) and _has_aim(event) and _is_datable(event, kin, published)


def is_main(cluster: Cluster, published: date | None) -> bool:
    """Tell whether a cluster is news: of the last days, or undated and told at the beginning."""
    when = cluster.event.date
    if when is not None and published is not None:
        fresh = when.end >= published - timedelta(days=FRESH)
        return fresh and (when.end - when.start).days <= FRESH
    return cluster.first_sentence < _LEAD


def _is_announced(event: CodedEvent, kin: Kin) -> bool:
    """Somebody known says that he, or who he speaks for, will do it."""
    return (
        event.type in _ANNOUNCED
        and event.attribution is not None
        and event.attribution.speaker in kin.known
        and bool(event.initiators or event.targets)
    )


def _has_parties(event: CodedEvent, kin: Kin) -> bool:
    """A known actor; of talk a known speaker; of an attack at least a day and a known place."""
    if event.mode == "ceasefire" and event.date is not None:
        return True
    if event.type in {"ACCUSE", "SUPPORT", "AGREE"} and not event.targets:
        return False
    if event.type in _SPEECH:
        named = any(a[:1].isupper() for a in event.initiators)
        to_known = any(a in kin.known for a in event.targets)
        return (named and to_known) or any(a in kin.known for a in event.initiators)
    named_here = [a for a in (*event.initiators, *event.targets) if a != UNKNOWN_DOER]
    if any(a in kin.known for a in named_here) or event.killed or event.wounded:
        return True
    return event.type == "ASSAULT" and event.date is not None and kin.is_place(event.place)


def _has_aim(event: CodedEvent) -> bool:
    """Somebody it is done to, whoever he is, or a place or victims; an act of one side alone is no event."""
    told = event.targets or event.place or event.killed is not None or event.wounded is not None
    return bool(told) or event.mode == "ceasefire"


def _is_datable(event: CodedEvent, kin: Kin, published: date | None) -> bool:
    """What cannot be dated is no entry of a timeline, unless both sides are known and a match may date it."""
    if event.date is not None or published is None:
        return True
    return all(any(a in kin.known for a in side) for side in (event.initiators, event.targets))
