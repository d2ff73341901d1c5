"""Sources and feeds in the admin."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.kept_admin import KeptAdmin
from apps.core.reading_admin import ReadingAdmin, Undeletable
from apps.core.stages import wake
from apps.sources import health
from apps.sources.feed_admin import FeedAdmin
from apps.sources.models import Feed, FeedPoll, Host, ListedEntry, Source

__all__ = ["FeedAdmin", "FeedPollAdmin", "ListedEntryAdmin", "SourceAdmin"]


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

    list_display = ("name", "feeds_told", "kind", "country", "reliability", "domain", "wire_family")
    list_filter = ("kind", "reliability", "wire_family", "country")
    search_fields = ("name", "slug", "domain")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (FeedInline,)

    class Media:
        css = {"all": ("admin/feeds.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Return sources with the number of their feeds: all, those on, those in trouble."""
        states = Feed.objects.with_health(timezone.now()).doing(*health.TROUBLE)
        troubled = (
            states.filter(source=OuterRef("pk")).order_by().values("source").annotate(n=Count("pk"))
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                all_feeds=Count("feeds"),
                on=Count("feeds", filter=Q(feeds__active=True)),
                trouble=Subquery(troubled.values("n")),
            )
        )

    @admin.display(description="Feeds", ordering="on")
    def feeds_told(self, source: Source) -> SafeString | str:
        """How many feeds are on, and how many of these need somebody."""
        counted = cast(Any, source)
        if not counted.all_feeds:
            return "–"
        told = f"{counted.on} of {counted.all_feeds} on"
        if not counted.trouble:
            return told
        return format_html(
            '{} <span class="feed-badge feed-failing">{} in trouble</span>', told, counted.trouble
        )

    def save_model(
        self, request: HttpRequest, obj: Source, form: forms.ModelForm, change: bool
    ) -> None:
        """Bring a lowered rating to what rests on the source."""
        super().save_model(request, obj, form, change)
        if change and "reliability" in form.changed_data:
            wake("events.propagate_waiting")


@admin.register(Host)
class HostAdmin(ReadingAdmin):
    """Servers that are asked for pages, and what they ask of us."""

    list_display = ("name", "next_at", "asks_for", "robots_at", "note")
    search_fields = ("name",)
    show_full_result_count = False

    @admin.display(description="Crawl-delay", ordering="delay_seconds")
    def asks_for(self, host: Host) -> str:
        """The pause that its robots.txt asks for, beside that of the settings."""
        return f"{host.delay_seconds:g} s" if host.delay_seconds else "–"


@admin.register(FeedPoll)
class FeedPollAdmin(ReadingAdmin):
    """When which feed answered."""

    list_display = ("feed", "at", "ok", "items", "fresh", "error")
    list_filter = ("ok",)
    list_select_related = ("feed",)
    search_fields = ("feed__url", "error")
    date_hierarchy = "at"


@admin.register(ListedEntry)
class ListedEntryAdmin(ReadingAdmin):
    """What feeds listed."""

    list_display = ("title", "feed", "author", "agency", "language", "published_at", "listed_at")
    list_filter = ("language", "feed__source")
    list_select_related = ("feed",)
    search_fields = ("title", "url", "guid", "author", "agency")
    date_hierarchy = "listed_at"
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListedEntry]:
        """Leave the long texts in the database where a list is shown."""
        return super().get_queryset(request).defer("summary", "categories")
