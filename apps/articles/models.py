"""Articles: what came in, each version kept as it was, copies grouped into stories."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.articles.refetch_models import Refetch
from apps.articles.removal_models import Removal
from apps.core.stages import StageRun
from apps.sources.models import Feed, Source

__all__ = [
    "Article",
    "ArticleQuerySet",
    "ArticleVersion",
    "ArticleVersionQuerySet",
    "IntakeBatch",
    "IntakeItem",
    "Refetch",
    "Removal",
    "Story",
    "versions_known",
]


class Story(models.Model):
    """A group of articles with the same text lineage: the unit of independence."""

    title = models.CharField(max_length=500)
    wire_family = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return self.title


def versions_known(moment: datetime, versions: str = "") -> Q:
    """A condition on rows: the article version they hang on (by the path `versions`) was there at `moment`.

    The first version was there when its article was published (first seen, where that is not known): it is
    the earliest text there is, whenever it was fetched. A later one was there once it was fetched.
    """
    at = f"{versions}__" if versions else ""
    seen = Q(**{f"{at}article__published_at__isnull": True}) & Q(
        **{f"{at}article__first_seen_at__lte": moment}
    )
    first = Q(**{f"{at}number": 1}) & (Q(**{f"{at}article__published_at__lte": moment}) | seen)
    return first | Q(**{f"{at}number__gt": 1, f"{at}fetched_at__lte": moment})


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles."""

    def as_of(self, moment: datetime | None) -> Self:
        """Articles that were there at `moment` (aware), published or first seen by then; None: all."""
        if moment is None:
            return self
        seen = Q(published_at__isnull=True, first_seen_at__lte=moment)
        return self.filter(Q(published_at__lte=moment) | seen)


