"""Sources and feeds in the admin."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from apps.core.kept_admin import KeptAdmin
from apps.core.reading_admin import ReadingAdmin, Undeletable
from apps.core.stages import wake
from apps.sources.models import Feed, FeedPoll, Source


class FeedInline(admin.TabularInline):
    """The source's feeds."""

    model = Feed
    extra = 0
    fields = ("url", "kind", "active", "interval_minutes", "next_due", "failures", "last_success")
    readonly_fields = ("next_due", "failures", "last_success")
    can_delete = False


@admin.register(Source)
class SourceAdmin(Undeletable, KeptAdmin):
    """Publishers and how far they are trusted."""

    list_display = ("name", "kind", "country", "reliability", "domain", "wire_family")
    list_filter = ("kind", "reliability", "wire_family", "country")
    search_fields = ("name", "slug", "domain")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (FeedInline,)

    def save_model(
        self, request: HttpRequest, obj: Source, form: forms.ModelForm, change: bool
    ) -> None:
        """Bring a lowered rating to what rests on the source."""
        super().save_model(request, obj, form, change)
        if change and "reliability" in form.changed_data:
            wake("events.propagate_waiting")


@admin.register(Feed)
class FeedAdmin(Undeletable, KeptAdmin):
    """Addresses that are polled."""

    list_display = ("url", "source", "kind", "active", "next_due", "failures", "last_success")
    list_filter = ("active", "kind")
    list_select_related = ("source",)
    search_fields = ("url", "source__name")
    autocomplete_fields = ("source",)
    readonly_fields = ("etag", "last_modified", "failures", "last_error", "last_success")


@admin.register(FeedPoll)
class FeedPollAdmin(ReadingAdmin):
    """When which feed answered."""

    list_display = ("feed", "at", "ok", "items", "error")
    list_filter = ("ok",)
    list_select_related = ("feed",)
    search_fields = ("feed__url", "error")
    date_hierarchy = "at"
