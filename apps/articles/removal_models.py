"""The removal of an article on legal request: what stays of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Removal(models.Model):
    """An article's words were removed: why, when and by whom. The database refuses updates and deletes.

    It is what lets the database black out the words of versions, decisions and the history, which are
    immutable otherwise: in the transaction that writes this row, and only into blocks.
    """

    article = models.OneToOneField(
        "articles.Article", on_delete=models.PROTECT, related_name="removal"
    )
    at = models.DateTimeField(
        default=timezone.now, help_text="Set by the database: its transaction's time."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_label = models.CharField(
        max_length=100, blank=True, default="", help_text="Who, where it was no user."
    )
    reason = models.TextField(help_text="Who asked for it, and on what ground.")
    texts = ArrayField(
        models.CharField(max_length=64),
        default=list,
        help_text="SHA-256 of its texts and bytes: they are not taken in again.",
    )

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | ~Q(by_label=""), name="removal_has_author"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="removal_has_reason"),
        ]

    def __str__(self) -> str:
        return f"removal of article {self.article_id}"
