"""Events, their claims, evidence and links, every decision about them, and the desk where they are taken."""

from apps.events.models.claim import Claim
from apps.events.models.correction import Cause, Correction, SourceChange
from apps.events.models.decision import Assembly, Decision
from apps.events.models.desk import DeskItem
from apps.events.models.event import Event, EventQuerySet, Participation
from apps.events.models.evidence import Evidence, PublicQuerySet, Standing
from apps.events.models.link import Link, LinkQuerySet
from apps.events.models.placement import Placement, Rarity
from apps.events.models.second_coding import SecondCoding

__all__ = [
    "Assembly",
    "Cause",
    "Claim",
    "Correction",
    "Decision",
    "DeskItem",
    "Event",
    "EventQuerySet",
    "Evidence",
    "Link",
    "LinkQuerySet",
    "Participation",
    "Placement",
    "PublicQuerySet",
    "Rarity",
    "SecondCoding",
    "SourceChange",
    "Standing",
]
