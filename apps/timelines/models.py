"""Timelines: which events belong to a dossier, and what its charts are drawn from."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from apps.actors.models import Actor
from apps.events.models import Event
from apps.places.models import Place
from apps.sources.models import Feed
from apps.timelines.saved_models import Notice, SavedView, new_token
from apps.timelines.signal_models import SignalCount, SignalRun

__all__ = [
    "ApiCalls",
    "DayRollup",
    "DossierRecord",
    "Dyad",
    "Entry",
    "EntryRun",
    "Membership",
    "Notice",
    "SavedView",
    "SignalCount",
    "SignalRun",
    "Snapshot",
    "Timeline",
    "TimelineQuerySet",
    "Touch",
    "new_token",
]


class TimelineQuerySet(models.QuerySet["Timeline"]):
    """Timelines."""

    def public(self) -> Self:
        """Timelines that anybody may see."""
        return self.filter(published=True)


class Timeline(models.Model):
    """A dossier: a period, actors and places in scope, and editors' pins and exclusions."""

    slug = models.SlugField(max_length=100, unique=True)
    code = models.CharField(max_length=8, unique=True, help_text="Prefix of event ids, e.g. USIR.")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    start = models.DateField()
    end = models.DateField()
    # The days shown first; the run-up and the aftermath are one click away.
    focus_start = models.DateField(null=True, blank=True)
    focus_end = models.DateField(null=True, blank=True)
    actors = models.ManyToManyField(Actor, blank=True, related_name="timelines")
    places = models.ManyToManyField(Place, blank=True, related_name="timelines")
    feeds = models.ManyToManyField(
        Feed, blank=True, related_name="timelines", help_text="Feeds that are followed for it."
    )
    published = models.BooleanField(default=False)
    formula_version = models.CharField(max_length=10, default="T1")
    licence = models.CharField(max_length=200, blank=True, default="")

    objects = TimelineQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="timeline_in_order"),
            # The index is computed for each day: a year mistyped as 0202 would hold every page.
            models.CheckConstraint(
                condition=Q(start__gte=date(1900, 1, 1), end__lte=date(2100, 12, 31)),
                name="timeline_within_two_centuries",
                violation_error_message="A timeline lies between 1900 and 2100.",
            ),
            models.CheckConstraint(
                condition=Q(focus_start__isnull=True, focus_end__isnull=True)
                | Q(
                    focus_start__isnull=False,
                    focus_end__isnull=False,
                    focus_start__gte=F("start"),
                    focus_end__lte=F("end"),
                    focus_end__gte=F("focus_start"),
                ),
                name="timeline_focus_inside",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z][A-Z0-9]+$"), name="timeline_code_capitals"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The timeline's public page."""
        return reverse("timeline", args=[self.slug])


class Dyad(models.Model):
    """A swim lane: events between two sides, each side a set of actors with their parts."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="dyads")
    slug = models.SlugField(max_length=60)
    label = models.CharField(max_length=100)
    side_a = models.ManyToManyField(Actor, related_name="+")
    side_b = models.ManyToManyField(Actor, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["timeline", "position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["timeline", "slug"], name="dyad_once_per_timeline")
        ]

    def __str__(self) -> str:
        return self.label


class Membership(models.Model):
    """An editor's pin or exclusion, stronger than the scope's rule."""

    class Kind(models.TextChoices):
        PINNED = "pinned", "always in"
        EXCLUDED = "excluded", "never in"

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="memberships")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="memberships")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["timeline", "event"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["pinned", "excluded"]), name="membership_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.get_kind_display()} in {self.timeline}"


class DayRollup(models.Model):
    """Published events of a timeline by first day and quad class; kept exact by rollups.py."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="rollups")
    day = models.DateField()
    quad = models.PositiveSmallIntegerField()
    events = models.PositiveIntegerField()
    severity = models.FloatField(help_text="Sum over the events.")

    class Meta:
        ordering = ["timeline", "day", "quad"]
        constraints = [
            models.UniqueConstraint(fields=["timeline", "day", "quad"], name="rollup_once"),
            models.CheckConstraint(
                condition=Q(quad__gte=1, quad__lte=4), name="rollup_quad_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.timeline} {self.day} quad {self.quad}: {self.events}"


class Entry(models.Model):
    """A public event of a timeline: its lanes, and what it adds to the index; kept by rollups.py.

    Lanes are slugs, of a dyad, an actor and a place. The amounts are those of tension.Amounts.
    """

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="entries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="entries")
    dyad = models.CharField(max_length=60)
    actor = models.CharField(max_length=100)
    place = models.CharField(max_length=100)
    middle = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["timeline", "event"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.event_id} in {self.timeline_id}: {self.dyad}"


class Touch(models.Model):
    """Something that entries rest on was changed, written by triggers; of no event: any may be concerned.

    Of OF_SIGNALS: what signals mean was changed, which no entry rests on.
    """

    OF_SIGNALS = -1

    event = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"touch {self.pk} of {self.event or 'all'}"


class EntryRun(models.Model):
    """When a timeline's entries were last made: they are exact while no touch but these is seen."""

    timeline = models.OneToOneField(Timeline, on_delete=models.CASCADE, related_name="run")
    rule = models.CharField(max_length=20, help_text="Versions of the formula and of the lanes.")
    version = models.UUIDField(default=uuid.uuid4)
    seen = ArrayField(models.BigIntegerField(), default=list, help_text="Touches.")

    def __str__(self) -> str:
        return f"{self.timeline_id}, {self.version}"


class Snapshot(models.Model):
    """A sealed copy of what a timeline said on a day, with the formula that was in force."""

    timeline = models.ForeignKey(Timeline, on_delete=models.PROTECT, related_name="snapshots")
    created_at = models.DateTimeField(default=timezone.now)
    formula_version = models.CharField(max_length=10)
    payload = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="snapshot_sha256_hex"
            )
        ]

    def __str__(self) -> str:
        return f"{self.timeline}, {self.created_at:%Y-%m-%d}"


class DossierRecord(models.Model):
    """What the loader last wrote for one item of a dossier's files.

    A later load compares: where the stored row still says what was loaded, a changed file may change it;
    where an editor changed it since, the editor's value stands and the difference is reported.
    """

    dossier = models.SlugField(max_length=100)
    model = models.CharField(max_length=60, help_text="app.model")
    key = models.CharField(max_length=200, help_text="The item's id in the files.")
    values = models.JSONField()
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "model", "key"], name="dossier_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.dossier}: {self.model} {self.key}"


class ApiCalls(models.Model):
    """How often one caller asked the API, or for what is costly, within a window (see api/limits.py)."""

    caller = models.CharField(
        max_length=64, primary_key=True, help_text="A keyed hash: no address."
    )
    window = models.BigIntegerField(help_text="When the window ends, in seconds since 1970.")
    calls = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "API calls"
        indexes = [models.Index(fields=["window"], name="api_calls_by_window")]

    def __str__(self) -> str:
        return f"{self.calls} calls in the window that ends at {self.window}"
