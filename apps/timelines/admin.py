"""Timelines in the admin, with their lanes, pins and exclusions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from apps.core.kept_admin import KeptAdmin
from apps.core.reading_admin import ReadingAdmin, StageAdmin, Undeletable
from apps.core.stages import wake
from apps.timelines.models import (
    DayRollup,
    DossierRecord,
    Dyad,
    Membership,
    Notice,
    Snapshot,
    Timeline,
)


class DyadInline(admin.TabularInline):
    """The swim lanes."""

    model = Dyad
    extra = 0
    autocomplete_fields = ("side_a", "side_b")


class MembershipInline(admin.TabularInline):
    """Pins and exclusions."""

    model = Membership
    extra = 0
    autocomplete_fields = ("event",)


@admin.register(Timeline)
class TimelineAdmin(Undeletable, KeptAdmin):
    """Dossiers: period, scope, lanes."""

    list_display = ("title", "code", "start", "end", "published", "formula_version")
    list_filter = ("published",)
    search_fields = ("title", "slug", "code")
    autocomplete_fields = ("actors", "places", "feeds")
    fieldsets = (
        (None, {"fields": ("title", "slug", "code", "description", "licence", "published")}),
        (
            "When",
            {
                "fields": (("start", "end"), ("focus_start", "focus_end")),
                "description": "First and last day; the focus is what opens first.",
            },
        ),
        (
            "What belongs to it",
            {
                "fields": ("actors", "places"),
                "description": "An event belongs to it that shares a day with it and has one of these actors, "
                "or of those who act for them, or happened in one of these places. Pins and exclusions below "
                "are stronger.",
            },
        ),
        ("Where news of it comes from", {"fields": ("feeds",)}),
        ("Index", {"fields": ("formula_version", "reason")}),
    )
    prepopulated_fields = {"slug": ("title",)}
    date_hierarchy = "start"
    inlines = (DyadInline, MembershipInline)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Count the days again once period, scope and pins are saved."""
        super().save_related(request, form, formsets, change)
        wake("timelines.refresh_waiting")


@admin.register(Dyad)
class DyadAdmin(KeptAdmin):
    """Swim lanes of all timelines."""

    list_display = ("label", "timeline", "position", "slug")
    list_filter = ("timeline",)
    list_select_related = ("timeline",)
    search_fields = ("label", "slug")
    autocomplete_fields = ("timeline", "side_a", "side_b")


@admin.register(Membership)
class MembershipAdmin(KeptAdmin):
    """Pins and exclusions of all timelines. The reason is a column of theirs."""

    form = forms.ModelForm
    list_display = ("event", "timeline", "kind", "reason")
    list_filter = ("timeline", "kind")
    list_select_related = ("event", "timeline")
    search_fields = ("event__title", "event__public_id", "reason")
    autocomplete_fields = ("timeline", "event")


@admin.register(DayRollup)
class DayRollupAdmin(ReadingAdmin):
    """What charts are drawn from; kept by the timelines themselves."""

    list_display = ("timeline", "day", "quad", "events", "severity")
    list_filter = ("timeline", "quad")
    list_select_related = ("timeline",)
    date_hierarchy = "day"


@admin.register(Snapshot)
class SnapshotAdmin(ReadingAdmin):
    """Sealed copies."""

    list_display = ("timeline", "created_at", "formula_version", "sha256")
    list_filter = ("timeline", "formula_version")
    list_select_related = ("timeline",)
    search_fields = ("sha256",)
    date_hierarchy = "created_at"


@admin.register(DossierRecord)
class DossierRecordAdmin(ReadingAdmin):
    """What the loader last wrote for each item of a dossier."""

    list_display = ("dossier", "model", "key", "loaded_at")
    list_filter = ("dossier", "model")
    search_fields = ("key",)
    date_hierarchy = "loaded_at"


@admin.register(Notice)
class NoticeAdmin(StageAdmin):
    """E-mails about saved views: whether they went out. Whose, and what they say, is nobody else's."""

    list_display = ("kind", "status", "attempts", "error", "created_at", "next_try_at")
    list_filter = ("status", "kind")
    fields = (
        "kind",
        "until",
        "status",
        "attempts",
        "error",
        "created_at",
        "next_try_at",
        "finished_at",
    )
    date_hierarchy = "created_at"
