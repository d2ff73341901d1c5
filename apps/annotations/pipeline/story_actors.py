"""Actors that an article gives indirectly: a country's crowds, the unknown doer, the aim of a reaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.annotations.pipeline.events_roles import OBJECTS
from apps.annotations.pipeline.events_targets import targets
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.story_kin import Kin
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import CodedEvent

if TYPE_CHECKING:
    from apps.annotations.pipeline.story import Cluster

UNKNOWN_DOER = "unattributed"  # the lexicon's actor for attacks nobody is named for


def complete(clusters: list[Cluster], kin: Kin) -> None:
    """Fill in actors in place; only actors of the lexicon are added, and `why` says so."""
    crowds = [_crowd(c, kin) for c in clusters if c.event.type == "PROTEST"]
    crowd = next((c for c in crowds if c), None)
    for cluster in clusters:
        event = cluster.event
        if event.type == "ASSAULT" and not event.initiators and UNKNOWN_DOER in kin.known:
            event.initiators = [UNKNOWN_DOER]
        event.targets = [_government(t, event, kin) for t in event.targets]
        if crowd and event.type == "PROTEST" and not _known(event.initiators, kin):
            event.initiators = [crowd]
        if crowd:
            event.targets = [crowd if _is_crowd(t) else t for t in event.targets]
    for cluster in clusters:
        if cluster.event.type in words("speech_types") and not _known(cluster.event.targets, kin):
            _aim(cluster, clusters)


def _known(actors: list[str], kin: Kin) -> bool:
    return any(a in kin.known for a in actors)


def _is_crowd(surface: str) -> bool:
    return any(surface.casefold().endswith((word, word + "s")) for word in words("populace"))


def _government(surface: str, event: CodedEvent, kin: Kin) -> str:
    """ "The government in Tehran": the government of the country the place lies in."""
    if surface.casefold() in words("governments"):
        return kin.government_of(event.place) or surface
    return surface


def _crowd(cluster: Cluster, kin: Kin) -> str | None:
    """The people of the country where a protest is, where nobody else is known to protest."""
    event = cluster.event
    if _known(event.initiators, kin):
        return next((a for a in event.initiators if a in kin.populations), None)
    people = kin.people_of(event.place)
    if people is None:
        return None
    event.initiators = [people]
    event.why += f"; {people} as the people of the place"
    against = {t.lower_ for m in cluster.seen for t in m.group.main.token.subtree}
    government = kin.government_of(event.place)
    if (
        government
        and not _known(event.targets, kin)
        and "anti" in {w.split("-")[0] for w in against}
    ):
        event.targets = [government]
    return people


def _is_revenge(cluster: Cluster) -> bool:
    """ "Promised retaliation", "vowed to avenge him"."""
    trigger = cluster.seen[0].group.main.token
    said = {lemma(t) for t in trigger.subtree}
    return cluster.event.type == "THREATEN" and not said.isdisjoint(words("revenge"))


def _aim(cluster: Cluster, clusters: list[Cluster]) -> None:
    """Who condemns an attack speaks against its doer, who vows revenge too."""
    member = cluster.seen[0]
    main = member.group.main
    aimed_at = [c.token for c in targets(main)]
    aimed_at += [c for c in main.token.children if c.dep_ in OBJECTS]
    attacks = words("instruments") | words("denied_acts")
    if not any(lemma(t) in attacks for t in aimed_at) and not _is_revenge(cluster):
        return
    before = [
        c
        for c in clusters
        if c.event.type == "ASSAULT"
        and c.first_sentence <= member.sentence_index
        and not set(c.event.initiators) & set(cluster.event.initiators)
    ]
    if before and before[-1].event.initiators:
        cluster.event.targets = list(before[-1].event.initiators)
        cluster.event.why += "; aimed at the doer of the attack it speaks of"
