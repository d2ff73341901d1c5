"""Sources and their feeds: where articles come from and how far they are trusted."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy


class Source(models.Model):
    """A publisher; reliability is the Admiralty scale A-F."""

    class Kind(models.TextChoices):
        WIRE = "wire", gettext_lazy("news agency")
        NEWSPAPER = "newspaper", gettext_lazy("newspaper or site")
        BROADCASTER = "broadcaster", gettext_lazy("broadcaster")
        STATE_MEDIA = "state_media", gettext_lazy("state media")
        GOVERNMENT = "government", gettext_lazy("government")
        THINK_TANK = "think_tank", gettext_lazy("think tank")
        OTHER = "other", gettext_lazy("other")

    class Reliability(models.TextChoices):
        A = "A", "A - completely reliable"
        B = "B", "B - usually reliable"
        C = "C", "C - fairly reliable"
        D = "D", "D - not usually reliable"
        E = "E", "E - unreliable"
        F = "F", "F - cannot be judged"

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=200, blank=True, default="", db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    country = models.CharField(max_length=3, default="XXX", help_text="ISO 3166-1 alpha-3.")
    reliability = models.CharField(max_length=1, choices=Reliability.choices, default=Reliability.F)
    wire_family = models.CharField(
        max_length=40, blank=True, default="", help_text="Agency whose text it mostly carries."
    )
    notes = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reliability__in=["A", "B", "C", "D", "E", "F"]),
                name="source_reliability_admiralty",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{3}$"), name="source_country_alpha3"
            ),
            models.UniqueConstraint(
                fields=["domain"], condition=~Q(domain=""), name="source_domain_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds."""

    def due(self, now: datetime) -> Self:
        """Active feeds whose next poll has come."""
        return self.filter(active=True, next_due__lte=now)


class Feed(models.Model):
    """An address that lists a source's new articles."""

    class Kind(models.TextChoices):
        RSS = "rss", gettext_lazy("RSS")
        ATOM = "atom", gettext_lazy("Atom")
        JSON = "json", gettext_lazy("JSON Feed")
        SITEMAP = "sitemap", gettext_lazy("news sitemap")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="feeds")
    url = models.URLField(max_length=1000, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RSS)
    active = models.BooleanField(default=False)
    etag = models.CharField(max_length=400, blank=True, default="")
    last_modified = models.CharField(max_length=100, blank=True, default="")
    interval_minutes = models.PositiveIntegerField(default=30)
    next_due = models.DateTimeField(default=timezone.now, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    last_success = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["source", "url"]
        constraints = [
            models.CheckConstraint(
                condition=Q(interval_minutes__gte=1), name="feed_interval_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.url


class FeedPoll(models.Model):
    """One attempt to read a feed: what the coverage strip counts as alive."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="polls")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    ok = models.BooleanField()
    items = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.feed} at {self.at:%Y-%m-%d %H:%M}"
