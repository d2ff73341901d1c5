"""What the machine reads in a sentence's new wording, claim by claim and field by field."""

from typing import Any

from django.db.models import QuerySet

from apps.annotations.models import Annotation, Candidate, ClaimCandidate
from apps.articles.models import ArticleVersion
from apps.core.stages import StageStatus
from apps.events.attaching import valued
from apps.events.headline import FOR, TOLLS
from apps.events.models import Claim, Evidence, Standing
from apps.events.rewording import Place


class Rereading:
    """The latest reading of a version, asked about one place in it."""

    def __init__(self, version: ArticleVersion, place: Place) -> None:
        self.version = version
        self._in_place = {"start__lt": place.end, "end__gt": place.start}
        self._annotation = (
            Annotation.objects.filter(article_version=version, status=StageStatus.DONE)
            .order_by("-pk")
            .first()
        )

    def candidate(self) -> Candidate | None:
        """The event read there, the surest first; None where none was."""
        rows = Candidate.objects.filter(annotation=self._annotation, **self._in_place)
        return rows.order_by("-confidence", "pk").first()

    def proposed(self, evidence: Evidence) -> Evidence | None:
        """What was attached to the same event from there, whatever became of it; None where nothing was."""
        rows = evidence.event.evidence.filter(article_version=self.version, **self._in_place)
        return rows.exclude(pk=evidence.pk).order_by("pk").first()

    def claim(self, claim: Claim) -> Claim | None:
        """What the same speaker was found to say of the same field in the new version; None: nothing."""
        rows = claim.event.claims.filter(
            evidence__article_version=self.version,
            field=claim.field,
            speaker=claim.speaker,
            source=claim.source,
            speaker_text=claim.speaker_text,
            act__in=FOR if claim.act in FOR else [claim.act],
        )
        rows = rows.exclude(pk=claim.pk).exclude(standing=Standing.REJECTED)
        return rows.order_by("-pk").first()

    def value(self, claim: Claim) -> str | None:
        """What the new wording gives for a claim: digits of a toll, else words; None where it does not tell."""
        found = self.claim(claim)
        if found is not None:
            return told(found)
        said = self._said(claim).first()
        if said is not None:
            field, value, number = valued(said)
            if field == claim.field:
                return str(number) if number is not None else value
        coded = self.candidate()
        if claim.source is not None and coded is not None and claim.field in TOLLS:
            number = getattr(coded, claim.field)
            return None if number is None else str(number)
        return None

    def _said(self, claim: Claim) -> QuerySet[ClaimCandidate]:
        speaker = claim.speaker.slug if claim.speaker else claim.speaker_text
        return ClaimCandidate.objects.filter(
            annotation=self._annotation,
            field=claim.field,
            speaker=speaker or "-",
            act__in=FOR if claim.act in FOR else [claim.act],
            **self._in_place,
        ).order_by("pk")

    def changes(self, evidence: Evidence, claims: list[Claim]) -> list[dict[str, Any]]:
        """Return [{field, claim, was, now}]: of each claim, and of the event's own fields that differ now."""
        return [
            {"field": c.field, "claim": c.pk, "was": told(c), "now": self.value(c)} for c in claims
        ] + [
            {"field": name, "claim": None, "was": was, "now": now}
            for name, was, now in self._own(evidence)
        ]

    def _own(self, evidence: Evidence) -> list[tuple[str, str, str]]:
        before, after = evidence.candidate, self.candidate()
        if before is None or after is None:
            return []
        pairs = zip(_coded(before).items(), _coded(after).values(), strict=True)
        return [(name, was, now) for (name, was), now in pairs if was != now]


def _coded(found: Candidate) -> dict[str, str]:
    """The coded fields as words."""
    days = [str(day) for day in (found.date_from, found.date_to) if day]
    return {
        "type": "/".join(filter(None, (found.type, found.mode))),
        "date": " to ".join(dict.fromkeys(days)),
        "place": found.place,
        "initiators": ", ".join(sorted(found.initiators)),
        "targets": ", ".join(sorted(found.targets)),
    }


def told(claim: Claim) -> str:
    """What a claim says, as a new wording's value is compared with it."""
    return str(claim.number) if claim.number is not None else claim.value
