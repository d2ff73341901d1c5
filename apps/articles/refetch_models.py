"""The visits by which the page of an article is fetched again."""

from typing import Any

from django.db import models
from django.db.models import Q

from apps.core.stages import StageRun


class Refetch(StageRun):
    """One visit to the page of an article, planned when it was first fetched (see plan.py)."""

    class Outcome(models.TextChoices):
        PENDING = "", "not decided yet"
        UNCHANGED = "unchanged", "the same as before"
        READ = "read", "handed to the intake"
        GONE = "gone", "no longer at its address"
        ELSEWHERE = "elsewhere", "its address leads elsewhere"
        REFUSED = "refused", "the server does not give it"
        SKIPPED = "skipped", "a later visit was due as well"

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="refetches"
    )
    number = models.PositiveSmallIntegerField(help_text="Of the plan's visits, from 1.")
    etag = models.CharField(max_length=400, blank=True, default="")
    last_modified = models.CharField(max_length=100, blank=True, default="")
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.PENDING, blank=True
    )
    raw_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="Of the bytes received; empty for none."
    )
    item = models.ForeignKey(
        "articles.IntakeItem",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="refetches",
        help_text="What the intake was given, and what became of it.",
    )

    class Meta(StageRun.Meta):
        ordering = ["-id"]
        verbose_name_plural = "refetches"
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="refetch_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="refetch_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"visit {self.number} to {self.article}"

    def conditions(self) -> dict[str, Any]:
        """Headers that let the server answer 304 where nothing changed."""
        marks = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in marks.items() if value}
