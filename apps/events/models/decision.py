"""What was decided about events, and the stage that brings the machine's readings to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.annotations.models import Annotation
from apps.core.stages import StageRun, StageStatus
from apps.events.models.event import Event


class Decision(models.Model):
    """Who decided what about an event, and why. The database refuses updates and deletes."""

    class Action(models.TextChoices):
        LOAD = "load", gettext_lazy("loaded from a dossier")
        PROPOSE = "propose", gettext_lazy("proposed by the machine")
        PUBLISH = "publish", gettext_lazy("published")
        REJECT = "reject", gettext_lazy("rejected")
        MERGE = "merge", gettext_lazy("merged")
        ATTACH = "attach", gettext_lazy("evidence or claim published")
        DETACH = "detach", gettext_lazy("evidence or claim rejected")
        EDIT = "edit", gettext_lazy("edited")
        REOPEN = "reopen", gettext_lazy("reopened")
        SPLIT = "split", gettext_lazy("split")
        CORRECT = "correct", gettext_lazy("corrected after a changed source")
        UNDO = "undo", gettext_lazy("undone")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_label = models.CharField(
        max_length=100, blank=True, default="", help_text="Who, where it was no user: pipeline ..."
    )
    action = models.CharField(max_length=8, choices=Action.choices)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    group = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_index=True,
        help_text="The changes of the history that this decision made (see core.Change).",
    )
    undoes = models.CharField(
        max_length=40,
        blank=True,
        default="",
        help_text="The group of the decision that this one takes back.",
    )
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at"], name="decision_by_time"),
            models.Index(fields=["undoes"], condition=~Q(undoes=""), name="decision_undoes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | ~Q(by_label=""), name="decision_has_author"
            ),
            models.CheckConstraint(
                condition=~Q(action="reject") | ~Q(reason=""), name="decision_reject_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(action="undo") | Q(undoes=""), name="decision_undoes_only_as_undo"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.by or self.by_label}, {self.at:%Y-%m-%d}"


class Assembly(StageRun):
    """The stage that turns one annotation into evidence, claims and proposals."""

    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="assembly")
    attached = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(
        default=list, blank=True, help_text="What became nothing, and why: [{event, reason}]."
    )

    class Meta(StageRun.Meta):
        ordering = ["-id"]
        verbose_name_plural = "assemblies"

    def __str__(self) -> str:
        return f"assembly of {self.annotation}"

    @classmethod
    def not_begun(cls) -> models.QuerySet[Annotation]:
        """Of the newest readings that are done, those that nothing was made of yet."""
        newest = Annotation.objects.order_by("-pk").values("pk")[: settings.PIPELINE_NEWEST]
        done = Annotation.objects.filter(pk__in=newest, status=StageStatus.DONE)
        return done.filter(assembly__isnull=True).order_by()
