"""Articles, their versions and what came in, in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.articles.models import Article, ArticleVersion, IntakeBatch, IntakeItem, Story
from apps.core.reading_admin import ReadingAdmin, ReadingInline, StageAdmin, Undeletable


class VersionInline(ReadingInline):
    """The versions of an article, as they were fetched."""

    model = ArticleVersion
    fields = ("number", "fetched_at", "title", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the bytes in the database."""
        return super().get_queryset(request).defer("raw", "text")


@admin.register(Article)
class ArticleAdmin(Undeletable, admin.ModelAdmin):
    """Articles: their date and source may be corrected, their text never."""

    list_display = ("title", "source", "agency", "published_at", "language", "project_written")
    list_filter = ("project_written", "language", "agency", "published_precision", "source")
    list_select_related = ("source",)
    search_fields = ("title", "url", "canonical_url")
    autocomplete_fields = ("source", "story")
    date_hierarchy = "published_at"
    readonly_fields = ("url", "canonical_url", "first_seen_at", "published_how", "project_written")
    inlines = (VersionInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Articles come in through `manage.py ingest` and the feeds."""
        return False


@admin.register(ArticleVersion)
class ArticleVersionAdmin(ReadingAdmin):
    """Texts as they were fetched: the database refuses changes."""

    list_display = ("article", "number", "fetched_at", "title")
    list_select_related = ("article",)
    search_fields = ("title", "article__title", "sha256")
    date_hierarchy = "fetched_at"
    fields = ("article", "number", "fetched_at", "title", "text", "sha256", "raw_sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the bytes in the database."""
        return super().get_queryset(request).defer("raw")


class ArticleInline(ReadingInline):
    """The copies of a story."""

    model = Article
    fields = ("title", "source", "agency", "published_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With their sources."""
        return super().get_queryset(request).select_related("source")


@admin.register(Story)
class StoryAdmin(ReadingAdmin):
    """Groups of copies."""

    list_display = ("title", "wire_family", "created_at")
    list_filter = ("wire_family",)
    search_fields = ("title",)
    date_hierarchy = "created_at"
    inlines = (ArticleInline,)


class ItemInline(ReadingInline):
    """What a batch brought in."""

    model = IntakeItem
    fields = ("label", "status", "outcome", "article", "error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With their articles, without their bytes."""
        return super().get_queryset(request).select_related("article").defer("raw")


@admin.register(IntakeBatch)
class IntakeBatchAdmin(ReadingAdmin):
    """Calls of `manage.py ingest`, feed polls, uploads."""

    list_display = ("label", "created_at")
    search_fields = ("label",)
    date_hierarchy = "created_at"
    inlines = (ItemInline,)


@admin.register(IntakeItem)
class IntakeItemAdmin(StageAdmin):
    """Everything that came in, with what became of it."""

    list_display = ("label", "status", "outcome", "article", "attempts", "error", "finished_at")
    list_filter = ("status", "outcome", "project_written")
    list_select_related = ("article",)
    search_fields = ("label", "url", "error")
    date_hierarchy = "finished_at"
    exclude = ("raw",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the bytes in the database."""
        return super().get_queryset(request).defer("raw")
