"""Admin classes for rows that are read there and never written by hand."""

from typing import Any

from django.contrib import admin
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


class ReadingInline(Unwritable, admin.TabularInline):
    """Rows that are only looked at, inside their parent's page."""

    extra = 0
    show_change_link = True


class Undeletable:
    """Refuses deleting: the row is turned down or switched off instead, and stays in the history."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one."""
        return False
