"""Events and who took part in them."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.actors.models import Actor
from apps.core import plover
from apps.places.models import Place

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


def _days() -> Func:
    return Func(
        F("start"), F("end"), Value("[]"), function="daterange", output_field=DateRangeField()
    )


def days_out_of_reach(start: date, end: date) -> str:
    """Say in a sentence that days lie where no timeline does; "" where they do not."""
    if start >= FIRST_DAY and end <= LAST_DAY:
        return ""
    return f"An event lies between {FIRST_DAY.year} and {LAST_DAY.year}, as every timeline does."


def event_known(moment: datetime | None, event: str = "") -> Q:
    """A condition on rows: their event (by the path `event`) is public and was known at `moment`; None: now.

    As a condition on a joined row, not a list of all known events: the database's plan then cannot go astray
    where it has no statistics yet.
    """
    path = f"{event}__" if event else ""
    known = Q(**{f"{path}status": Event.Status.PUBLISHED})
    return known if moment is None else known & Q(**{f"{path}first_public_at__lte": moment})


class EventQuerySet(models.QuerySet["Event"]):
    """Events."""

    def public(self) -> Self:
        """Events that anybody may see, as of now."""
        return self.as_of(None)

    def as_of(self, moment: datetime | None) -> Self:
        """Public events known at `moment` (aware); None: as of now. Every page, export and API starts here."""
        return self.filter(event_known(moment))

    def overlapping(self, start: date, end: date) -> Self:
        """Events whose interval shares a day with `start` to `end`."""
        return self.filter(start__lte=end, end__gte=start)

    def settled(self) -> Self:
        """Events that somebody decided about: the machine measures by them and leaves them alone."""
        decided = Q(status=Event.Status.PUBLISHED) | Q(settled_at__isnull=False)
        return self.filter(decided).exclude(status=Event.Status.MERGED)

    def near(self, first: date, last: date) -> Self:
        """As overlapping(), by the index of day ranges."""
        return self.annotate(days=_days()).filter(
            days__overlap=DateRange(first, last, "[]"),
        )


class Event(models.Model):
    """Something that happened on certain days; `start` and `end` are local days, both included."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "proposed"
        PUBLISHED = "published", "published"
        REJECTED = "rejected", "rejected"
        MERGED = "merged", "merged into another"

    class Precision(models.TextChoices):
        DAY = "day", gettext_lazy("day")
        WEEK = "week", gettext_lazy("week")
        MONTH = "month", gettext_lazy("month")
        YEAR = "year", gettext_lazy("year")

    class GeoPrecision(models.TextChoices):
        SITE = "site", gettext_lazy("site")
        NEIGHBOURHOOD = "neighbourhood", gettext_lazy("quarter")
        CITY = "city", gettext_lazy("city")
        DISTRICT = "district", gettext_lazy("district or area")
        REGION = "region", gettext_lazy("region")
        COUNTRY = "country", gettext_lazy("country")
        SEA = "sea", gettext_lazy("sea area")
        UNKNOWN = "unknown", gettext_lazy("not known")

    class Confidence(models.TextChoices):
        HIGH = "high", gettext_lazy("high")
        MEDIUM = "medium", gettext_lazy("medium")
        LOW = "low", gettext_lazy("low")

    public_id = models.CharField(max_length=40, unique=True)
    key = models.SlugField(
        max_length=100, unique=True, null=True, blank=True, help_text="Its id in a dossier's files."
    )
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True, default="")
    type = models.CharField(max_length=10, choices=[(t, t) for t in plover.TYPES])
    mode = models.CharField(max_length=20, blank=True, default="")
    type_fit = models.CharField(
        max_length=8,
        choices=[("good", "good"), ("stretch", "stretch: PLOVER has no class for it")],
        default="good",
    )
    start = models.DateField()
    end = models.DateField()
    precision = models.CharField(max_length=5, choices=Precision.choices)
    edtf = models.CharField(max_length=60, help_text="Extended Date/Time Format, level 1.")
    date_note = models.CharField(
        max_length=300,
        blank=True,
        default="",
        help_text="How the day was settled, whose day it is.",
    )
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    geo_precision = models.CharField(
        max_length=13, choices=GeoPrecision.choices, default=GeoPrecision.UNKNOWN
    )
    rank = models.FloatField(
        default=0, help_text="0 to 2: a head of state or of an armed force was targeted."
    )
    soil = models.FloatField(
        default=0,
        help_text="0 to 1: a state's own forces acted openly on another's soil or forces.",
    )
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    confidence = models.CharField(
        max_length=6, choices=Confidence.choices, default=Confidence.MEDIUM
    )
    first_public_at = models.DateTimeField(
        null=True, blank=True, help_text="Known time: when it was first reported."
    )
    names = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        help_text="What articles call it, e.g. 'the election': dates may lean on it.",
    )
    notes = models.TextField(blank=True, default="")
    # Headline values, derived from published claims by headline.py; written by curate only.
    killed = models.PositiveIntegerField(null=True, blank=True, editable=False)
    killed_low = models.PositiveIntegerField(null=True, blank=True, editable=False)
    killed_high = models.PositiveIntegerField(null=True, blank=True, editable=False)
    wounded = models.PositiveIntegerField(null=True, blank=True, editable=False)
    wounded_low = models.PositiveIntegerField(null=True, blank=True, editable=False)
    wounded_high = models.PositiveIntegerField(null=True, blank=True, editable=False)
    headline_rule = models.CharField(max_length=300, blank=True, default="", editable=False)
    contested = models.BooleanField(default=False, editable=False)
    denied = models.BooleanField(
        default=False,
        editable=False,
        help_text="Somebody's standing word is that it did not happen.",
    )
    severity = models.FloatField(
        default=0, editable=False, help_text="Of the index formula; for sorting and sizing."
    )
    reports = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="Independent reports that tell of it (see lineages.py); for filtering and sorting.",
    )
    stale = models.BooleanField(
        default=False,
        editable=False,
        help_text="Decided about since its severity, reports and the timelines' day counts were made.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # What the machine proposed it from, so that a re-run finds it and a rejection holds.
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_index=True)
    settled_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When somebody first decided about it; until then the machine may make it anew.",
    )

    actors = models.ManyToManyField(Actor, through="Participation", related_name="events")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["start", "public_id"]
        permissions = [
            ("curate_event", "Can decide about proposals, evidence and claims"),
            ("publish_event", "Can publish events and take them back"),
        ]
        indexes = [
            models.Index(fields=["status", "start"]),
            models.Index(fields=["end"]),
            models.Index(fields=["id"], condition=Q(stale=True), name="event_stale"),
            GistIndex(_days(), name="event_day_range"),
            models.Index(fields=["-end", "id"], condition=~Q(names=[]), name="event_with_names"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="event_days_in_order"),
            models.CheckConstraint(
                condition=Q(precision__in=["day", "week", "month", "year"]),
                name="event_precision_known",
            ),
            models.CheckConstraint(
                condition=Q(type__in=list(plover.TYPES)), name="event_type_is_plover"
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="event_merged_into_only_if_merged",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="event_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=0, rank__lte=2, soil__gte=0, soil__lte=1),
                name="event_rank_and_soil_in_range",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="event_has_title"),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "published", "rejected", "merged"]),
                name="event_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(first_public_at__isnull=False),
                name="event_published_has_known_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.title}"

    def get_absolute_url(self) -> str:
        """The event's public page."""
        return reverse("event", args=[self.public_id])

    def clean(self) -> None:
        """Refuse days where no timeline lies."""
        if self.start and self.end and (far := days_out_of_reach(self.start, self.end)):
            raise ValidationError({"start": far})

    @property
    def quad(self) -> int:
        """Quad class, 1 to 4 (see plover.QUAD_NAMES)."""
        return plover.QUAD[self.type]


class Participation(models.Model):
    """An actor's part in an event."""

    class Role(models.TextChoices):
        INITIATOR = "initiator", gettext_lazy("initiator")
        TARGET = "target", gettext_lazy("target")
        OTHER = "other", "other"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=9, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order of naming.")

    class Meta:
        ordering = ["role", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "actor", "role"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(role__in=["initiator", "target", "other"]),
                name="participation_role_known",
            ),
        ]
        # What an actor takes part in, without reading what others do.
        indexes = [models.Index(fields=["actor", "event"], name="participation_of_actor")]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"
