"""The history: every change of what editors keep, recorded by the database itself (see history.py)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes."""

    def of(self, table: str, pk: int) -> Self:
        """Changes of a row, of what belongs to it, and of what was moved away from it."""
        return self.filter(self.within(table, pk))

    def within(self, table: str, pk: int) -> Q:
        """Return the condition of of()."""
        return (
            Q(table=table, row_id=pk)
            | Q(owner_table=table, owner_id=pk)
            | Q(owner_table=table, former_owner_id=pk)
        )


class Change(models.Model):
    """One row of a watched table was inserted, updated or deleted. The database refuses updates and deletes.

    Written by triggers, so that bulk and SQL changes are in it too. An inserted row stands in `after`, a
    deleted one in `before`; of an updated row both hold only the columns that changed.
    """

    class Op(models.TextChoices):
        INSERT = "I", "added"
        UPDATE = "U", "changed"
        DELETE = "D", "removed"

    at = models.DateTimeField()
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    owner_table = models.CharField(max_length=63, help_text="In whose history it stands.")
    owner_id = models.BigIntegerField()
    former_owner_id = models.BigIntegerField(
        null=True, blank=True, help_text="Whose it was, where the row was moved."
    )
    op = models.CharField(max_length=1, choices=Op.choices)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    who = models.CharField(
        max_length=150, help_text="The user's name, what acted, or the role of the database."
    )
    why = models.TextField(blank=True, default="")
    group = models.CharField(max_length=40, help_text="Changes of one decision share it.")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("export_change", "Can export the history")]
        indexes = [
            models.Index(fields=["owner_table", "owner_id", "-id"], name="change_by_owner"),
            models.Index(
                fields=["owner_table", "former_owner_id", "-id"],
                condition=Q(former_owner_id__isnull=False),
                name="change_by_former_owner",
            ),
            models.Index(fields=["table", "row_id", "-id"], name="change_by_row"),
            models.Index(fields=["group"], name="change_by_group"),
            models.Index(fields=["-at"], name="change_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(op="I", before__isnull=True, after__isnull=False)
                | Q(op="U", before__isnull=False, after__isnull=False)
                | Q(op="D", before__isnull=False, after__isnull=True),
                name="change_holds_its_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} {self.get_op_display()} by {self.who}"
