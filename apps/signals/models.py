"""Signals: events that machines of others coded, kept apart from the curated ones, each with its origin."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.actors.models import Actor
from apps.places.models import Place
from apps.signals.formats.row import KINDS, severity_of

# Words as they are written: names and addresses gain nothing from a grammar.
WORDS = SearchVector("text", config="simple")


class SignalSourceQuerySet(models.QuerySet["SignalSource"]):
    """Sources of signals."""

    def public(self) -> Self:
        """Sources that pages show."""
        return self.filter(public=True)


class SignalSource(models.Model):
    """Who coded the events: a data set that users bring files of."""

    class Kind(models.TextChoices):
        GDELT = "gdelt", "GDELT 2.0 event exports"
        ACLED = "acled", "ACLED exports"
        OWN = "own", "our own CSV"

    id = models.AutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100, help_text="As readers see it.")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    public = models.BooleanField(default=True, help_text="Whether pages show its signals.")
    licence = models.CharField(
        max_length=300, blank=True, default="", help_text="How it wants to be named, and its terms."
    )

    objects = SignalSourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["gdelt", "acled", "own"]), name="signalsource_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SignalFile(models.Model):
    """A file of signals, how far it was read and what came of its lines."""

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(SignalSource, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=300)
    fingerprint = models.CharField(
        max_length=64,
        help_text="Of the whole file; of a stream's first million bytes.",
    )
    lines = models.BigIntegerField(default=0, help_text="Lines that were dealt with so far.")
    new = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0, help_text="Brought before, and not told otherwise.")
    replaced = models.BigIntegerField(default=0, help_text="Brought before; the later word stands.")
    unclassed = models.BigIntegerField(default=0, help_text="PLOVER has no class for them.")
    refused = models.BigIntegerField(default=0)
    faults = ArrayField(
        models.CharField(max_length=400),
        default=list,
        blank=True,
        help_text="The first hundred lines that were refused, with the reason.",
    )
    began_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "fingerprint"], name="signalfile_once")
        ]

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """Who did something, or to whom, as a source names it; which actor that is here, editors may say."""

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(SignalSource, on_delete=models.CASCADE, related_name="parties")
    key = models.CharField(max_length=60, help_text="A code, or a name in lower case.")
    name = models.CharField(max_length=200, blank=True, default="")
    actor = models.ForeignKey(
        Actor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["source", "key"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="party_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.name or self.key} ({self.key})"


class Spot(models.Model):
    """Where something happened, as a source names it; which place that is here, editors may say."""

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(SignalSource, on_delete=models.CASCADE, related_name="spots")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=200, blank=True, default="")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["source", "name"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="spot_once_per_source")
        ]

    def __str__(self) -> str:
        return self.name


class SignalQuerySet(models.QuerySet["Signal"]):
    """Signals."""

    def public(self) -> Self:
        """Signals of the sources that pages show."""
        return self.filter(source__public=True)

    def as_of(self, moment: datetime | None) -> Self:
        """Public signals that their source had told of by `moment` (aware); None: all."""
        found = self.public()
        return found if moment is None else found.filter(known_at__lte=moment)


class Signal(models.Model):
    """One machine-coded event: unchecked, never an event of a timeline, shown behind them.

    `kind` is its class by number (formats/row.py). It keeps the source's latest word alone.
    """

    source = models.ForeignKey(SignalSource, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=60)
    file = models.ForeignKey(
        SignalFile, on_delete=models.CASCADE, related_name="signals", db_index=False
    )
    line = models.IntegerField(help_text="Where in the file.")
    start = models.DateField()
    end = models.DateField()
    precision = models.CharField(max_length=5)
    known_at = models.DateTimeField()
    late = models.BooleanField(help_text="Known more than a day after its first day.")
    kind = models.SmallIntegerField()
    code = models.CharField(max_length=60, help_text="As the source has it.")
    initiator = models.ForeignKey(
        Party, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    target = models.ForeignKey(
        Party, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    spot = models.ForeignKey(
        Spot, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    mentions = models.IntegerField(default=1)
    salience = models.FloatField(help_text="Severity either way, times the order of its mentions.")
    text = models.CharField(max_length=1000, blank=True, default="")
    url = models.CharField(max_length=2000, blank=True, default="")

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="signal_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="signal_in_order"),
            models.CheckConstraint(
                condition=Q(precision__in=["day", "week", "month", "year"]),
                name="signal_precision_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__gte=0, kind__lt=len(KINDS)), name="signal_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["start", "kind"], name="signal_by_day"),
            models.Index(fields=["initiator", "start"], name="signal_by_initiator"),
            models.Index(fields=["target", "start"], name="signal_by_target"),
            models.Index(fields=["spot", "start"], name="signal_by_spot"),
            models.Index(F("salience").desc(), name="signal_by_salience"),
            # What was told late, among much that was told at once: for views as of a day.
            models.Index(
                fields=["known_at"],
                include=["start", "kind", "initiator", "target", "spot", "source"],
                condition=Q(late=True),
                name="signal_late",
            ),
            GinIndex(WORDS, name="signal_words"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"

    @property
    def type(self) -> str:
        """Its class of PLOVER."""
        return KINDS[self.kind][0]

    @property
    def mode(self) -> str:
        """Its mode; empty where it has none."""
        return KINDS[self.kind][1]

    @property
    def severity(self) -> float:
        """How severe its class is: above zero for conflict. No toll, rank or soil is known of it."""
        return severity_of(self.kind)
