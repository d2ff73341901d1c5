"""Sources and their feeds: where articles come from and how far they are trusted."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy

# Failures in a row after which a feed counts as dead: with the longest pauses about six days.
DEAD_AFTER = 10


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

    def with_health(self, now: datetime) -> Self:
        """Add `health`, one of Feed.Health, as it stands at `now`."""
        health = Feed.Health
        return self.annotate(
            health=Case(
                When(active=False, then=Value(health.OFF)),
                When(Q(gone=True) | Q(failures__gte=DEAD_AFTER), then=Value(health.DEAD)),
                When(failures__gt=0, then=Value(health.FAILING)),
                When(last_success=None, then=Value(health.NEW)),
                When(silent_after__lte=now, then=Value(health.SILENT)),
                default=Value(health.HEALTHY),
                output_field=models.CharField(),
            )
        )

    def with_concern(self) -> Self:
        """Add `concern`, 0 for what is worst, in the order of Feed.Health; `with_health` comes first."""
        order = [When(Q(("health", state)), then=n) for n, state in enumerate(Feed.Health.values)]
        return self.annotate(concern=Case(*order, output_field=models.IntegerField()))

    def doing(self, *states: str) -> Self:
        """Feeds in one of these states; `with_health` comes first."""
        return self.filter(Q(("health__in", states)))


class Feed(models.Model):
    """An address that lists a source's new articles."""

    class Kind(models.TextChoices):
        RSS = "rss", gettext_lazy("RSS")
        ATOM = "atom", gettext_lazy("Atom")
        JSON = "json", gettext_lazy("JSON Feed")
        SITEMAP = "sitemap", gettext_lazy("news sitemap")

    class Health(models.TextChoices):
        DEAD = "dead", "dead"
        FAILING = "failing", "failing"
        SILENT = "silent", "silent"
        NEW = "new", "not read yet"
        HEALTHY = "healthy", "healthy"
        OFF = "off", "off"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="feeds")
    url = models.URLField(max_length=1000, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RSS)
    active = models.BooleanField(default=False)
    etag = models.CharField(max_length=400, blank=True, default="")
    last_modified = models.CharField(max_length=100, blank=True, default="")
    interval_minutes = models.PositiveIntegerField(
        default=30,
        help_text="Minutes between the first polls, doubled by failures; the pace follows the feed.",
    )
    # --- what polling notes; no change that the history keeps ---
    next_due = models.DateTimeField(default=timezone.now, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    last_success = models.DateTimeField(null=True, blank=True)
    title = models.CharField(max_length=300, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    site = models.CharField(max_length=1000, blank=True, default="")
    pace_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes to the next poll, as the feed's news made it."
    )
    per_day = models.FloatField(
        null=True, blank=True, help_text="New entries a day, of the last 30 days."
    )
    last_new = models.DateTimeField(null=True, blank=True)
    silent_after = models.DateTimeField(
        null=True, blank=True, help_text="When no news is much longer than this feed's habit."
    )
    failing_since = models.DateTimeField(null=True, blank=True)
    gone = models.BooleanField(default=False, help_text="The server says that it is gone (410).")
    polling_since = models.DateTimeField(
        null=True, blank=True, help_text="When the poll that is under way began."
    )

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


class Host(models.Model):
    """A server that is asked for pages: whose turn it is, and what it asks of programs."""

    name = models.CharField(max_length=260, unique=True, help_text="With its port, if unusual.")
    busy_until = models.DateTimeField(
        default=timezone.now, help_text="Until when the turn of a worker lasts at most."
    )
    holder = models.UUIDField(null=True, blank=True, help_text="The visit whose turn it is.")
    next_at = models.DateTimeField(
        default=timezone.now, help_text="When the next request may be sent."
    )
    delay_seconds = models.FloatField(
        default=0, help_text="Between two requests, as its robots.txt asks."
    )
    robots = models.TextField("robots.txt", blank=True, default="")
    robots_at = models.DateTimeField("robots.txt read", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(delay_seconds__gte=0), name="host_delay_from_zero")
        ]

    def __str__(self) -> str:
        return self.name


class FeedPoll(models.Model):
    """One attempt to read a feed: what the coverage strip counts as alive."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="polls")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    ok = models.BooleanField()
    items = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0, help_text="Entries never listed before.")
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.feed} at {self.at:%Y-%m-%d %H:%M}"


class FeedDay(models.Model):
    """What a feed's polls of one UTC day came to. A trigger counts them, so that polls can be forgotten."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    ok = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    first_ok = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["feed", "day"], name="feedday_once")]
        indexes = [models.Index(fields=["day"], name="sources_feedday_day")]

    def __str__(self) -> str:
        return f"{self.feed} on {self.day}"


class ListedEntry(models.Model):
    """An entry as a feed listed it first: who wrote it for whom, and by what it is known again."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="listed")
    identity = models.CharField(
        max_length=64, help_text="Digest of guid and title, or of the address."
    )
    url = models.CharField(max_length=2000)
    guid = models.CharField(max_length=1000, blank=True, default="")
    title = models.CharField(max_length=500, blank=True, default="")
    author = models.CharField(max_length=300, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    agency = models.CharField(max_length=200, blank=True, default="")
    categories = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_precision = models.CharField(max_length=8, default="unknown")
    listed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-listed_at", "-id"]
        verbose_name_plural = "listed entries"
        constraints = [models.UniqueConstraint(fields=["feed", "identity"], name="listed_once")]

    def __str__(self) -> str:
        return self.title or self.url
