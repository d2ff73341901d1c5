"""Views that readers keep under a name, and the e-mails about them."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.stages import StageRun


def new_token() -> str:
    """Return a secret that nobody guesses: who has it may read the view it stands for."""
    return secrets.token_urlsafe(24)


class SavedView(models.Model):
    """A view that somebody keeps under a name, and what they want to be told of it by e-mail.

    `query` is the view's own query string (Filters.query()); it follows the timeline as it grows.
    """

    class Digest(models.TextChoices):
        NEVER = "", "no e-mail"
        DAILY = "daily", "once a day"
        WEEKLY = "weekly", "once a week"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    timeline = models.ForeignKey(
        "timelines.Timeline", on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True, default="")
    token = models.CharField(
        max_length=64, unique=True, default=new_token, editable=False, help_text="For its feed."
    )
    created_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=6, choices=Digest.choices, blank=True, default="")
    digested_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Told when the index of the timeline goes above it, and when it comes back below.
    threshold = models.PositiveSmallIntegerField(null=True, blank=True)
    above = models.BooleanField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["timeline", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "timeline", "name"],
                name="saved_view_name_once",
                violation_error_message="You keep another view of this timeline under that name.",
            ),
            models.CheckConstraint(
                condition=Q(digest__in=["", "daily", "weekly"]), name="saved_view_digest_known"
            ),
            models.CheckConstraint(
                condition=Q(threshold__isnull=True) | Q(threshold__gte=1, threshold__lte=99),
                name="saved_view_threshold_1_to_99",
                violation_error_message="The index goes from 0 to 100: choose from 1 to 99.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Notice(StageRun):
    """An e-mail about a saved view, from when there is something to tell until it is sent.

    It is written in the transaction that finds out, and sent by whichever worker claims it; `until` is the
    moment up to which it tells.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "what changed"
        ABOVE = "above", "index went above the threshold"
        BELOW = "below", "index came back below the threshold"

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    until = models.DateTimeField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=~Q(status="done"), name="notice_to_be_sent"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["view", "kind", "until"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["digest", "above", "below"]), name="notice_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.until:%Y-%m-%d %H:%M}"
