"""Articles, their versions and what came in, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from apps.articles.admin_filters import (
    CopiesFilter,
    EditFilter,
    RewrittenFilter,
    TroubleFilter,
    told,
)
from apps.articles.incoming import check_again
from apps.articles.models import (
    Article,
    ArticleVersion,
    IntakeBatch,
    IntakeItem,
    Refetch,
    Removal,
    Story,
)
from apps.core.reading_admin import ReadingAdmin, ReadingInline, StageAdmin, Undeletable
from apps.core.stages import StageStatus, wake

# Of one press of the button.
MOST_CHECKED = 200


class VersionInline(ReadingInline):
    """The versions of an article, as they were fetched."""

    model = ArticleVersion
    fields = ("number", "fetched_at", "title", "edit", "edit_note", "sha256")

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
        "title", "source", "agency", "published_at", "in_story", "in_versions", "marks", "trouble",
    )  # fmt: skip
    list_filter = (
        EditFilter, TroubleFilter, CopiesFilter, RewrittenFilter,
        ("retracted_at", admin.EmptyFieldListFilter), ("gone_at", admin.EmptyFieldListFilter),
        "project_written", "language", "agency", "published_precision", "source",
    )  # fmt: skip
    list_select_related = ("source", "story")
    list_per_page = 50
    search_fields = ("title", "url", "canonical_url", "source__name")
    search_help_text = "Words of the title, the address or the source's name."
    autocomplete_fields = ("source", "story")
    date_hierarchy = "published_at"
    readonly_fields = (
        "url", "canonical_url", "first_seen_at", "published_how", "project_written", "gone_at",
        "lineage", "copied_share", "paraphrase_note", "removed_at",
    )  # fmt: skip
    actions = ("fetch_again",)
    inlines = (VersionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list tells of each: its versions, copies, silent edits and what went wrong last."""
        return told(super().get_queryset(request))

    @admin.display(description="Story", ordering="story_size")
    def in_story(self, article: Article) -> SafeString:
        """The group of copies, and how many they are."""
        size = article.story_size  # type: ignore[attr-defined]
        words = "alone" if size == 1 else f"{size} copies"
        address = reverse("admin:articles_story_change", args=[article.story_id])
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description="Versions", ordering="newest")
    def in_versions(self, article: Article) -> SafeString | str:
        """How many, and the way to what changed between them."""
        newest = article.newest  # type: ignore[attr-defined]
        if (newest or 1) < 2:
            return str(newest or 0)
        address = reverse("article_differences", args=[article.pk])
        return format_html('<a href="{}">{}, compare</a>', address, newest)

    @admin.display(description="Marks")
    def marks(self, article: Article) -> str:
        """What a reader must know of it, in words."""
        found = {
            "removed on legal request": article.removed_at,
            "retracted": article.retracted_at,
            "gone": article.gone_at,
            "changed without a notice": article.stealth,  # type: ignore[attr-defined]
            "rewritten by a program": article.paraphrase_note,
            "sample": article.project_written,
        }
        return ", ".join(word for word, holds in found.items() if holds)

    @admin.display(description="Last went wrong")
    def trouble(self, article: Article) -> SafeString | str:
        """Why its page could not be taken in when it was last tried, with the way to that try."""
        pk, error = article.failed_item, article.failed_why  # type: ignore[attr-defined]
        if pk is None:
            return ""
        address = reverse("admin:articles_intakeitem_change", args=[pk])
        return format_html(
            '<a href="{}">{}</a>', address, Truncator(error or "no reason").chars(90)
        )

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

    list_display = ("article", "number", "fetched_at", "title", "edit", "edit_note")
    list_filter = ("edit",)
    list_select_related = ("article",)
    search_fields = ("title", "article__title", "sha256")
    date_hierarchy = "fetched_at"
    fields = (
        "article", "number", "fetched_at", "edit", "edit_note", "title", "text", "sha256", "raw_sha256",
    )  # fmt: skip

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


@admin.register(IntakeBatch)
class IntakeBatchAdmin(ReadingAdmin):
    """Calls of `manage.py ingest`, feed polls, uploads."""

    list_display = ("label", "created_at")
    search_fields = ("label",)
    date_hierarchy = "created_at"
    fields = ("label", "created_at", "brought")
    readonly_fields = ("brought",)

    @admin.display(description="What it brought")
    def brought(self, batch: IntakeBatch) -> SafeString:
        """Counts by what became of the items, each leading to their list: a batch may hold 100,000."""
        rows = batch.items.order_by().values_list("status", "outcome").annotate(Count("pk"))
        names = dict(StageStatus.choices), dict(IntakeItem.Outcome.choices)
        address = reverse("admin:articles_intakeitem_changelist")
        parts = [
            (
                f"{address}?batch__id__exact={batch.pk}&status__exact={status}&outcome__exact={outcome}",
                f"{count:,} {names[1][outcome] if outcome else names[0][status]}",
            )
            for status, outcome, count in sorted(rows, key=lambda row: -row[2])
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', parts) or format_html("nothing")


@admin.register(IntakeItem)
class IntakeItemAdmin(StageAdmin):
    """Everything that came in, with what became of it."""

    list_display = ("label", "status", "outcome", "article", "attempts", "reason", "finished_at")
    list_filter = ("status", "outcome", "project_written")
    list_select_related = ("article",)
    list_per_page = 50
    search_fields = ("label", "url", "error")
    date_hierarchy = "finished_at"
    exclude = ("raw",)

    @admin.display(description="Reason", ordering="error")
    def reason(self, item: IntakeItem) -> str:
        """Why it stopped or was refused, as far as a list has room for."""
        return Truncator(item.error).chars(160)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let a batch lead to its items."""
        return lookup == "batch__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the bytes in the database."""
        return super().get_queryset(request).defer("raw")


@admin.register(Refetch)
class RefetchAdmin(StageAdmin):
    """The visits by which pages are fetched again, with what they found."""

    list_display = ("article", "number", "status", "outcome", "next_try_at", "attempts", "reason")
    list_filter = ("status", "outcome", "number")
    list_select_related = ("article",)
    list_per_page = 50
    search_fields = ("article__title", "article__url", "error")
    date_hierarchy = "finished_at"
    raw_id_fields = ("article", "item")

    @admin.display(description="Reason", ordering="error")
    def reason(self, visit: Refetch) -> str:
        """Why it failed or led elsewhere."""
        return Truncator(visit.error).chars(160)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the items' bytes in the database."""
        return super().get_queryset(request).defer("item__raw")


@admin.register(Removal)
class RemovalAdmin(ReadingAdmin):
    """Articles that were removed on legal request: who asked, why, and by whom it was done."""

    list_display = ("article_id", "at", "by", "by_label", "reason")
    list_select_related = ("by",)
    search_fields = ("reason", "article__canonical_url")
    date_hierarchy = "at"
