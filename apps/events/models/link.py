"""How events stand to each other."""

from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.events.models.event import Event, event_known
from apps.events.models.evidence import Evidence, Standing, sentence_known

# Kinds in which the target made the source happen; the other one is a whole and its part.
CAUSAL = ("retaliates_for", "responds_to", "carries_out_threat", "violates")


class LinkQuerySet(models.QuerySet["Link"]):
    """Links."""

    def public(self) -> Self:
        """Links that anybody may see, as of now."""
        return self.as_of(None)

    def as_of(self, moment: datetime | None) -> Self:
        """Published links between events known at `moment` (aware), with what they rest on; None: as of now."""
        both = event_known(moment, "source") & event_known(moment, "target")
        links = self.filter(both, standing=Standing.PUBLISHED)
        if moment is None:
            return links
        said = Q(known_at__isnull=True) | Q(known_at__lte=moment)
        rested = Q(evidence__isnull=True) | Q(evidence__known_at__lte=moment)
        return links.filter(said, rested, sentence_known(moment, "evidence"))


class Link(models.Model):
    """One event stands to an earlier or larger one."""

    class Kind(models.TextChoices):
        RETALIATES_FOR = "retaliates_for", gettext_lazy("retaliates for")
        RESPONDS_TO = "responds_to", gettext_lazy("responds to")
        CARRIES_OUT_THREAT = "carries_out_threat", gettext_lazy("carries out the threat of")
        VIOLATES = "violates", gettext_lazy("violates")
        PART_OF = "part_of", gettext_lazy("is part of")

    source = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=18, choices=Kind.choices)
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.SET_NULL)
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.PROPOSED)
    origin = models.CharField(
        max_length=7, choices=Evidence.Origin.choices, default=Evidence.Origin.DOSSIER
    )
    note = models.CharField(max_length=300, blank=True, default="")
    known_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was first said; empty: as soon as both events were known.",
    )
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

    def clean(self) -> None:
        """Refuse in a form what the database refuses: effects before their causes, and circles."""
        if self.source_id and self.target_id and self.standing != Standing.REJECTED:
            fault = link_fault(self.source, self.target, self.kind, but=self.pk)
            if fault:
                raise ValidationError(fault)


def link_fault(source: Event, target: Event, kind: str, *, but: int | None = None) -> str:
    """Return in a sentence why the two events cannot be linked so; empty where they can.

    `but` is the id of a link to leave out of account: the one that is being changed. The database has the
    same two rules (migration 0014).
    """
    if kind in CAUSAL and _starts_before(source, target):
        return (
            f"{source.public_id} ({source.start}) began before {target.public_id} ({target.start}): "
            "an event has no effect before it begins. Correct the days, or link them the other way round."
        )
    way = _way(target, source, kind, but) if source.pk and target.pk else []
    if not way:
        return ""
    named = " → ".join([source.public_id, *way, source.public_id])
    return f"The links would go in a circle: {named}. Reject one of the others first."


def _starts_before(effect: Event, cause: Event) -> bool:
    """Exact events compare by their first days; where one is known less well, all its days must lie before."""
    exact = effect.precision == cause.precision == Event.Precision.DAY
    return (effect.start if exact else effect.end) < cause.start


def _way(start: Event, goal: Event, kind: str, but: int | None) -> list[str]:
    """Return the public ids on a way of links from one event to another, without the goal; empty for none."""
    kinds = CAUSAL if kind in CAUSAL else (kind,)
    links = (
        Link.objects.filter(kind__in=kinds).exclude(standing=Standing.REJECTED).exclude(pk=but or 0)
    )
    ways, reached = {start.pk: [start.public_id]}, [start.pk]
    while reached:
        steps = links.filter(source__in=reached).values_list(
            "source_id", "target_id", "target__public_id"
        )
        reached = []
        for source_id, target_id, public_id in steps:
            if target_id == goal.pk:
                return ways[source_id]
            if target_id not in ways:
                ways[target_id] = [*ways[source_id], public_id]
                reached.append(target_id)
    return []
