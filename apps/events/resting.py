"""What of an event rests on a piece of evidence, and what else carries it.

Copies do not carry: evidence of the same story falls with the text it repeats.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.annotations.models import Candidate
from apps.events.headline import FOR
from apps.events.models import Claim, Event, Evidence, Standing
from apps.events.models.correction import FIELD_WORDS


@dataclass(frozen=True, slots=True)
class Resting:
    """Fields of the event (keys of FIELD_WORDS) that rest on evidence, those on it alone, and the claims."""

    fields: list[str]
    alone: list[str]
    claims: list[Claim]


def resting_on(evidence: Evidence) -> Resting:
    """Return what rests on one piece of evidence of an event that is proposed or published.

    Fields of the event itself rest on it where the machine read there what the event says; fields that are
    claimed, where a claim does that is not rejected.
    """
    event = evidence.event
    claims = list(evidence.claims.exclude(standing=Standing.REJECTED).order_by("pk"))
    others = _others(evidence)
    told = _told(evidence, event)
    carried = {name for other in others for name in _told(other, event)}
    said = {claim.field for claim in claims}
    carried_claims = list(_claims_of_others(evidence, others))
    uncarried = {c.field for c in claims if not any(_same(c, other) for other in carried_claims)}
    links = set()
    if evidence.link_set.exclude(standing=Standing.REJECTED).exists():
        links = {"links"}
    fields = told | said | links
    alone = (told - carried) | uncarried | links
    return Resting(_ordered(fields), _ordered(alone), claims)


def _ordered(names: Iterable[str]) -> list[str]:
    return [name for name in FIELD_WORDS if name in set(names)]


def _others(evidence: Evidence) -> list[Evidence]:
    """Published evidence of the event from other stories, still what its article says and not taken back."""
    rows: QuerySet[Evidence] = (
        evidence.event.evidence.filter(standing=Standing.PUBLISHED, replaced_by__isnull=True)
        .exclude(pk=evidence.pk)
        .exclude(article_version__article__retracted_at__isnull=False)
        .select_related("candidate")
    )
    version = evidence.article_version
    if version is not None:
        rows = rows.exclude(article_version__article__story=version.article.story_id)
    return list(rows)


def _told(evidence: Evidence, event: Event) -> set[str]:
    """Which of the event's own fields the evidence tells as the event has them."""
    if evidence.stance != Evidence.Stance.SUPPORTS:
        return set()
    found = evidence.candidate
    if found is not None:
        return {"occurrence", *(name for name, agrees in _AGREE.items() if agrees(found, event))}
    if evidence.origin == Evidence.Origin.DOSSIER:
        return {"occurrence", *_AGREE}
    return {"occurrence"}


def _parties(event: Event, role: str) -> set[str]:
    rows = event.participations.filter(role=role)
    return set(rows.values_list("actor__slug", flat=True))


_AGREE: dict[str, Callable[[Candidate, Event], bool]] = {
    "type": lambda found, event: found.type == event.type,
    "date": lambda found, event: (found.date_from, found.date_to) == (event.start, event.end),
    "place": lambda found, event: event.place is not None and found.place == event.place.slug,
    "initiators": lambda found, event: bool(
        _parties(event, "initiator").intersection(found.initiators)
    ),
    "targets": lambda found, event: bool(_parties(event, "target").intersection(found.targets)),
}


def _claims_of_others(evidence: Evidence, others: list[Evidence]) -> QuerySet[Claim]:
    """Published claims of the event that rest on what others say, or on the dossier's word alone."""
    return (
        evidence.event.claims.filter(standing=Standing.PUBLISHED)
        .filter(Q(evidence__in=others) | Q(evidence__isnull=True))
        .exclude(evidence=evidence)
    )


def _same(claim: Claim, other: Claim) -> bool:
    """Tell whether two claims say the same of one field, whoever speaks."""
    said, also = claim.act in FOR, other.act in FOR
    value = (claim.number, "" if claim.number is not None else claim.value)
    other_value = (other.number, "" if other.number is not None else other.value)
    return claim.field == other.field and said == also and value == other_value
