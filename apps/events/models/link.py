"""How events stand to each other."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.events.models.event import Event
from apps.events.models.evidence import Evidence, Standing, sentence_known


class LinkQuerySet(models.QuerySet["Link"]):
    """Links."""

    def public(self) -> Self:
        """Links that anybody may see, as of now."""
        return self.as_of(None)

    def as_of(self, moment: datetime | None) -> Self:
        """Published links between events known at `moment` (aware), with what they rest on; None: as of now."""
        known = Event.objects.as_of(moment)
        links = self.filter(standing=Standing.PUBLISHED, source__in=known, target__in=known)
        if moment is None:
            return links
        rested = Q(evidence__isnull=True) | Q(evidence__known_at__lte=moment)
        return links.filter(rested, sentence_known(moment, "evidence"))


class Link(models.Model):
    """One event stands to an earlier or larger one."""

    class Kind(models.TextChoices):
        RETALIATES_FOR = "retaliates_for", "retaliates for"
        RESPONDS_TO = "responds_to", "responds to"
        CARRIES_OUT_THREAT = "carries_out_threat", "carries out the threat of"
        VIOLATES = "violates", "violates"
        PART_OF = "part_of", "is part of"

    source = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=18, choices=Kind.choices)
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.SET_NULL)
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.PROPOSED)
    origin = models.CharField(
        max_length=7, choices=Evidence.Origin.choices, default=Evidence.Origin.DOSSIER
    )
    note = models.CharField(max_length=300, blank=True, default="")
    why = models.TextField(blank=True, default="", help_text="What the machine read it from.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "id"]
        indexes = [
            models.Index(fields=["source"], condition=Q(standing="proposed"), name="link_proposed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="link_standing_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["machine", "editor", "dossier"]), name="link_origin_known"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_not_to_self"),
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "retaliates_for",
                        "responds_to",
                        "carries_out_threat",
                        "violates",
                        "part_of",
                    ]
                ),
                name="link_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.public_id} {self.get_kind_display()} {self.target.public_id}"
