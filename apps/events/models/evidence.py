"""Why an event is believed, and where a row stands between proposal and public page."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from apps.annotations.models import Candidate
from apps.articles.models import ArticleVersion, versions_known
from apps.events.models.event import Event, event_known


class Standing(models.TextChoices):
    """Where a row stands between the machine's proposal and the public page."""

    PROPOSED = "proposed", "proposed"
    PUBLISHED = "published", "published"
    REJECTED = "rejected", "rejected"


class PublicQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows with a standing that hang on an event."""

    def public(self) -> Self:
        """Rows that anybody may see, as of now."""
        return self.as_of(None)

    def as_of(self, moment: datetime | None) -> Self:
        """Rows published themselves on a published event, both known at `moment` (aware); None: as of now."""
        rows = self.filter(event_known(moment, "event"), standing=Standing.PUBLISHED)
        return rows if moment is None else rows.filter(known_at__lte=moment)


def sentence_known(moment: datetime, evidence: str = "") -> Q:
    """A condition on rows: the sentence that they rest on (by the path `evidence`) was there at `moment`.

    No row can have been known before the article version that says it, whatever its own time tells: a report
    may look back on words that were said long before it. Rows that rest on no sentence pass.
    """
    version = f"{evidence}__article_version" if evidence else "article_version"
    return Q(**{f"{version}__isnull": True}) | versions_known(moment, version)


class EvidenceQuerySet(PublicQuerySet):
    """Evidence."""

    def as_of(self, moment: datetime | None) -> Self:
        """See PublicQuerySet; its sentence was there by then, too."""
        rows = super().as_of(moment)
        return rows if moment is None else rows.filter(sentence_known(moment))


class Evidence(models.Model):
    """Why an event is believed: a span of an article version, or a cited source."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", pgettext_lazy("evidence", "supports")
        CONTRADICTS = "contradicts", pgettext_lazy("evidence", "contradicts")
        MENTIONS = "mentions", pgettext_lazy("evidence", "mentions")

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
    carries = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text="Agency whose text the cited page carries, e.g. AP: two such pages are one report.",
    )
    published_on = models.DateField(null=True, blank=True)
    known_at = models.DateTimeField(help_text="When it was reported.")
    replaced_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaces",
        help_text="What the same article says instead since a later version; both stay to be seen.",
    )
    match_score = models.FloatField(null=True, blank=True)
    why = models.TextField(blank=True, default="", help_text="Why it was attached here.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["known_at", "id"]
        verbose_name_plural = "evidence"
        indexes = [
            models.Index(
                fields=["event"], condition=Q(standing="proposed"), name="evidence_proposed"
            ),
        ]
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
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex=r"^https?://"), name="evidence_url_is_web"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="evidence_standing_known"
            ),
            models.CheckConstraint(
                condition=Q(stance__in=["supports", "contradicts", "mentions"]),
                name="evidence_stance_known",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["machine", "editor", "dossier"]),
                name="evidence_origin_known",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                name="evidence_replaced_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.quote[:120] or self.url
