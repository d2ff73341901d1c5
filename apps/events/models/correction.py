"""What changed at a source, and what of the published events rests on it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.articles.models import Article, ArticleVersion
from apps.core.models import Change
from apps.core.stages import StageRun
from apps.events.models.claim import Claim
from apps.events.models.decision import Decision
from apps.events.models.event import Event
from apps.events.models.evidence import Evidence, Standing
from apps.sources.models import Source

# What of an event can rest on a piece of evidence, in the order in which it is told.
FIELD_WORDS = {
    "occurrence": gettext_lazy("that it happened"),
    "type": gettext_lazy("what kind of event it is"),
    "date": gettext_lazy("its days"),
    "place": gettext_lazy("where"),
    "initiators": gettext_lazy("who acted"),
    "targets": gettext_lazy("who was acted upon"),
    "responsible": gettext_lazy("who did it"),
    "killed": gettext_lazy("killed"),
    "wounded": gettext_lazy("wounded"),
    "arrangement_holds": gettext_lazy("whether the arrangement holds"),
    "other": gettext_lazy("other claims"),
    "links": gettext_lazy("links to other events"),
}


class Cause(models.TextChoices):
    """How a source can change under what rests on it."""

    NEW_VERSION = "new_version", gettext_lazy("the article says something else now")
    RETRACTED = "retracted", gettext_lazy("the article was retracted")
    GONE = "gone", gettext_lazy("the article is no longer at its address")
    RATING = "rating", gettext_lazy("the source is trusted less")


class SourceChange(StageRun):
    """Something changed at a source; the stage brings it to the events that rest on it (see corrections.py)."""

    key = models.CharField(max_length=100, unique=True, help_text="Which change: one row for each.")
    cause = models.CharField(max_length=11, choices=Cause.choices)
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.PROTECT, related_name="source_changes"
    )
    version = models.ForeignKey(
        ArticleVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="source_changes",
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="source_changes"
    )
    change = models.ForeignKey(
        Change, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    noticed_at = models.DateTimeField(default=timezone.now)
    corrections = models.PositiveIntegerField(default=0, help_text="How many it put on the desk.")
    withdrawn = models.PositiveIntegerField(
        default=0, help_text="Proposed sentences that the pipeline took back or moved."
    )

    class Meta(StageRun.Meta):
        ordering = ["-noticed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=Cause.values), name="source_change_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(cause="new_version", article__isnull=False, version__isnull=False)
                | Q(cause__in=["retracted", "gone"], article__isnull=False)
                | Q(cause="rating", source__isnull=False, change__isnull=False),
                name="source_change_names_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article or self.source}: {self.get_cause_display()}"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections."""

    def open(self) -> Self:
        """Those that wait for an editor."""
        return self.filter(outcome=Correction.Outcome.OPEN)

    def as_of(self, moment: datetime | None) -> Self:
        """Corrections of public events, noticed by `moment` (aware); None: as of now.

        One that came to nothing before an editor decided is none that readers should hear of, nor what was
        decided of a proposal: its sentence may never have been public.
        """
        published = Decision.objects.filter(
            event=OuterRef("event"),
            action__in=(Decision.Action.PUBLISH, Decision.Action.LOAD),
            at__lte=OuterRef("decided_at"),
        )
        shown = Q(evidence__standing=Standing.PUBLISHED) | (
            Q(evidence__standing=Standing.REJECTED) & Exists(published)
        )
        rows = self.filter(shown, event__in=Event.objects.as_of(moment), quiet=False).exclude(
            outcome=Correction.Outcome.MOOT
        )
        return rows if moment is None else rows.filter(created_at__lte=moment)


class Correction(models.Model):
    """A source of published rows changed: one row for each piece of evidence that rests on it."""

    Cause = Cause

    class Outcome(models.TextChoices):
        OPEN = "open", gettext_lazy("waits for an editor")
        TAKEN_OVER = "taken_over", gettext_lazy("the new wording was taken over")
        KEPT = "kept", gettext_lazy("kept as it was")
        REMOVED = "removed", gettext_lazy("what rested on it was rejected")
        MOOT = "moot", gettext_lazy("nothing is left to decide")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="corrections")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="corrections")
    claims = models.ManyToManyField(Claim, blank=True, related_name="corrections")
    cause = models.CharField(max_length=11, choices=Cause.choices)
    cause_key = models.CharField(max_length=100, help_text="Which change: one row for each.")
    fields = ArrayField(
        models.CharField(max_length=30), default=list, help_text="What of the event rests on it."
    )
    alone = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        help_text="Those of the fields that no other story's evidence carries.",
    )
    was = models.TextField(blank=True, default="")
    now = models.TextField(blank=True, default="")
    now_version = models.ForeignKey(
        ArticleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    now_start = models.PositiveIntegerField(null=True, blank=True)
    now_end = models.PositiveIntegerField(null=True, blank=True)
    changes = models.JSONField(
        default=list,
        blank=True,
        help_text="What is read there now: [{field, claim, was, now}]; null: not told.",
    )
    detail = models.CharField(
        max_length=300, blank=True, default="", help_text="What changed, in words."
    )
    quiet = models.BooleanField(
        default=False, help_text="About a mere proposal: the pipeline settled it by itself."
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["event"], condition=Q(outcome="open"), name="correction_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "cause", "cause_key"], name="correction_once_per_cause"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=["new_version", "retracted", "gone", "rating"]),
                name="correction_cause_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", decided_at__isnull=True)
                | Q(
                    outcome__in=["taken_over", "kept", "removed", "moot"],
                    decided_at__isnull=False,
                ),
                name="correction_decided_or_open",
            ),
            models.CheckConstraint(
                condition=Q(now="", now_start__isnull=True, now_end__isnull=True)
                | Q(now_version__isnull=False, now_start__isnull=False, now_end__isnull=False)
                & ~Q(now=""),
                name="correction_now_has_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.public_id}: {self.get_cause_display()}"

    @property
    def fields_words(self) -> list[str]:
        """What rests on the evidence, in words."""
        return [str(FIELD_WORDS[name]) for name in self.fields]

    @property
    def alone_words(self) -> list[str]:
        """What rests on it alone, in words."""
        return [str(FIELD_WORDS[name]) for name in self.alone]
