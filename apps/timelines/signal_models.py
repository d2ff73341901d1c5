"""What is counted of signals, and whether the counts are exact."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.signals.models import SignalSource


class Dim(models.IntegerChoices):
    """What signals are counted by."""

    ALL = 0, "all in scope"
    LANE = 1, "by dyad"
    ACTOR = 2, "by actor with who acts for it"
    PLACE = 3, "by place"


class Grain(models.IntegerChoices):
    """How long the periods are."""

    DAY = 0, "day"
    WEEK = 1, "week from Monday"
    MONTH = 2, "month"


class SignalCount(models.Model):
    """How many signals of a class begin within a day, week or month; kept exact by signal_counts.py.

    `value` is the pk of a dyad, an actor or a place, 0 for none; `kind` a class by number (see
    signals/formats/row.py).
    """

    pk = models.CompositePrimaryKey(
        "timeline_id", "dim", "value", "grain", "period", "kind", "source_id"
    )
    timeline = models.ForeignKey(
        "timelines.Timeline",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    source = models.ForeignKey(
        SignalSource,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    dim = models.SmallIntegerField(choices=Dim.choices)
    value = models.IntegerField()
    grain = models.SmallIntegerField(choices=Grain.choices)
    period = models.DateField(help_text="Its first day.")
    kind = models.SmallIntegerField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return (
            f"{self.timeline_id} {self.get_dim_display()} {self.value} {self.period}: {self.count}"
        )


class SignalRun(models.Model):
    """That the signals of a timeline are counted: exact while no touch of a rule but these is seen."""

    timeline = models.OneToOneField(
        "timelines.Timeline", on_delete=models.CASCADE, related_name="signal_run"
    )
    version = models.UUIDField(default=uuid.uuid4, help_text="Changes with every count.")
    seen = ArrayField(models.BigIntegerField(), default=list, help_text="Touches.")

    def __str__(self) -> str:
        return f"{self.timeline_id}, {self.version}"
