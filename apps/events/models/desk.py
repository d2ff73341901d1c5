"""The review desk: what waits for an editor, kept beside the events so that no page has to count."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.events.models.event import Event


class DeskItemQuerySet(models.QuerySet["DeskItem"]):
    """Items of the desk."""

    def open(self, now: datetime) -> Self:
        """Items that are not snoozed at `now` (aware)."""
        return self.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))


class DeskItem(models.Model):
    """One event on which something waits: the event itself, or additions, links or corrections.

    There is an item exactly while something waits; `desk.py` keeps it so.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="desk_item")
    is_new = models.BooleanField(help_text="The event itself is a proposal.")
    # Of the event, so that filters and counts read one narrow table.
    type = models.CharField(max_length=10, default="")
    contested = models.BooleanField(default=False)
    actors = ArrayField(
        models.SlugField(max_length=100),
        default=list,
        blank=True,
        help_text="Slugs of who takes part.",
    )
    evidence_waiting = models.PositiveIntegerField(default=0)
    claims_waiting = models.PositiveIntegerField(default=0)
    links_waiting = models.PositiveIntegerField(default=0)
    corrections_waiting = models.PositiveIntegerField(default=0)
    salience = models.FloatField(default=0)
    since = models.DateTimeField(default=timezone.now, help_text="When the oldest of it came.")
    confidence = models.FloatField(null=True, blank=True, help_text="The machine's, 0 to 1.")
    timelines = ArrayField(
        models.SlugField(max_length=100),
        default=list,
        blank=True,
        help_text="Slugs of the dossiers whose scope it is in.",
    )
    matches = models.JSONField(
        default=list, blank=True, help_text="Best matching events: [{event, score, parts, merge}]."
    )
    matched_at = models.DateTimeField(
        null=True, blank=True, help_text="When the matches were computed; empty: not yet."
    )
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The editor who would publish it.",
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=300, blank=True, default="")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)

    objects = DeskItemQuerySet.as_manager()

    class Meta:
        ordering = ["-salience", "since", "id"]
        indexes = [
            models.Index(fields=["-salience", "since", "id"], name="desk_by_salience"),
            models.Index(fields=["since", "id"], name="desk_by_age"),
            models.Index(
                fields=["-salience"], condition=Q(matched_at__isnull=True), name="desk_unmatched"
            ),
            GinIndex(fields=["timelines"], name="desk_by_timeline"),
            GinIndex(fields=["actors"], name="desk_by_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True) | Q(claimed_until__isnull=False),
                name="desk_claim_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)
