"""Annotations: what the pipeline read in one version of an article."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.actors.models import Actor
from apps.annotations import pipeline
from apps.articles.models import ArticleVersion
from apps.core import plover
from apps.core.stages import StageRun
from apps.places.models import Place


class Annotation(StageRun):
    """One reading of one article version by one version of the pipeline."""

    article_version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="annotations"
    )
    pipeline_version = models.CharField(max_length=40)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    agency = models.CharField(max_length=40, blank=True, default="")
    dateline = models.CharField(max_length=100, blank=True, default="")
    removed = models.JSONField(
        default=list, blank=True, help_text="Boilerplate: [{start, end, why}]."
    )

    class Meta(StageRun.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article_version", "pipeline_version"], name="annotation_once_per_pipeline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_version}, {self.pipeline_version}"

    @classmethod
    def not_begun(cls) -> models.QuerySet[ArticleVersion]:
        """Of the newest versions, those that the pipeline in force has not begun to read."""
        newest = ArticleVersion.objects.order_by("-pk").values("pk")[: settings.PIPELINE_NEWEST]
        begun = cls.objects.filter(
            article_version=models.OuterRef("pk"), pipeline_version=pipeline.VERSION
        )
        versions = ArticleVersion.objects.filter(pk__in=newest).latest_of_each()
        return versions.filter(~models.Exists(begun)).order_by()


class Spanned(models.Model):
    """Characters `start` to `end` (exclusive, code points) of the version's text, which read `surface`.

    A trigger in the database refuses a row whose surface is not what the text says there.
    """

    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.TextField()

    class Meta:
        abstract = True


class Mention(Spanned):
    """An actor, place or date named in the text."""

    class Kind(models.TextChoices):
        ACTOR = "actor", "actor"
        PLACE = "place", "place"
        DATE = "date", "date"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    how = models.CharField(max_length=20, blank=True, default="", help_text="alias, role ...")
    actor = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.SET_NULL)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL)
    date_from = models.DateField(null=True, blank=True)
    date_to = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, blank=True, default="")

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="mention_span_in_order"),
            models.CheckConstraint(
                condition=Q(date_from__isnull=True, date_to__isnull=True)
                | Q(date_from__isnull=False, date_to__isnull=False, date_to__gte=F("date_from")),
                name="mention_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.surface


class CodedEventFields(models.Model):
    """Who did what to whom, when, where, how badly, and who says so: as coded by the machine."""

    class Modality(models.TextChoices):
        ACTUAL = "actual", "reported as happened"
        FUTURE = "future", "planned or expected"
        HYPOTHETICAL = "hypothetical", "possible"
        NEGATED = "negated", "said not to have happened"

    index = models.PositiveIntegerField(help_text="Position in the pipeline's answer.")
    type = models.CharField(max_length=10, choices=[(t, t) for t in plover.TYPES])
    mode = models.CharField(max_length=20, blank=True, default="")
    modality = models.CharField(max_length=12, choices=Modality.choices)
    initiators = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    targets = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    place = models.CharField(max_length=200, blank=True, default="", help_text="Slug or surface.")
    date_from = models.DateField(null=True, blank=True)
    date_to = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, blank=True, default="")
    killed = models.PositiveIntegerField(null=True, blank=True)
    wounded = models.PositiveIntegerField(null=True, blank=True)
    attribution_speaker = models.CharField(max_length=200, blank=True, default="")
    attribution_act = models.CharField(max_length=22, blank=True, default="")
    confidence = models.FloatField()
    why = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


# Shared by the two models below; Django fills in %(class)s.
_CODED_CHECKS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=Q(confidence__gte=0, confidence__lte=1), name="%(class)s_confidence_0_to_1"
    ),
    models.CheckConstraint(
        condition=Q(type__in=list(plover.TYPES)), name="%(class)s_type_is_plover"
    ),
    models.CheckConstraint(
        condition=Q(date_from__isnull=True, date_to__isnull=True)
        | Q(date_from__isnull=False, date_to__isnull=False, date_to__gte=F("date_from")),
        name="%(class)s_dates_in_order",
    ),
    models.UniqueConstraint(fields=["annotation", "index"], name="%(class)s_index_once"),
]


class StoryEvent(CodedEventFields):
    """A distinct event of the article, its mentions merged."""

    class Role(models.TextChoices):
        MAIN = "main", "what the article is about"
        BACKGROUND = "background", "background"

    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="story_events"
    )
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        ordering = ["annotation", "index"]
        constraints = _CODED_CHECKS

    def __str__(self) -> str:
        return f"{self.type} {' '.join(self.initiators)} > {' '.join(self.targets)}"


class Candidate(CodedEventFields, Spanned):
    """A coded event mention; the span is its sentence."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="candidates")
    story_event = models.ForeignKey(
        StoryEvent, null=True, blank=True, on_delete=models.CASCADE, related_name="mentions"
    )
    trigger_start = models.PositiveIntegerField()
    trigger_end = models.PositiveIntegerField()

    class Meta:
        ordering = ["annotation", "index"]
        constraints = [
            *_CODED_CHECKS,
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="candidate_span_in_order"),
            models.CheckConstraint(
                condition=Q(trigger_start__gte=F("start"), trigger_end__lte=F("end"))
                & Q(trigger_end__gt=F("trigger_start")),
                name="candidate_trigger_in_sentence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.surface[:80]}"


class ClaimCandidate(Spanned):
    """Somebody says something about an event, as read by the machine."""

    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="claim_candidates"
    )
    candidate = models.ForeignKey(
        Candidate, null=True, blank=True, on_delete=models.CASCADE, related_name="claims"
    )
    index = models.PositiveIntegerField()
    speaker = models.CharField(max_length=200, help_text="Actor slug or surface.")
    act = models.CharField(max_length=22)
    field = models.CharField(max_length=18)
    value = models.TextField(blank=True, default="")
    earlier = models.BooleanField(
        default=False, help_text='Told as said before ("had first denied").'
    )

    class Meta:
        ordering = ["annotation", "index"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="claim_candidate_span_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker} {self.act} {self.field} {self.value}"
