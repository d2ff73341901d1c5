"""Admin classes for rows that are read there and never written by hand."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest


class Unwritable:
    """Refuses adding, changing and deleting: the database or a stage owns these rows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one by hand."""
        return False


class ReadingAdmin(Unwritable, admin.ModelAdmin):
    """A model that is only looked at."""


class StageAdmin(ReadingAdmin):
    """Rows of a stage: looked at, and done again after what stopped or misled them was mended."""

    actions = ("do_again",)

    def has_release_permission(self, request: HttpRequest) -> bool:
        """Whoever may change the model may let its rows be tried again."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    @admin.action(description="Do again from the start", permissions=["release"])
    def do_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Set the chosen rows waiting with fresh attempts, which is logged; the next sweep takes them."""
        with transaction.atomic():
            rows = list(queryset.ended())  # type: ignore[attr-defined]
            released = queryset.release()  # type: ignore[attr-defined]
            if rows:
                LogEntry.objects.log_actions(
                    str(request.user.pk), rows, CHANGE, "Done again from the start."
                )
        self.message_user(
            request,
            f"{released} will be done again within a minute."
            if released
            else "Nothing to do again: these are waiting or running already.",
            messages.SUCCESS if released else messages.WARNING,
        )


class ReadingInline(Unwritable, admin.TabularInline):
    """Rows that are only looked at, inside their parent's page."""

    extra = 0
    show_change_link = True


class Undeletable:
    """Refuses deleting: the row is turned down or switched off instead, and stays in the history."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one."""
        return False
