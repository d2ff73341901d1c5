"""Where the machine put what articles report: with which event, or why with none."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.annotations.models import Annotation, Candidate, StoryEvent
from apps.events.models.event import Event


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Placements."""

    def of(self, annotation: Annotation) -> Self:
        """What one reading of an article told."""
        told = Q(story_event__annotation=annotation) | Q(mention__annotation=annotation)
        return self.filter(told).order_by("pk")

    def of_article(self, article: int) -> Self:
        """What any reading of an article (id) told."""
        annotations = Annotation.objects.filter(article_version__article=article).values("pk")
        return self.filter(
            Q(story_event__annotation__in=annotations) | Q(mention__annotation__in=annotations)
        )


class Placement(models.Model):
    """What became of one distinct event of an article, or of one of its sentences that tells another event.

    A loose one fits no event that somebody decided about: with others that tell the same it makes a proposal,
    and is put anew whenever another one like it comes or goes.
    """

    story_event = models.ForeignKey(
        StoryEvent,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="placements",
        help_text="Empty for a sentence that was read as none of the article's distinct events.",
    )
    mention = models.OneToOneField(
        Candidate,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="placement",
        help_text="The one sentence it is about; empty: all that have none of their own.",
    )
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="placements"
    )
    score = models.FloatField(null=True, blank=True, help_text="How well it fits, 0 to 1.")
    why = models.TextField(blank=True, default="", help_text="What speaks for the event.")
    reason = models.CharField(
        max_length=500, blank=True, default="", help_text="Why it became nothing."
    )
    loose = models.BooleanField(default=False, help_text="Fits no event that was decided about.")
    founds = models.BooleanField(default=False, help_text="Loose, and enough for a proposal.")
    leads = models.BooleanField(default=False, help_text="The proposal is made from it.")
    # How others like it are found: days widened by what reports may be off by, and who and where.
    first = models.DateField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)
    keys = ArrayField(models.CharField(max_length=100), default=list, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            GinIndex(fields=["keys"], condition=Q(loose=True), name="placement_loose_keys"),
            models.Index(
                fields=["first", "last"], condition=Q(loose=True), name="placement_loose_days"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["story_event"], condition=Q(mention=None), name="placement_once"
            ),
            models.CheckConstraint(
                condition=Q(story_event__isnull=False) | Q(mention__isnull=False, loose=False),
                name="placement_of_something",
            ),
            models.CheckConstraint(
                condition=Q(loose=False)
                | Q(first__isnull=False, last__isnull=False, last__gte=F("first")),
                name="placement_loose_has_days",
            ),
            models.CheckConstraint(
                condition=Q(loose=True) | Q(founds=False), name="placement_founds_only_loose"
            ),
            models.CheckConstraint(
                condition=Q(leads=False) | Q(founds=True), name="placement_leads_only_founding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.story_event or self.mention}: {self.event or self.reason or 'not put yet'}"

    @property
    def distinct(self) -> StoryEvent:
        """The distinct event that it is about; every loose placement has one."""
        if self.story_event is None:
            raise ValueError(f"placement {self.pk} is of a sentence alone, of no distinct event")
        return self.story_event


class Rarity(models.Model):
    """In how many of the decided events each word and each actor is: one row, counted from time to time."""

    events = models.PositiveIntegerField(help_text="Decided events counted.")
    words = models.JSONField(default=dict, blank=True, help_text="Stem: in how many of them.")
    actors = models.JSONField(default=dict, blank=True, help_text="Slug: in how many of them.")
    decisions = models.PositiveBigIntegerField(help_text="The last decision it knows of.")
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "rarities"

    def __str__(self) -> str:
        return f"{self.events} events, counted {self.counted_at:%Y-%m-%d %H:%M}"
