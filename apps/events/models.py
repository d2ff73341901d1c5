"""Events, their claims, evidence and links, and every decision about them."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from apps.actors.models import Actor
from apps.annotations.models import Annotation, Candidate, ClaimCandidate
from apps.articles.models import ArticleVersion
from apps.core import plover
from apps.core.stages import StageRun
from apps.places.models import Place
from apps.sources.models import Source


class Standing(models.TextChoices):
    """Where a row stands between the machine's proposal and the public page."""

    PROPOSED = "proposed", "proposed"
    PUBLISHED = "published", "published"
    REJECTED = "rejected", "rejected"


class EventQuerySet(models.QuerySet["Event"]):
    """Events."""

    def public(self) -> Self:
        """Events that anybody may see. Every public page starts here."""
        return self.filter(status=Event.Status.PUBLISHED)

    def overlapping(self, start: date, end: date) -> Self:
        """Events whose interval shares a day with `start` to `end`."""
        return self.filter(start__lte=end, end__gte=start)


class Event(models.Model):
    """Something that happened on certain days; `start` and `end` are local days, both included."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "proposed"
        PUBLISHED = "published", "published"
        REJECTED = "rejected", "rejected"
        MERGED = "merged", "merged into another"

    class Precision(models.TextChoices):
        DAY = "day", "day"
        WEEK = "week", "week"
        MONTH = "month", "month"
        YEAR = "year", "year"

    class GeoPrecision(models.TextChoices):
        SITE = "site", "site"
        NEIGHBOURHOOD = "neighbourhood", "quarter"
        CITY = "city", "city"
        DISTRICT = "district", "district or area"
        REGION = "region", "region"
        COUNTRY = "country", "country"
        SEA = "sea", "sea area"
        UNKNOWN = "unknown", "not known"

    class Confidence(models.TextChoices):
        HIGH = "high", "high"
        MEDIUM = "medium", "medium"
        LOW = "low", "low"

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
    stale = models.BooleanField(
        default=False,
        editable=False,
        help_text="Decided about since its severity and the timelines' day counts were made.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # What the machine proposed it from, so that a re-run finds it and a rejection holds.
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_index=True)

    actors = models.ManyToManyField(Actor, through="Participation", related_name="events")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["start", "public_id"]
        permissions = [("curate_event", "Can publish, reject, merge and attach")]
        indexes = [
            models.Index(fields=["status", "start"]),
            models.Index(fields=["end"]),
            models.Index(fields=["id"], condition=Q(stale=True), name="event_stale"),
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
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.title}"

    def get_absolute_url(self) -> str:
        """The event's public page."""
        return reverse("event", args=[self.public_id])

    @property
    def quad(self) -> int:
        """Quad class, 1 to 4 (see plover.QUAD_NAMES)."""
        return plover.QUAD[self.type]


class Participation(models.Model):
    """An actor's part in an event."""

    class Role(models.TextChoices):
        INITIATOR = "initiator", "initiator"
        TARGET = "target", "target"
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

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"


class PublicQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows with a standing that hang on an event."""

    def public(self) -> Self:
        """Rows that anybody may see: published themselves, on a published event."""
        return self.filter(standing=Standing.PUBLISHED, event__status=Event.Status.PUBLISHED)


class Evidence(models.Model):
    """Why an event is believed: a span of an article version, or a cited source."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "supports"
        CONTRADICTS = "contradicts", "contradicts"
        MENTIONS = "mentions", "mentions"

    class Origin(models.TextChoices):
        MACHINE = "machine", "machine"
        EDITOR = "editor", "editor"
        DOSSIER = "dossier", "dossier"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="evidence")
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.PROPOSED)
    stance = models.CharField(max_length=11, choices=Stance.choices, default=Stance.SUPPORTS)
    origin = models.CharField(max_length=7, choices=Origin.choices, default=Origin.MACHINE)
    article_version = models.ForeignKey(
        ArticleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(blank=True, default="")
    candidate = models.ForeignKey(
        Candidate, null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence"
    )
    url = models.URLField(max_length=2000, blank=True, default="")
    publisher = models.CharField(max_length=200, blank=True, default="")
    published_on = models.DateField(null=True, blank=True)
    known_at = models.DateTimeField(null=True, blank=True)
    match_score = models.FloatField(null=True, blank=True)
    why = models.TextField(blank=True, default="", help_text="Why it was attached here.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["known_at", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    article_version__isnull=False, start__isnull=False, end__isnull=False, url=""
                )
                & Q(end__gt=F("start"))
                & ~Q(quote="")
                | Q(article_version__isnull=True, start__isnull=True, end__isnull=True)
                & ~Q(url=""),
                name="evidence_span_or_cited_source",
            ),
            models.UniqueConstraint(
                fields=["event", "article_version", "start", "end"],
                condition=Q(article_version__isnull=False),
                name="evidence_span_once_per_event",
            ),
            models.UniqueConstraint(
                fields=["event", "url"], condition=~Q(url=""), name="evidence_url_once_per_event"
            ),
        ]

    def __str__(self) -> str:
        return self.quote[:120] or self.url


class Claim(models.Model):
    """Somebody says something about one field of an event."""

    class Act(models.TextChoices):
        ASSERTS = "asserts", "says"
        DENIES = "denies", "denies"
        CLAIMS_RESPONSIBILITY = "claims_responsibility", "claims responsibility"
        ACCUSES = "accuses", "accuses"
        RETRACTS = "retracts", "retracts"
        DECLINES = "declines", "declines to say"

    class Field(models.TextChoices):
        OCCURRENCE = "occurrence", "that it happened"
        RESPONSIBLE = "responsible", "who did it"
        KILLED = "killed", "killed"
        WOUNDED = "wounded", "wounded"
        ARRANGEMENT_HOLDS = "arrangement_holds", "whether the arrangement holds"
        OTHER = "other", "other"

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
    known_at = models.DateTimeField(null=True, blank=True)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    candidate = models.ForeignKey(
        ClaimCandidate, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["known_at", "id"]
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
            models.UniqueConstraint(
                fields=["event", "key"], condition=~Q(key=""), name="claim_key_once_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_name} {self.get_act_display()} {self.value}"

    @property
    def speaker_name(self) -> str:
        """The speaker in words."""
        return str(self.speaker or self.source or self.speaker_text)


class LinkQuerySet(models.QuerySet["Link"]):
    """Links."""

    def public(self) -> Self:
        """Links that anybody may see: published themselves, between published events."""
        published = Event.objects.public()
        return self.filter(standing=Standing.PUBLISHED, source__in=published, target__in=published)


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
    note = models.CharField(max_length=300, blank=True, default="")

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
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


class Decision(models.Model):
    """Who decided what about an event, and why. The database refuses updates and deletes."""

    class Action(models.TextChoices):
        LOAD = "load", "loaded from a dossier"
        PROPOSE = "propose", "proposed by the machine"
        PUBLISH = "publish", "published"
        REJECT = "reject", "rejected"
        MERGE = "merge", "merged"
        ATTACH = "attach", "evidence or claim published"
        DETACH = "detach", "evidence or claim rejected"
        EDIT = "edit", "edited"
        REOPEN = "reopen", "reopened"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_label = models.CharField(
        max_length=100, blank=True, default="", help_text="Who, where it was no user: pipeline ..."
    )
    action = models.CharField(max_length=8, choices=Action.choices)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | ~Q(by_label=""), name="decision_has_author"
            ),
            models.CheckConstraint(
                condition=~Q(action="reject") | ~Q(reason=""), name="decision_reject_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.by or self.by_label}, {self.at:%Y-%m-%d}"


class Assembly(StageRun):
    """The stage that turns one annotation into evidence, claims and proposals."""

    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="assembly")
    attached = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(
        default=list, blank=True, help_text="What became nothing, and why: [{event, reason}]."
    )

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "assemblies"

    def __str__(self) -> str:
        return f"assembly of {self.annotation}"
