"""The claim ledger: who says what about an event."""

from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from apps.actors.models import Actor
from apps.annotations.models import ClaimCandidate
from apps.events.models.event import Event
from apps.events.models.evidence import Evidence, PublicQuerySet, Standing, sentence_known
from apps.sources.models import Source


class ClaimQuerySet(PublicQuerySet):
    """Claims."""

    def as_of(self, moment: datetime | None) -> Self:
        """See PublicQuerySet; the sentence that reports it was there by then, too."""
        rows = super().as_of(moment)
        return rows if moment is None else rows.filter(sentence_known(moment, "evidence"))


class Claim(models.Model):
    """Somebody says something about one field of an event."""

    class Act(models.TextChoices):
        ASSERTS = "asserts", pgettext_lazy("claim", "says")
        DENIES = "denies", pgettext_lazy("claim", "denies")
        CLAIMS_RESPONSIBILITY = (
            "claims_responsibility",
            pgettext_lazy("claim", "claims responsibility"),
        )
        ACCUSES = "accuses", pgettext_lazy("claim", "accuses")
        RETRACTS = "retracts", pgettext_lazy("claim", "retracts")
        DECLINES = "declines", pgettext_lazy("claim", "declines to say")

    class Field(models.TextChoices):
        OCCURRENCE = "occurrence", pgettext_lazy("claim", "that it happened")
        RESPONSIBLE = "responsible", pgettext_lazy("claim", "who did it")
        KILLED = "killed", pgettext_lazy("claim", "killed")
        WOUNDED = "wounded", pgettext_lazy("claim", "wounded")
        ARRANGEMENT_HOLDS = (
            "arrangement_holds",
            pgettext_lazy("claim", "whether the arrangement holds"),
        )
        OTHER = "other", pgettext_lazy("claim", "other")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="claims")
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.PROPOSED)
    origin = models.CharField(
        max_length=7, choices=Evidence.Origin.choices, default=Evidence.Origin.MACHINE
    )
    key = models.CharField(
        max_length=120, blank=True, default="", help_text="Its id in a dossier's files."
    )
    speaker = models.ForeignKey(
        Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="claims_made"
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    speaker_text = models.CharField(
        max_length=300, blank=True, default="", help_text="The speaker as the text names them."
    )
    act = models.CharField(max_length=22, choices=Act.choices)
    field = models.CharField(max_length=18, choices=Field.choices)
    value = models.CharField(max_length=500, blank=True, default="")
    number = models.PositiveIntegerField(null=True, blank=True, help_text="Of killed or wounded.")
    said_from = models.DateField(null=True, blank=True)
    said_to = models.DateField(null=True, blank=True)
    known_at = models.DateTimeField(help_text="When it was reported that it was said.")
    answers = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answered_by",
        help_text="The claim that this one replaces, takes back or denies.",
    )
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    candidate = models.ForeignKey(
        ClaimCandidate, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["known_at", "id"]
        indexes = [
            models.Index(fields=["event"], condition=Q(standing="proposed"), name="claim_proposed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(speaker__isnull=False) | Q(source__isnull=False) | ~Q(speaker_text=""),
                name="claim_has_speaker",
            ),
            models.CheckConstraint(
                condition=~Q(field__in=["killed", "wounded"])
                | Q(number__isnull=False)
                | Q(act__in=["denies", "retracts", "declines"]),
                name="claim_toll_has_number",
            ),
            models.CheckConstraint(
                condition=Q(
                    act__in=[
                        "asserts",
                        "denies",
                        "claims_responsibility",
                        "accuses",
                        "retracts",
                        "declines",
                    ]
                ),
                name="claim_act_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    field__in=[
                        "occurrence",
                        "responsible",
                        "killed",
                        "wounded",
                        "arrangement_holds",
                        "other",
                    ]
                ),
                name="claim_field_known",
            ),
            models.CheckConstraint(
                condition=Q(said_from__isnull=True, said_to__isnull=True)
                | Q(said_from__isnull=False, said_to__isnull=False, said_to__gte=F("said_from")),
                name="claim_said_in_order",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="claim_standing_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["machine", "editor", "dossier"]), name="claim_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(answers__isnull=True) | ~Q(answers=F("id")),
                name="claim_answers_another",
            ),
            models.UniqueConstraint(
                fields=["event", "key"], condition=~Q(key=""), name="claim_key_once_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_name} {self.get_act_display()} {self.value}"

    @property
    def told_as(self) -> str:
        """What the history calls it (see history_words.py)."""
        return f"by {self.speaker_name} on {self.get_field_display()}"

    def clean(self) -> None:
        """Refuse an answer to another event's claim, to a later one, or by who declines to say."""
        answered = self.answers
        if answered is not None:
            if self.act == self.Act.DECLINES:
                raise ValidationError("Who declines to say answers no claim.")
            if answered.event_id != self.event_id:
                raise ValidationError(
                    f"“{answered}” is a claim about another event: it has no answer here."
                )
            if self.known_at and answered.known_at > self.known_at:
                raise ValidationError(
                    f"“{answered}” became known on {answered.known_at:%Y-%m-%d %H:%M}, after this claim: "
                    "it cannot be what this one answers."
                )
        answer = self.answered_by.order_by("known_at").first() if self.pk else None
        if answer is not None and self.known_at and answer.known_at < self.known_at:
            raise ValidationError(
                f"“{answer}” answers this claim and was known on {answer.known_at:%Y-%m-%d %H:%M}: "
                "this one cannot have become known later."
            )

    @property
    def speaker_name(self) -> str:
        """The speaker in words."""
        return str(self.speaker or self.source or self.speaker_text)
