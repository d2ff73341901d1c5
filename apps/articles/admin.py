"""Articles, their versions and what came in, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.articles.ingest import check_again
from apps.articles.models import Article, ArticleVersion, IntakeBatch, IntakeItem, Story
from apps.core.reading_admin import ReadingAdmin, ReadingInline, StageAdmin, Undeletable
from apps.core.stages import wake

# Of one press of the button.
MOST_CHECKED = 200


class VersionInline(ReadingInline):
    """The versions of an article, as they were fetched."""

    model = ArticleVersion
    fields = ("number", "fetched_at", "title", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the bytes in the database."""
        return super().get_queryset(request).defer("raw", "text")


class ArticleForm(forms.ModelForm):
    """An article, which an editor may say was taken back."""

    def clean(self) -> dict[str, Any]:
        """A retraction has its time and its reason, and both are over when it is lifted."""
        values = super().clean() or {}
        when, note = values.get("retracted_at"), values.get("retraction_note", "").strip()
        if when and when > timezone.now():
            self.add_error("retracted_at", "This lies in the future.")
        if when and not note:
            self.add_error("retraction_note", "Say who took it back and what they say about it.")
        if note and not when:
            self.add_error("retracted_at", "Say when it was taken back, or empty the note.")
        return values


@admin.register(Article)
class ArticleAdmin(Undeletable, admin.ModelAdmin):
    """Articles: their date, source and retraction may be corrected, their text never."""

    form = ArticleForm
    list_display = (
        "title", "source", "agency", "published_at", "language", "project_written", "gone_at", "retracted_at",
    )  # fmt: skip
    list_filter = (
        ("retracted_at", admin.EmptyFieldListFilter), ("gone_at", admin.EmptyFieldListFilter),
        "project_written", "language", "agency", "published_precision", "source",
    )  # fmt: skip
    list_select_related = ("source",)
    search_fields = ("title", "url", "canonical_url")
    autocomplete_fields = ("source", "story")
    date_hierarchy = "published_at"
    readonly_fields = (
        "url", "canonical_url", "first_seen_at", "published_how", "project_written", "gone_at",
        "lineage", "copied_share",
    )  # fmt: skip
    actions = ("fetch_again",)
    inlines = (VersionInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Articles come in through `manage.py ingest` and the feeds."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool
    ) -> None:
        """Bring a retraction, or its end, to what rests on the article."""
        super().save_model(request, obj, form, change)
        if "retracted_at" in form.changed_data:
            wake("events.propagate_waiting")

    @admin.action(description="Check again at their addresses", permissions=["change"])
    def fetch_again(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Queue the pages to be fetched anew; what changed or is gone reaches the review desk."""
        chosen = list(queryset.order_by("pk")[: MOST_CHECKED + 1])
        if len(chosen) > MOST_CHECKED:
            told = f"Choose at most {MOST_CHECKED} articles: each is a request to its publisher."
            self.message_user(request, told, messages.ERROR)
            return
        batch = check_again(chosen, label=f"checked again by {request.user}")
        count = batch.items.count()
        self.message_user(
            request,
            f"{count} of {len(chosen)} will be fetched within a minute; the rest have no web address.",
            messages.SUCCESS if count else messages.WARNING,
        )


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
    fields = ("title", "source", "agency", "published_at", "lineage", "copied_share")

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