class Article(models.Model):
    """One article at one canonical address."""

    class DatePrecision(models.TextChoices):
        INSTANT = "instant", gettext_lazy("to the minute")
        DAY = "day", gettext_lazy("to the day")
        UNKNOWN = "unknown", gettext_lazy("not known")

    class Lineage(models.TextChoices):
        OWN = "own", gettext_lazy("its own text")
        COPY = "copy", gettext_lazy("a copy")
        DERIVED = "derived", gettext_lazy("takes over passages")

    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    url = models.URLField(max_length=2000, help_text="As it was given.")
    canonical_url = models.CharField(max_length=2000, unique=True)
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True, default="")
    agency = models.CharField(max_length=40, blank=True, default="", help_text="AP, Reuters ...")
    dateline = models.CharField(max_length=100, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True, db_index=True)
    published_precision = models.CharField(
        max_length=8, choices=DatePrecision.choices, default=DatePrecision.UNKNOWN
    )
    published_how = models.CharField(
        max_length=40, blank=True, default="", help_text="given | feed | page | none"
    )
    first_seen_at = models.DateTimeField(default=timezone.now)
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="articles")
    lineage = models.CharField(
        max_length=8,
        choices=Lineage.choices,
        default=Lineage.OWN,
        help_text="What its text is to the story's.",
    )
    copied_share = models.FloatField(
        default=0, help_text="How much of the shorter text is in both, 0 to 1, quotations aside."
    )
    paraphrase_note = models.TextField(
        blank=True, default="", help_text="By what its text shows that a program rewrote it."
    )
    project_written = models.BooleanField(
        default=False, help_text="A sample dispatch written for this project, not journalism."
    )
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text="When its address was first found empty (404 or 410)."
    )
    retracted_at = models.DateTimeField(
        null=True, blank=True, help_text="When its publisher took it back."
    )
    retraction_note = models.CharField(
        max_length=300, blank=True, default="", help_text="What the publisher says about it."
    )
    removed_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When its words were removed on legal request.",
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-first_seen_at"]
        permissions = [("remove_article", "Can remove articles on legal request")]
        constraints = [
            models.CheckConstraint(condition=~Q(canonical_url=""), name="article_has_address"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_precision="unknown")
                | Q(published_at__isnull=False, published_precision__in=["instant", "day"]),
                name="article_date_and_precision_agree",
            ),
            models.CheckConstraint(
                condition=Q(copied_share__gte=0, copied_share__lte=1), name="article_share_0_to_1"
            ),
        ]
        indexes = [
            models.Index(
                fields=["first_seen_at"],
                condition=Q(published_at__isnull=True),
                name="article_undated_seen",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The article's public page."""
        return reverse("article", args=[self.pk])

    @property
    def known_at(self) -> datetime:
        """When it made things known (aware UTC): its publication, or when it was first seen."""
        return self.published_at or self.first_seen_at

    def latest(self) -> "ArticleVersion":
        """Return the newest version; every article has one."""
        return self.versions.order_by("-number")[0]


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    """Versions of articles."""

    def as_of(self, moment: datetime | None) -> Self:
        """Versions that were there at `moment` (aware; see `versions_known`); None: all."""
        return self if moment is None else self.filter(versions_known(moment))

    def latest_of_each(self) -> Self:
        """Only the newest version of each article."""
        later = ArticleVersion.objects.filter(
            article=OuterRef("article"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))


class ArticleVersion(models.Model):
    """The text as it stood when it was fetched. The database refuses updates and deletes.

    But for a removal on legal request, which blacks the words out (see removal_models.py).
    """

    class Edit(models.TextChoices):
        """How a version came of the one before."""

        FIRST = "", gettext_lazy("not compared")
        CORRECTION = "correction", gettext_lazy("changed, with a correction")
        NOTICED = "noticed", gettext_lazy("changed, and says so")
        SLIGHT = "slight", gettext_lazy("slightly reworded")
        STEALTH = "stealth", gettext_lazy("changed without a notice")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    fetched_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64, help_text="Of the UTF-8 text.")
    title = models.CharField(max_length=500)
    text = models.TextField()
    raw = models.BinaryField(null=True, help_text="The bytes as received, zlib-compressed.")
    raw_sha256 = models.CharField(max_length=64, blank=True, default="")
    edit = models.CharField(max_length=10, choices=Edit.choices, blank=True, default=Edit.FIRST)
    edit_note = models.CharField(
        max_length=300, blank=True, default="", help_text="The notice; without one, what changed."
    )

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="version_sha256_hex"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="version_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.article} (version {self.number})"

    @property
    def known_at(self) -> datetime:
        """When its words were there to be read (aware UTC; see `versions_known`)."""
        return self.article.known_at if self.number == 1 else self.fetched_at


class Signature(models.Model):
    """By which a version's text is looked up: marks (`copies.marks`) for copies, terms for the same happening.

    Terms are `coverage.terms` of headline and text.
    """

    version = models.OneToOneField(
        ArticleVersion, primary_key=True, on_delete=models.CASCADE, related_name="signature"
    )
    marks = ArrayField(models.IntegerField())
    terms = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [GinIndex(fields=["marks"], name="signature_marks")]

    def __str__(self) -> str:
        return f"{self.version}: {len(self.marks)} marks"


class IntakeBatch(models.Model):
    """What one call of `manage.py ingest`, one feed poll or one upload brought in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    key = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="Of what it is made from, if it can be gone on with.",
    )
    complete = models.BooleanField(default=True, help_text="Everything was written down.")

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "intake batches"
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(complete=False), name="intakebatch_cut_off_once"
            )
        ]

    def __str__(self) -> str:
        return self.label


class IntakeItem(StageRun):
    """One thing that came in, before it is an article: nothing is lost, failures are told."""

    class Outcome(models.TextChoices):
        PENDING = "", "not decided yet"
        NEW = "new", "new article"
        UPDATED = "updated", "new version of an article"
        UNCHANGED = "unchanged", "known already"
        COPY = "copy", "new article, copy of a known story"
        GONE = "gone", "known, no longer at its address"
        REFUSED = "refused", "not an article"

    batch = models.ForeignKey(IntakeBatch, on_delete=models.CASCADE, related_name="items")
    feed = models.ForeignKey(Feed, null=True, blank=True, on_delete=models.SET_NULL)
    label = models.CharField(max_length=2000, help_text="Path, address or line: names the item.")
    url = models.CharField(max_length=2000, blank=True, default="")
    content_type = models.CharField(max_length=100, blank=True, default="")
    raw = models.BinaryField(null=True, help_text="Bytes as received; null: still to be fetched.")
    title = models.CharField(max_length=500, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    published_precision = models.CharField(max_length=8, blank=True, default="")
    source_name = models.CharField(max_length=200, blank=True, default="")
    project_written = models.BooleanField(default=False)
    key = models.CharField(
        max_length=64, blank=True, default="", help_text="Of label and content, in its batch."
    )
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.PENDING, blank=True
    )
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="intake_items"
    )
    version = models.ForeignKey(
        ArticleVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    told = models.JSONField(
        default=dict,
        blank=True,
        help_text="What it says otherwise than the article: {field: value}.",
    )

    outcome_fields = ("outcome", "version", "article", "error", "told")
    # Of the answer it was read from; not kept with the item but with the visits planned (see plan.py).
    validators: Mapping[str, str] = {}

    class Meta(StageRun.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "key"], condition=~Q(key=""), name="intakeitem_once_in_batch"
            )
        ]

    def __str__(self) -> str:
        return self.label
