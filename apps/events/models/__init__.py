"""Events, their claims, evidence and links, every decision about them, and the desk where they are taken."""

from apps.events.models.claim import Claim
from apps.events.models.decision import Assembly, Decision
from apps.events.models.desk import Correction, DeskItem, SecondCoding
from apps.events.models.event import Event, EventQuerySet, Participation
from apps.events.models.evidence import Evidence, PublicQuerySet, Standing
from apps.events.models.link import Link, LinkQuerySet

__all__ = [
    "Assembly",
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
    "PublicQuerySet",
    "SecondCoding",
    "Standing",
]
