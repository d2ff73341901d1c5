"""Double coding: how far two editors agree who did not see each other's coding."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.events.models.event import Event


class SecondCoding(models.Model):
    """A published proposal coded again by a second editor who did not see the first coding.

    The database refuses changes once it is coded.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="second_codings")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    coded_at = models.DateTimeField(null=True, blank=True)
    first = models.JSONField(
        default=dict, blank=True, help_text="The event's values when it was coded, field -> value."
    )
    second = models.JSONField(
        default=dict, blank=True, help_text="The second coder's, field -> value."
    )

    class Meta:
        ordering = ["-assigned_at", "-id"]
        indexes = [models.Index(fields=["coded_at"], name="second_coding_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["event", "coder"], name="second_coding_once"),
            models.CheckConstraint(
                condition=Q(coded_at__isnull=True, first={}, second={})
                | Q(coded_at__isnull=False) & ~Q(first={}) & ~Q(second={}),
                name="second_coding_whole",
            ),
        ]

    def __str__(self) -> str:
        when = f"coded {self.coded_at:%Y-%m-%d}" if self.coded_at else "to be coded"
        return f"second coding {self.pk}, {when}"
